import Autodiff

/// Neal's funnel: `x₀` from `N(0, scale²)`, the others from `N(0, exp x₀)` (Neal 2003, with scale 3 and 10 dimensions).
public struct Funnel: ClosedFormEntropy, Module {
  public let dimension: Int
  public let scale: Double
  public let dtype: DType

  public var eventShape: [Int] { [dimension] }
  /// There are no parameters.
  public var isReparameterized: Bool { true }

  public init(dimension: Int = 10, scale: Double = 3, dtype: DType = .float32) {
    require(dimension >= 2 && scale > 0, "Funnel: dimension \(dimension), scale \(scale); give two dimensions or more and a positive scale")
    self.dimension = dimension
    self.scale = scale
    self.dtype = dtype
  }

  public mutating func walk(_ walker: inout some Walker) {}

  public func logDensity(_ x: Tensor) -> Tensor {
    requireEvent(x, "Funnel.logDensity")
    let neck = x.slice(axis: -1, 0..<1)
    let width = Tensor.full([1], scale, dtype: x.dtype)
    return normalLogDensity(neck, mean: .zeros(like: width), logStandardDeviation: log(width))
      + normalLogDensity(x.slice(axis: -1, 1..<dimension), mean: .zeros(like: width), logStandardDeviation: 0.5 * neck)
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    let z = Tensor.normal([count] + eventShape, key: key, dtype: dtype)
    let neck = scale * z.slice(axis: 1, 0..<1)
    return Tensor.concatenated([neck, exp(0.5 * neck) * z.slice(axis: 1, 1..<dimension)], axis: 1)
  }

  /// `d/2 log 2πe + log scale`: the mean of `log exp(x₀/2)` is 0.
  public var entropy: Tensor {
    log(Tensor(scale, dtype: dtype)) + Double(dimension) * (logRootTwoPi + 0.5)
  }
}
