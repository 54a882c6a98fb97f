#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The key of a stream of random numbers that are functions of (key, counter): no state, any order, any machine.
///
/// Threefry-2x64 of 20 rounds: Salmon, Moraes, Dror, Shaw, SC11 (2011).
public struct NoiseKey: Sendable, Hashable {
  public let words: SIMD2<UInt64>

  public init(seed: UInt64) { words = SIMD2(seed, 0) }

  /// The key itself.
  public init(words: SIMD2<UInt64>) { self.words = words }

  /// The key of an independent stream, a different one for every index.
  public func child(_ index: UInt64) -> NoiseKey { NoiseKey(words: bits(SIMD2(index, .max))) }

  /// 128 random bits.
  public func bits(_ counter: SIMD2<UInt64>) -> SIMD2<UInt64> {
    let parity = 0x1BD1_1BDA_A9FC_1A22 ^ words.x ^ words.y
    var (a, b) = (counter.x &+ words.x, counter.y &+ words.y)
    @inline(__always) func mix(_ rotations: SIMD4<UInt64>, _ k0: UInt64, _ k1: UInt64) {
      for round in 0..<4 {
        a = a &+ b
        b = (b &<< rotations[round] | b &>> (64 &- rotations[round])) ^ a
      }
      a = a &+ k0
      b = b &+ k1
    }
    let even = SIMD4<UInt64>(16, 42, 12, 31)
    let odd = SIMD4<UInt64>(16, 32, 24, 21)
    mix(even, words.y, parity &+ 1)
    mix(odd, parity, words.x &+ 2)
    mix(even, words.x, words.y &+ 3)
    mix(odd, words.y, parity &+ 4)
    mix(even, parity, words.x &+ 5)
    return SIMD2(a, b)
  }

  /// Two independent standard normal numbers. Box, Muller, Ann. Math. Stat. 29, 610 (1958).
  public func normals(_ counter: SIMD2<UInt64>) -> (Double, Double) {
    let bits = bits(counter)
    // Uniform on (0, 1], so that the logarithm is finite.
    let radius = (-2 * log(Double(bits.x >> 11 &+ 1) * 0x1p-53)).squareRoot()
    let angle = 2 * Double.pi * (Double(bits.y >> 11) * 0x1p-53)
    return (radius * cos(angle), radius * sin(angle))
  }

  /// Independent standard normal coordinates in the shape of `template`, different for every position.
  @inlinable
  public func normal<Noise: CoordinateSpace>(like template: Noise, at position: UInt64, salt: UInt64 = 0) -> Noise {
    var noise = template
    let count = noise.coordinateCount
    var index = 0
    while index < count {
      let pair = normals(SIMD2(position, salt << 32 | UInt64(index)))
      noise[coordinate: index] = Noise.Scalar(pair.0)
      if index + 1 < count { noise[coordinate: index + 1] = Noise.Scalar(pair.1) }
      index += 2
    }
    return noise
  }
}
