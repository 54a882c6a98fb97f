import Autodiff
import Probability

/// `θ(u) = Σ_i k(u, W_i) A_i`: the form that the solution of a fit in a reproducing-kernel Hilbert space has (English, Kirchler and
/// Lippert 2023, proposition 1).
public struct KernelConditioner<Function: CovarianceKernel>: DataInitializedConditioner {
  /// What the points W are.
  public enum Points: String, Sendable, Hashable, Codable, CaseIterable {
    /// A few points, learned, that start as rows of the layer's own input.
    case auxiliary
    /// All training points as the layer sees them at the start, fixed: cost grows with the square of the data.
    case fullData = "full-data"
  }

  public var kernel: Function
  /// W, `[N, inputs]`
  public var points: Tensor
  /// A, `[N, outputs]`, zeros at the start.
  public var coefficients: Tensor
  public let role: Points
  private let medianFactor: Double

  public init(kernel: Function, points: Tensor, coefficients: Tensor, role: Points = .auxiliary, medianFactor: Double = 1) {
    require(
      points.rank == 2 && coefficients.rank == 2 && points.shape[0] == coefficients.shape[0],
      "KernelConditioner: points \(points.shape), coefficients \(coefficients.shape); give [N, inputs] and [N, outputs]")
    self.kernel = kernel
    self.points = points
    self.coefficients = coefficients
    self.role = role
    self.medianFactor = medianFactor
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.setting("role", role)
    walker.child("kernel", &kernel)
    switch role {
    case .auxiliary: walker.parameter("points", &points)
    case .fullData: walker.buffer("points", &points)
    }
    walker.parameter("coefficients", &coefficients)
  }

  public func callAsFunction(_ u: Tensor) -> Tensor { kernel.expansion(u, around: points, coefficients: coefficients) }

  /// W becomes rows of `x`, without repetition while there are enough, and lengthscales the median distance.
  public func initialized(from x: Tensor, key: Key) -> KernelConditioner {
    let (count, rows) = (points.shape[0], x.shape[0])
    var next = self
    next.kernel = kernel.scaled(to: x, factor: medianFactor)
    let order = role == .fullData && count == rows ? Tensor.iota([rows]) : Tensor.permutation(rows, key: key)
    let places = remainder(Tensor.iota([count]), Tensor([Int32(rows)], shape: []))
    next.points = Tensor(x.gathered(order.gathered(places)).doubles, shape: points.shape, dtype: points.dtype)
    return next
  }

  /// `Σ_j A_jᵀ k(W, W) A_j`, the squared norm of the functions in the space of the kernel, `[]`.
  public var squaredNorm: Tensor { (coefficients * kernel.expansion(points, around: points, coefficients: coefficients)).sum() }
}
