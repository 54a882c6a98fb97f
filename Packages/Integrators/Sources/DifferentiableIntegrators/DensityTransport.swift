import Autodiff
import Integrators

/// Points and the logarithms of a density there.
public struct DensityState: TensorState {
  public typealias Scalar = Double

  /// `[batch, d]`
  public var point: Tensor
  /// `[batch]`, in nats.
  public var logDensity: Tensor

  public init(point: Tensor, logDensity: Tensor) {
    self.point = point
    self.logDensity = logDensity
  }

  /// Points with log density 0, for the change of it alone.
  public init(point: Tensor) {
    self.init(point: point, logDensity: .zeros([point.shape[0]], dtype: point.dtype))
  }

  public mutating func add(_ scale: Double, times direction: Self) {
    point.add(scale, times: direction.point)
    logDensity.add(scale, times: direction.logDensity)
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("point", &point)
    walker.parameter("logDensity", &logDensity)
  }
}

/// dx/dt = f(x, t), d log p(x)/dt = −div f: a continuous normalizing flow (Chen et al., arXiv:1806.07366), with Hutchinson's
/// estimate that of FFJORD (arXiv:1810.01367), whose probes stay the same all through a solve.
///
///     // log p₁(x) of data from the density of the prior: back in time, from 0.
///     let back = integrate(DensityTransport(field), from: DensityState(point: x), over: TimeGrid(from: 1, to: 0, steps: 50),
///                          with: .continuousAdjoint(ExplicitRungeKutta(.rungeKutta4)))
///     let logDensity = prior.logDensity(back.point) - back.logDensity
public struct DensityTransport<Field: TensorEquation<Tensor>>: TensorEquation {
  /// On points `[batch, d]`, each row on its own.
  public var field: Field
  public private(set) var estimator: DivergenceEstimator

  public init(_ field: Field, divergence estimator: DivergenceEstimator = .exact) {
    self.field = field
    self.estimator = estimator
  }

  public func derivative(_ state: DensityState, at time: Tensor) -> DensityState {
    let (slope, spreading) = divergence(state.point, estimator: estimator) { field.derivative($0, at: time) }
    return DensityState(point: slope, logDensity: -spreading)
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("field", &field)
    guard case .hutchinson(let probes, var key) = estimator else {
      walker.setting("probes", 0)
      return
    }
    walker.setting("probes", probes)
    walker.child("key", &key)
    estimator = .hutchinson(probes: probes, key: key)
  }
}
