import Autodiff

/// A kernel as a recipe names it, and how long its lengthscales are at the start.
public struct KernelConfiguration: Codable, Sendable, Hashable {
  public var form: StationaryKernel.Form
  /// One lengthscale for each coordinate instead of one for all.
  public var isPerDimension: Bool
  /// Lengthscale at the start over the median distance of the points that a layer sees.
  public var medianFactor: Double

  public init(form: StationaryKernel.Form = .squaredExponential, isPerDimension: Bool = false, medianFactor: Double = 1) {
    self.form = form
    self.isPerDimension = isPerDimension
    self.medianFactor = medianFactor
  }

  /// The kernel in `dimension` coordinates, before it has seen data: lengthscale `sqrt(dimension)`.
  public func kernel(dimension: Int, dtype: DType) -> StationaryKernel {
    let start = Double(dimension).squareRoot()
    return StationaryKernel(
      form,
      lengthscale: isPerDimension
        ? Lengthscale([Double](repeating: start, count: dimension), dtype: dtype) : Lengthscale(start, dtype: dtype))
  }
}
