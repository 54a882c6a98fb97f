import Autodiff

/// `V(x, t)`, which training brings to `E[v_t | x_t = x]`: the Hamiltonian velocity predictor (paper, section 3).
public protocol VelocityPredictor: Module {
  /// `V` `[batch, d]` at positions `[batch, d]` and times `[batch]`, given a context `[batch, features]` where one is.
  func velocity(_ position: Tensor, at time: Tensor, context: Tensor?) -> Tensor

  /// How a network inside is scaled, which `TimeWeighting.unitTarget` follows; `none` unless a type says otherwise.
  var preconditioning: Preconditioning { get }
}

extension VelocityPredictor {
  public var preconditioning: Preconditioning { .none }

  /// Without context.
  public func callAsFunction(_ position: Tensor, at time: Tensor) -> Tensor { velocity(position, at: time, context: nil) }
}

/// Context `[batch, classes]` of class labels: a unit vector each; zeros, the context of no label, where the label is -1.
public func labelContext(_ labels: [Int], classes: Int, dtype: DType = .float32) -> Tensor {
  require(
    classes > 0 && labels.allSatisfy { -1..<classes ~= $0 },
    "labelContext: labels \(labels.prefix(8)) of \(classes) classes; give -1 to \(classes - 1)")
  return Tensor(labels.flatMap { label in (0..<classes).map { $0 == label ? 1 : 0 } }, shape: [labels.count, classes], dtype: dtype)
}
