import Autodiff

/// The normal density that has the mode and the curvature of `exp(-U)` there.
public struct LaplaceApproximation: Sendable {
  /// `[d]`, float64
  public let mode: Tensor
  /// Inverse of the Hessian of `U` at the mode, `[d, d]`, float64
  public let covariance: Tensor
  /// Lower-triangular `L` with `L Lᵀ = covariance`, `[d, d]`, float64
  public let factor: Tensor
  /// `U` at the mode
  public let energy: Double

  /// Damped Newton descent in float64 from `start` `[d]`; traps if it has not converged in 200 steps.
  public init(of energy: some Energy, from start: Tensor) {
    require(
      start.rank == 1 && start.shape == energy.eventShape && start.dtype == .float64,
      "LaplaceApproximation: start \(start.shape) \(start.dtype), the energy takes \(energy.eventShape); give one float64 point")
    let d = start.shape[0]
    let identity = Tensor.identity(d, dtype: .float64)
    var (x, value, damping) = (start, energy(start).item(), 1e-3)
    var converged = false
    for _ in 0..<200 {
      let gradient = energy.gradient(x)
      let hessian = LaplaceApproximation.hessian(of: energy, at: x)
      // Damping relative to the largest curvature keeps the matrix positive definite far from the mode.
      let factor = (hessian + identity * (damping * abs(hessian).max().item())).cholesky()
      let step = LaplaceApproximation.solve(factor, gradient)
      let decrement = (gradient * step).sum().item()
      converged = decrement.magnitude < 1e-18
      if converged { break }
      let candidate = Tensor((x - step).doubles, shape: [d], dtype: .float64)
      let candidateValue = energy(candidate).item()
      // Near the mode U changes by less than its rounding, which must not look like an uphill step.
      if candidateValue <= value + 1e-13 * (1 + value.magnitude) {
        (x, value, damping) = (candidate, candidateValue, damping * 0.1)
      } else {
        damping = Swift.max(damping, 1e-12) * 10
      }
    }
    require(converged, "LaplaceApproximation: no mode found from \(start.doubles); start nearer to it")

    let factor = LaplaceApproximation.hessian(of: energy, at: x).cholesky()
    let half = factor.triangularSolve(identity)
    mode = x
    covariance = Tensor(half.transposed().matmul(half).doubles, shape: [d, d], dtype: .float64)
    self.factor = Tensor(covariance.cholesky().doubles, shape: [d, d], dtype: .float64)
    self.energy = value
  }

  /// `log ∫ exp(-U)` of the approximation: `-U(mode) + ½ log det 2π covariance`.
  public var logNormalizer: Double {
    let d = mode.shape[0]
    let diagonal = (factor * Tensor.identity(d, dtype: .float64)).sum(axis: 1)
    return -energy + log(diagonal * (2 * Double.pi).squareRoot()).sum().item()
  }

  /// The map from standardised to original coordinates, `mode + L z`.
  public func whitening(dtype: DType = .float32) -> TriangularAffine {
    TriangularAffine(shift: mode.cast(to: dtype), factor: factor.cast(to: dtype))
  }

  private static func solve(_ factor: Tensor, _ b: Tensor) -> Tensor {
    let half = factor.triangularSolve(b.expanded(axis: 1))
    return factor.triangularSolve(half, transposed: true).squeezed(axis: 1)
  }

  /// `[d, d]`, one forward derivative of the gradient for each column.
  private static func hessian(of energy: some Energy, at x: Tensor) -> Tensor {
    let d = x.shape[0]
    let identity = Tensor.identity(d, dtype: x.dtype)
    let columns = (0..<d).map { column in
      jvp(x, along: identity.slice(axis: 0, column..<column + 1).squeezed(axis: 0)) { energy.gradient($0) }.tangent
    }
    let raw = Tensor.stacked(columns, axis: 1)
    return 0.5 * (raw + raw.transposed())
  }
}
