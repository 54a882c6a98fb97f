/// Threefry-2x32 with 20 rounds (Salmon et al. 2011), one block at a time.
enum Threefry {
  static func block(key: (UInt32, UInt32), counter: UInt64) -> (UInt32, UInt32) {
    let rotations: [[UInt32]] = [[13, 15, 26, 6], [17, 29, 16, 24]]
    let words = [key.0, key.1, key.0 ^ key.1 ^ 0x1bd1_1bda]
    var x = (UInt32(truncatingIfNeeded: counter >> 32) &+ words[0], UInt32(truncatingIfNeeded: counter) &+ words[1])
    for group in 0..<5 {
      for rotation in rotations[group % 2] {
        x.0 = x.0 &+ x.1
        x.1 = (x.1 << rotation | x.1 >> (32 - rotation)) ^ x.0
      }
      x.0 = x.0 &+ words[(group + 1) % 3]
      x.1 = x.1 &+ words[(group + 2) % 3] &+ UInt32(group + 1)
    }
    return x
  }

  /// 32 bits of counter `index`.
  static func bits(key: (UInt32, UInt32), _ index: Int) -> UInt32 {
    let (high, low) = block(key: key, counter: UInt64(index))
    return high ^ low
  }

  /// Uniform on [0, 1): 23 random bits for float32, 52 for float64.
  static func uniform(key: (UInt32, UInt32), _ index: Int, _ dtype: DType) -> Double {
    let (high, low) = block(key: key, counter: UInt64(index))
    if dtype == .float32 { return Double((high ^ low) >> 9) / 8_388_608 }
    return Double((UInt64(high) << 32 | UInt64(low)) >> 12) / 4_503_599_627_370_496
  }
}

extension HostTensor {
  /// Words of the key at `index` in `[.., 2]`.
  fileprivate func key(_ index: Int) -> (UInt32, UInt32) { (word(2 * index), word(2 * index + 1)) }

  fileprivate func word(_ position: Int) -> UInt32 { UInt32(bitPattern: Int32(values[position])) }

  /// int32 elements with the given bits.
  fileprivate init(_ spec: TensorSpec, words: [UInt32]) { self.init(spec, words.map { Double(Int32(bitPattern: $0)) }) }
}

extension RandomUniform: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor(output) { Threefry.uniform(key: inputs[0].key(0), $0, dtype) }
  }
}

extension RandomBits: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor(output, words: (0..<output.count).map { Threefry.bits(key: inputs[0].key(0), $0) })
  }
}

extension KeyPairs: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor(
      output,
      words: (0..<count).flatMap { index in
        let pair = Threefry.block(key: inputs[0].key(0), counter: UInt64(index))
        return [pair.0, pair.1]
      })
  }
}

extension FoldIn: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let pair = Threefry.block(key: inputs[0].key(0), counter: UInt64(inputs[1].word(0)))
    return HostTensor(output, words: [pair.0, pair.1])
  }
}
