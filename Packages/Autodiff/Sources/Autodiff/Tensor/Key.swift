/// A random key: two words of the counter-based generator Threefry-2x32 with 20 rounds (Salmon et al. 2011, Random123).
///
/// A key is a value. The same key always gives the same numbers, on any number of threads; use `split` or `folded` to get
/// independent ones. Bits, uniform and normal numbers are those of `jax.random`.
public struct Key: Module, Sendable {
  /// Bit patterns of the two words, int32 `[2]`.
  public var words: Tensor

  public init(words: Tensor) {
    require(words.spec == TensorSpec([2], .int32), "Key: needs int32[2], got \(words.spec)")
    self.words = words
  }

  public init(seed: UInt64) {
    words = Tensor([Int32(bitPattern: UInt32(seed >> 32)), Int32(bitPattern: UInt32(truncatingIfNeeded: seed))])
  }

  /// `count` independent keys.
  public func split(_ count: Int = 2) -> [Key] {
    let pairs = Tensor.apply(KeyPairs(count: count), [words])
    return (0..<count).map { Key(words: pairs.slice(axis: 0, $0..<$0 + 1).reshaped([2])) }
  }

  /// The key of this key and a number, for instance a step or an index.
  public func folded(_ data: Int) -> Key { folded(Tensor([Int32(truncatingIfNeeded: data)])) }

  /// The key of this key and a number that a program computes (int32, one element).
  public func folded(_ data: Tensor) -> Key {
    require(data.count == 1 && data.dtype == .int32, "folded: needs one int32 element, got \(data.spec)")
    return Key(words: .apply(FoldIn(), [words, data]))
  }

  public mutating func walk(_ walker: inout some Walker) { walker.buffer("words", &words) }
}

extension Tensor {
  /// Independent numbers uniform on [0, 1).
  public static func uniform(_ shape: [Int], key: Key, dtype: DType = .float32) -> Tensor {
    require(dtype.isFloatingPoint, "uniform: \(dtype.rawValue) is not a floating-point dtype; use float32 or float64")
    return apply(RandomUniform(shape: shape, dtype: dtype), [key.words])
  }

  /// Independent standard normal numbers: sqrt(2) erfInverse of a uniform number on (-1, 1).
  public static func normal(_ shape: [Int], key: Key, dtype: DType = .float32) -> Tensor {
    let lowest = dtype == .float32 ? Double((-1 as Float).nextUp) : (-1.0).nextUp
    let centered = maximum(uniform(shape, key: key, dtype: dtype) * (1 - lowest) + lowest, full([], lowest, dtype: dtype))
    return erfInverse(centered) * 1.41421356237309504880
  }

  /// Independent 32-bit patterns, as int32.
  public static func randomBits(_ shape: [Int], key: Key) -> Tensor { apply(RandomBits(shape: shape), [key.words]) }
}
