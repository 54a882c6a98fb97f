// Random numbers of named distributions. The same key gives the same numbers on any number of threads, and, gamma numbers
// apart, those of `jax.random`.

extension Tensor {
  /// Independent numbers uniform on [lower, upper).
  public static func uniform(_ shape: [Int], lower: Double, upper: Double, key: Key, dtype: DType = .float32) -> Tensor {
    require(lower <= upper, "uniform: lower \(lower) exceeds upper \(upper)")
    return uniform(shape, .full([], lower, dtype: dtype), .full([], upper, dtype: dtype), key)
  }

  private static func uniform(_ shape: [Int], _ lower: Tensor, _ upper: Tensor, _ key: Key) -> Tensor {
    maximum(uniform(shape, key: key, dtype: lower.dtype) * (upper - lower) + lower, lower)
  }

  /// Independent exponential numbers of mean 1.
  public static func exponential(_ shape: [Int], key: Key, dtype: DType = .float32) -> Tensor {
    -log1p(-uniform(shape, key: key, dtype: dtype))
  }

  /// Independent standard Gumbel numbers: -log(-log(u)) of a uniform u.
  public static func gumbel(_ shape: [Int], key: Key, dtype: DType = .float32) -> Tensor {
    let tiniest = dtype == .float32 ? Double(Float.leastNormalMagnitude) : Double.leastNormalMagnitude
    return -log(-log(uniform(shape, lower: tiniest, upper: 1, key: key, dtype: dtype)))
  }

  /// Standard normal numbers conditioned on lying in (lower, upper).
  ///
  /// They invert the error function, which resolves bounds far out on one side only coarsely: in float32 beyond about 5.
  public static func truncatedNormal(
    _ shape: [Int], lower: Double, upper: Double, key: Key, dtype: DType = .float32
  ) -> Tensor {
    require(lower < upper, "truncatedNormal: lower \(lower) must be below upper \(upper)")
    let ends = { (value: Double) in Tensor.full([], value, dtype: dtype) }
    let inside =
      dtype == .float32 ? (Double(Float(lower).nextUp), Double(Float(upper).nextDown)) : (lower.nextUp, upper.nextDown)
    return clamp(truncatedNormal(shape, ends(lower), ends(upper), key), ends(inside.0), ends(inside.1))
  }

  /// Standard normal numbers conditioned on lying in [lower, upper], bounds that broadcast to `shape` and are differentiated.
  public static func truncatedNormal(_ shape: [Int], lower: Tensor, upper: Tensor, key: Key) -> Tensor {
    clamp(truncatedNormal(shape, lower, upper, key), stopGradient(lower), stopGradient(upper))
  }

  private static func truncatedNormal(_ shape: [Int], _ lower: Tensor, _ upper: Tensor, _ key: Key) -> Tensor {
    let rootTwo = 1.41421356237309504880
    return rootTwo * erfInverse(uniform(shape, erf(lower / rootTwo), erf(upper / rootTwo), key))
  }

  /// `true` with the given probabilities, of their shape.
  public static func bernoulli(_ probabilities: Tensor, key: Key) -> Tensor {
    uniform(probabilities.shape, key: key, dtype: probabilities.dtype) .< probabilities
  }

  /// Indices (int32) along the last axis of `logits` `[.., classes]`, drawn with probabilities `softmax(logits)`: the largest
  /// of logits plus Gumbel noise.
  public static func categorical(logits: Tensor, key: Key) -> Tensor {
    require(
      logits.rank >= 1 && logits.dtype.isFloatingPoint && logits.shape[logits.rank - 1] > 0,
      "categorical: needs floating-point logits [.., classes] with at least one class, got \(logits.spec)")
    return (gumbel(logits.shape, key: key, dtype: logits.dtype) + logits).argmax(axis: -1)
  }

  /// Gamma numbers of unit scale: density x^(concentration - 1) e^-x / Gamma(concentration).
  ///
  /// By rejection (Marsaglia and Tsang 2000), each number from a key of its own. Differentiable once with respect to the
  /// concentration, by implicit differentiation (Figurnov, Mohamed and Mnih 2018).
  /// The concentration is positive and broadcasts to `shape`; `dtype` is that of the concentration, if given.
  public static func gamma(_ shape: [Int], concentration: Tensor, key: Key, dtype: DType? = nil) -> Tensor {
    require(
      concentration.dtype.isFloatingPoint && dtype ?? concentration.dtype == concentration.dtype,
      "gamma: needs a floating-point concentration of the wanted dtype, got \(concentration.spec) for \((dtype ?? .float32).rawValue)")
    return apply(RandomGamma(), [key.words, concentration.broadcast(to: shape)])
  }

  /// Independent integers (int32) of a range, all equally likely.
  public static func randomIntegers(_ shape: [Int], in range: Range<Int>, key: Key) -> Tensor {
    require(
      !range.isEmpty && range.count <= UInt32.max && range.lowerBound >= Int32.min && range.upperBound - 1 <= Int32.max,
      "randomIntegers: the range \(range) is empty, or exceeds int32 or 2^32 - 1 integers")
    return apply(RandomIntegers(shape: shape, lower: Int32(range.lowerBound), span: UInt32(range.count)), [key.words])
  }

  /// The numbers 0, ..., n - 1 (int32) in random order.
  public static func permutation(_ n: Int, key: Key) -> Tensor {
    require(n >= 0 && n <= Int32.max, "permutation: \(n) elements; give 0 to 2^31 - 1")
    return apply(RandomPermutation(count: n), [key.words])
  }

  /// The rows along axis 0 in random order.
  public func shuffled(key: Key) -> Tensor {
    require(rank >= 1, "shuffled: a scalar has no rows; give a tensor of rank 1 or more")
    return take(.permutation(shape[0], key: key), axis: 0)
  }
}
