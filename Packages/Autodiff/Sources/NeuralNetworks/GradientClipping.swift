import Autodiff

/// `sqrt(sum of squares of all parameters)`, `[]`.
public func globalNorm(_ module: some Module) -> Tensor {
  let squares = module.namedTensors().filter(\.isParameter).map { square($0.tensor).sum() }
  require(!squares.isEmpty, "globalNorm: the module has no parameter; give one that has")
  return sqrt(squares.dropFirst().reduce(squares[0], +))
}

/// The gradient scaled so that its global norm is at most `maximum`, and the norm it had (Pascanu et al. 2013).
public func clippedByGlobalNorm<M: Module>(_ gradient: M, to maximum: Double) -> (gradient: M, norm: Tensor) {
  require(maximum > 0, "clippedByGlobalNorm: maximum \(maximum); give a positive norm")
  let norm = globalNorm(gradient)
  let scale = maximum / Autodiff.maximum(norm, Tensor(maximum, dtype: norm.dtype))
  return (gradient.mapParameters { $0 * scale }, norm)
}

/// The gradient with every component limited to `±bound`.
public func clippedByValue<M: Module>(_ gradient: M, to bound: Double) -> M {
  require(bound > 0, "clippedByValue: bound \(bound); give a positive one")
  return gradient.mapParameters { clamp($0, -bound, bound) }
}
