#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension HostTensor {
  /// Words of key `index` in `[.., 2]`.
  fileprivate func key(_ index: Int) -> Threefry.Key { (word(2 * index), word(2 * index + 1)) }

  fileprivate func word(_ position: Int) -> UInt32 { UInt32(bitPattern: Int32(values[position])) }

  fileprivate var keyCount: Int { spec.count / 2 }

  /// int32 elements with the given bits.
  fileprivate init(_ spec: TensorSpec, words: [UInt32]) { self.init(spec, words.map { Double(Int32(bitPattern: $0)) }) }
}

/// The key of every element and its counter: several keys share the elements, and each counts from 0.
private func counters(_ keys: HostTensor, _ output: TensorSpec) -> [(key: Threefry.Key, index: Int)] {
  let share = output.count / max(keys.keyCount, 1)
  return (0..<output.count).map { (keys.key($0 / share), $0 % share) }
}

extension RandomUniform: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor(output, counters(inputs[0], output).map { Threefry.uniform($0.key, $0.index, dtype) })
  }
}

extension RandomBits: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor(output, words: counters(inputs[0], output).map { Threefry.bits($0.key, $0.index) })
  }
}

extension RandomIntegers: ReferenceRule {
  /// lower + (high 2^32 + low) mod span, where 2^32 mod span is found in 32-bit arithmetic as `jax.random` does.
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let half = 65536 % span
    let multiplier = (half &* half) % span
    let words = counters(inputs[0], output).map { key, index in
      let high = Threefry.bits(Threefry.block(key, 0), index) % span
      let low = Threefry.bits(Threefry.block(key, 1), index) % span
      return UInt32(bitPattern: lower) &+ (high &* multiplier &+ low) % span
    }
    return HostTensor(output, words: words)
  }
}

extension RandomPermutation: ReferenceRule {
  /// Sorted by random bits, again and again until no two elements are likely to have drawn the same in every round.
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let rounds = count > 1 ? Int((3 * log(Double(count)) / log(4_294_967_295)).rounded(.up)) : 0
    let orders = (0..<inputs[0].keyCount).map { index in
      var key = inputs[0].key(index)
      var order = Array(0..<count)
      for _ in 0..<rounds {
        let bits = order.indices.map { Threefry.bits(Threefry.block(key, 1), $0) }
        let places = order.indices.sorted { (bits[$0], $0) < (bits[$1], $1) }
        order = places.map { order[$0] }
        key = Threefry.block(key, 0)
      }
      return order.map(Double.init)
    }
    return HostTensor(output, Array(orders.joined()))
  }
}

extension RandomGamma: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let counters = counters(inputs[0], output)
    return HostTensor(output) { position in
      var stream = UniformStream(key: Threefry.block(counters[position].key, counters[position].index))
      return gamma(inputs[1].values[position], &stream)
    }
  }
}

/// Numbers on (0, 1), without its ends, from counters 0, 1, ... of a key.
private struct UniformStream {
  let key: Threefry.Key
  var counter = 0

  mutating func next() -> Double {
    let (high, low) = Threefry.block(key, counter)
    counter += 1
    return (Double((UInt64(high) << 32 | UInt64(low)) >> 11) + 0.5) / 9_007_199_254_740_992
  }

  /// Box and Muller 1958.
  mutating func nextNormal() -> Double {
    let radius = (-2 * log(next())).squareRoot()
    return radius * cos(2 * .pi * next())
  }
}

/// A gamma number by rejection (Marsaglia and Tsang 2000); a concentration below 1 by G(a) = G(a + 1) U^(1 / a).
private func gamma(_ a: Double, _ stream: inout UniformStream) -> Double {
  guard a > 0, a < .infinity else { return a == 0 || a == .infinity ? a : .nan }
  if a < 1 {
    let boost = exp(log(stream.next()) / a)
    return boost * gamma(a + 1, &stream)
  }
  let d = a - 1.0 / 3
  while true {
    let x = stream.nextNormal()
    let root = 1 + x / (9 * d).squareRoot()
    if root <= 0 { continue }
    let v = root * root * root
    if log(stream.next()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
  }
}

extension KeyPairs: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let pairs = (0..<inputs[0].keyCount).flatMap { key in (0..<count).map { Threefry.block(inputs[0].key(key), $0) } }
    return HostTensor(output, words: pairs.flatMap { [$0.0, $0.1] })
  }
}

extension FoldIn: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let pairs = (0..<inputs[0].keyCount).map { Threefry.block(inputs[0].key($0), Int(inputs[1].word($0))) }
    return HostTensor(output, words: pairs.flatMap { [$0.0, $0.1] })
  }
}
