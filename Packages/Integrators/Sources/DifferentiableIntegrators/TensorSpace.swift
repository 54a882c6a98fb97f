import Autodiff
import Integrators

/// A tensor is a state: every stepper of `Integrators` runs on it, batches and all, eagerly or while it is traced.
///
/// Steppers branch on no value, so a run is one straight program whose gradient, through every step, is exact.
/// The step size is a `Double` and takes the dtype of the tensor it multiplies.
extension Tensor: VectorSpace {
  public typealias Scalar = Double

  /// self + scale · direction; both of one shape, or shapes that broadcast to that of `self`.
  public mutating func add(_ scale: Double, times direction: Tensor) { self = self + scale * direction }
}

/// A state made of tensors: what a step can be differentiated with respect to. Time is measured in `Double`.
public protocol TensorState: Module, VectorSpace where Scalar == Double {}

extension Tensor: TensorState {}
extension Array: TensorState where Element: TensorState {}
extension Phase: TensorState where Q: TensorState {}

/// A state of tensors can be differentiated and compiled; its paths are `position` and `momentum`.
extension Phase: Module where Q: Module {
  public mutating func walk(_ walker: inout some Walker) {
    walker.child("position", &position)
    walker.child("momentum", &momentum)
  }
}

extension ShadowedState: Module where Base: Module {
  public mutating func walk(_ walker: inout some Walker) {
    walker.child("state", &state)
    walker.child("shadow", &shadow)
  }
}

extension ShadowedState: TensorState where Base: TensorState {}
