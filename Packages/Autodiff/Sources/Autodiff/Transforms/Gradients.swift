/// The value of a scalar function at `x` and its gradient, which has the type of `x`.
///
/// Buffers, integer tensors and parameters that the function does not reach get zeros.
public func valueAndGrad<M: Module>(
  _ x: M, _ function: (M) throws -> Tensor
) rethrows -> (value: Tensor, gradient: M) {
  let (value, _, gradient) = try differentiate(x) { (try function($0), ()) }
  return (value, gradient)
}

/// Like `valueAndGrad`, for a function that also returns something that is not differentiated.
public func valueAndGrad<M: Module, Auxiliary>(
  _ x: M, auxiliary function: (M) throws -> (Tensor, Auxiliary)
) rethrows -> (value: Tensor, auxiliary: Auxiliary, gradient: M) {
  try differentiate(x, function)
}

private func differentiate<M: Module, Auxiliary>(
  _ x: M, _ function: (M) throws -> (Tensor, Auxiliary)
) rethrows -> (value: Tensor, auxiliary: Auxiliary, gradient: M) {
  try Evaluator.whileRecording {
    let variables = Variables(x)
    let (value, auxiliary) = try function(variables.module)
    require(
      value.rank == 0 && value.dtype.isFloatingPoint,
      "grad: the function must return a floating-point scalar, got \(value.spec); reduce it, for instance with sum()")
    let recording = Recording(of: [value.node], on: variables.nodes)
    let gradients = recording.pullback([(value.node, .ones(like: value))], to: variables.nodes)
    return (value, auxiliary, variables.assemble(gradients))
  }
}

/// The gradient of a scalar function at `x`, of the type of `x`.
public func grad<M: Module>(
  _ x: M, _ function: (M) throws -> Tensor
) rethrows -> M {
  try valueAndGrad(x, function).gradient
}

/// The value of a function at `x` and its transposed derivative there, as a function of an output cotangent.
public func vjp<M: Module, N: Module>(
  _ x: M, _ function: (M) throws -> N
) rethrows -> (value: N, pullback: @Sendable (N) -> M) {
  try Evaluator.whileRecording {
    let variables = Variables(x)
    let value = try function(variables.module)
    let outputs = value.tensors().map(\.node)
    let recording = Recording(of: outputs, on: variables.nodes)
    return (
      value,
      { cotangent in
        let seeds = zip(outputs, cotangent.tensors()).filter { $0.0.spec.dtype.isFloatingPoint }
        for (output, seed) in seeds {
          require(seed.spec == output.spec, "vjp: cotangent \(seed.spec) does not match output \(output.spec)")
        }
        return variables.assemble(recording.pullback(seeds.map { ($0, $1) }, to: variables.nodes))
      }
    )
  }
}

/// The value of a function at `x` and its derivative along `tangent`.
public func jvp<M: Module, N: Module>(
  _ x: M, along tangent: M, _ function: (M) throws -> N
) rethrows -> (value: N, tangent: N) {
  try Evaluator.whileRecording {
    let variables = Variables(x)
    let value = try function(variables.module)
    let outputs = value.tensors()
    let recording = Recording(of: outputs.map(\.node), on: variables.nodes)
    let changes = recording.pushforward(variables.seeds(tangent.tensors(), "jvp"), to: outputs.map(\.node))
    return (value, value.replacing(zip(outputs, changes).map { $1 ?? .zeros(like: $0) }))
  }
}

/// The value of a function at `x` and its derivative there, as a function of an input tangent: `jvp` for many directions.
public func linearize<M: Module, N: Module>(
  _ x: M, _ function: (M) throws -> N
) rethrows -> (value: N, pushforward: @Sendable (M) -> N) {
  try Evaluator.whileRecording {
    let variables = Variables(x)
    let value = try function(variables.module)
    let outputs = value.tensors()
    let recording = Recording(of: outputs.map(\.node), on: variables.nodes)
    return (
      value,
      { tangent in
        let changes = recording.pushforward(variables.seeds(tangent.tensors(), "linearize"), to: outputs.map(\.node))
        return value.replacing(zip(outputs, changes).map { $1 ?? .zeros(like: $0) })
      }
    )
  }
}

/// The same value, through which no derivative passes.
public func stopGradient(_ x: Tensor) -> Tensor { .apply(StopGradient(), [x]) }

/// A module whose tensors have been given new identities, so that what depends on them can be told from all else.
private struct Variables<M: Module>: Sendable {
  let original: M
  let module: M
  let leaves: [Tensor]
  let nodes: [Node]
  private let isParameter: [Bool]

  init(_ x: M) {
    var (copy, collector) = (x, Collector())
    copy.walk(&collector)
    original = x
    leaves = collector.tensors
    isParameter = collector.isParameter
    let fresh = leaves.map { Tensor.apply(Variable(), [$0]) }
    nodes = fresh.map(\.node)
    module = x.replacing(fresh)
  }

  /// Tangents beside the variables that they belong to.
  func seeds(_ tangents: [Tensor], _ operation: String) -> [(node: Node, tangent: Tensor)] {
    var seeds: [(node: Node, tangent: Tensor)] = []
    for (index, leaf) in leaves.enumerated() where leaf.dtype.isFloatingPoint {
      require(
        tangents[index].spec == leaf.spec, "\(operation): tangent \(tangents[index].spec) does not match input \(leaf.spec)")
      seeds.append((nodes[index], tangents[index]))
    }
    return seeds
  }

  /// A module of gradients: zeros where none arrived, for buffers and for integers.
  func assemble(_ gradients: [Tensor?]) -> M {
    original.replacing(
      leaves.indices.map { index in
        let differentiable = isParameter[index] && leaves[index].dtype.isFloatingPoint
        return (differentiable ? gradients[index] : nil) ?? .zeros(like: leaves[index])
      })
  }
}
