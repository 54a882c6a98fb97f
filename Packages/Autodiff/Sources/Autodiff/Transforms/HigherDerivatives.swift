/// The Hessian of a scalar function at `x` applied to `vector`, by forward over reverse mode: a few times the cost of `function`.
public func hvp<M: Module>(_ x: M, along vector: M, _ function: (M) throws -> Tensor) rethrows -> M {
  try jvp(x, along: vector) { try grad($0, function) }.tangent
}

/// The Jacobian of a tensor function at `x`, of shape `output.shape + x.shape`: reverse mode for all output elements at once.
public func jacobian(_ x: Tensor, _ function: (Tensor) throws -> Tensor) rethrows -> Tensor {
  let (value, pullback) = try vjp(x, function)
  guard value.count > 0 else { return .zeros(value.shape + x.shape, dtype: x.dtype) }
  let units = Tensor.identity(value.count, dtype: value.dtype).reshaped([value.count] + value.shape)
  return vmap(units, pullback).reshaped(value.shape + x.shape)
}

/// The Hessian of a scalar function at `x`, of shape `x.shape + x.shape`.
public func hessian(_ x: Tensor, _ function: (Tensor) throws -> Tensor) rethrows -> Tensor {
  try jacobian(x) { try grad($0, function) }
}

/// How a divergence is found.
public enum DivergenceEstimator: Sendable {
  /// One pass of forward mode for each of the d coordinates.
  case exact
  /// The mean of e^T J e over random signs e (Hutchinson 1990): unbiased, one pass per probe, the same for the same key.
  case hutchinson(probes: Int, key: Key)
}

/// The divergence of a vector field on rows: sum over i of d field_i / d x_i.
///
/// The points are `[batch, d]`, and row n of the field must depend on row n of the points only.
/// - Returns: The field `[batch, d]` and its divergence `[batch]`.
public func divergence(
  _ x: Tensor, estimator: DivergenceEstimator = .exact,
  _ field: (Tensor) throws -> Tensor
) rethrows -> (field: Tensor, divergence: Tensor) {
  require(x.rank == 2, "divergence: points have shape \(x.shape); give [batch, d]")
  let probes: [Tensor]
  switch estimator {
  case .exact:
    let units = Tensor.identity(x.shape[1], dtype: x.dtype)
    probes = (0..<x.shape[1]).map { units.slice(axis: 0, $0..<$0 + 1).broadcast(to: x.shape) }
  case .hutchinson(let count, let key):
    require(count > 0, "divergence: \(count) probes; give at least 1")
    probes = (0..<count).map { probe in
      let coin = Tensor.uniform(x.shape, key: key.folded(probe), dtype: x.dtype) .< 0.5
      return .where(coin, .ones(like: x), -Tensor.ones(like: x))
    }
  }
  var value = x
  var total = Tensor.zeros([x.shape[0]], dtype: x.dtype)
  for probe in probes {
    let (output, change) = try jvp(x, along: probe, field)
    require(
      output.shape == x.shape, "divergence: the field has shape \(output.shape) at points \(x.shape); it must have the same")
    value = output
    total = total + (change * probe).sum(axis: 1)
  }
  if case .hutchinson(let count, _) = estimator { total = total / Double(count) }
  return (value, total)
}
