import Autodiff

/// A model with a scalar loss over a batch and a key; all that a training loop needs to know of it.
public protocol Trainable: Module {
  /// What one step sees, for example a tensor `[batch, features]`.
  associatedtype Batch: Module

  /// Scalar `[]`, to be minimised; the randomness of the step comes from `key` alone.
  func loss(_ batch: Batch, key: Key) -> Tensor
}
