/// Threefry-2x32 with 20 rounds (Salmon et al. 2011), one block at a time.
enum Threefry {
  typealias Key = (UInt32, UInt32)

  /// Both words of a 64-bit counter; they may serve as a key in turn.
  static func block(_ key: Key, _ counter: Int) -> Key {
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

  /// 32 bits of a counter.
  static func bits(_ key: Key, _ counter: Int) -> UInt32 {
    let (high, low) = block(key, counter)
    return high ^ low
  }

  /// Uniform on [0, 1): 23 random bits for float32, 52 for float64.
  static func uniform(_ key: Key, _ counter: Int, _ dtype: DType) -> Double {
    let (high, low) = block(key, counter)
    if dtype == .float32 { return Double((high ^ low) >> 9) / 8_388_608 }
    return Double((UInt64(high) << 32 | UInt64(low)) >> 12) / 4_503_599_627_370_496
  }
}
