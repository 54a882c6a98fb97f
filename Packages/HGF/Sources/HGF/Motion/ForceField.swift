import Autodiff
import DifferentiableIntegrators
import Integrators

/// A force and the motion dx/dt = v, dv/dt = F(x, t) that it causes, of points of phase space `[batch, d]` with unit mass.
///
/// Time runs from the data (0) to the noise (T), as in the paper (Holderrieth, Xu, Jaakkola, arXiv:2410.20470).
public protocol ForceField: Hashable, Sendable {
  /// Where points that are at `point` at times `start` `[batch]` are at times `end` `[batch]`.
  func carried(_ point: Phase<Tensor>, from start: Tensor, to end: Tensor) -> Phase<Tensor>

  /// `(x_t, v_t)` of motions launched from `(x_0, v_0)`, at times `[batch]`.
  func state(from launch: Phase<Tensor>, at time: Tensor) -> Phase<Tensor>
}

extension ForceField {
  public func state(from launch: Phase<Tensor>, at time: Tensor) -> Phase<Tensor> {
    carried(launch, from: .zeros(like: time), to: time)
  }
}

/// `[batch] -> [batch, 1]`, to stand beside coordinates.
func column(_ time: Tensor) -> Tensor { time.expanded(axis: 1) }
