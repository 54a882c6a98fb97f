import Autodiff
import DifferentiableIntegrators
import Integrators

/// Motions that are linear in `(x_0, v_0)`: `x_t = a x_0 + b v_0`, in closed form.
public enum LinearForce: ForceField, Codable {
  /// F = 0, straight lines: `a = 1`, `b = t`. Variance-exploding diffusion and flow matching.
  case zero
  /// F = -α² x: `a = cos αt`, `b = sin αt / α`. Oscillation (paper, section 7).
  case oscillation(frequency: Double)
  /// F = 0 under the clock `σ² = e^B - 1` and the scale `e^{-B/2}`, with `B(t) = β₀ t + (β₁ - β₀) t²/2`: `a = e^{-B/2}`,
  /// `b = sqrt(1 - a²)`. Variance-preserving diffusion (Song et al. 2021), for times up to 1.
  case variancePreserving(minimumRate: Double, maximumRate: Double)

  /// `a`, `b` and their rates `da/dt`, `db/dt`, of the shape of `time`.
  public func coefficients(at time: Tensor) -> MotionCoefficients {
    switch self {
    case .zero:
      return MotionCoefficients(start: .ones(like: time), launch: time, startRate: .zeros(like: time), launchRate: .ones(like: time))
    case .oscillation(let frequency):
      let (cosine, sine) = (cos(frequency * time), sin(frequency * time))
      return MotionCoefficients(start: cosine, launch: sine / frequency, startRate: -frequency * sine, launchRate: cosine)
    case .variancePreserving(let minimum, let maximum):
      let rate = minimum + (maximum - minimum) * time
      let integral = minimum * time + 0.5 * (maximum - minimum) * square(time)
      let (kept, noise) = (exp(-0.5 * integral), sqrt(-expm1(-integral)))
      return MotionCoefficients(
        start: kept, launch: noise, startRate: -0.5 * rate * kept, launchRate: 0.5 * rate * square(kept) / noise)
    }
  }

  public func state(from launch: Phase<Tensor>, at time: Tensor) -> Phase<Tensor> {
    coefficients(at: column(time)).applied(to: launch)
  }

  public func carried(_ point: Phase<Tensor>, from start: Tensor, to end: Tensor) -> Phase<Tensor> {
    switch self {
    case .zero, .oscillation: return coefficients(at: column(end - start)).applied(to: point)
    case .variancePreserving:
      let launch = coefficients(at: column(start)).inverted(at: point)
      return coefficients(at: column(end)).applied(to: launch)
    }
  }
}

/// `x_t = a x_0 + b v_0`, `v_t = a' x_0 + b' v_0`.
public struct MotionCoefficients: Sendable {
  /// `a`
  public var start: Tensor
  /// `b`
  public var launch: Tensor
  /// `a' = da/dt`
  public var startRate: Tensor
  /// `b' = db/dt`
  public var launchRate: Tensor

  /// `a b' - a' b`
  public var determinant: Tensor { start * launchRate - startRate * launch }

  /// `(x_t, v_t)` of `(x_0, v_0)`.
  public func applied(to point: Phase<Tensor>) -> Phase<Tensor> {
    Phase(
      position: start * point.position + launch * point.momentum, momentum: startRate * point.position + launchRate * point.momentum)
  }

  /// `(x_0, v_0)` of `(x_t, v_t)`.
  public func inverted(at point: Phase<Tensor>) -> Phase<Tensor> {
    let scale = 1.0 / determinant
    return Phase(
      position: scale * (launchRate * point.position - launch * point.momentum),
      momentum: scale * (start * point.momentum - startRate * point.position))
  }
}
