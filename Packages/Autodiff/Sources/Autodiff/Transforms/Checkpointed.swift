/// The value of `function`, whose intermediate results are not kept for reverse mode but computed again there: memory for time.
///
/// Give it the large parts of a model one by one, such as its blocks.
public func checkpointed<M: Module, N: Module>(_ x: M, _ function: (M) throws -> N) rethrows -> N {
  let leaves = x.tensors()
  var template: N?
  let (body, captured) = try Subprogram.record(leaves.map(\.spec)) { inputs in
    let value = try function(x.replacing(inputs))
    template = value
    return value.tensors()
  }
  return template!.replacing(Tensor.apply(Rematerialized(body: body), leaves + captured))
}

/// A recorded function that reverse mode computes again.
struct Rematerialized: MultipleResults {
  let body: Subprogram

  var name: String { "checkpointed" }
  func results(of inputs: [TensorSpec]) -> [TensorSpec] { body.outputs }

  func kernel(inputs: [TensorSpec], outputs: [TensorSpec]) -> Kernel {
    let (program, count) = (body.program, inputs.count)
    return Kernel { arguments in
      program.run(arguments: { arguments.pointer($0) }, results: { arguments.pointer(count + $0) })
    }
  }

  func pushforward(inputs: [Tensor], outputs: [Tensor], tangents: [Tensor?]) -> [Tensor?] { body.pushforward(inputs, tangents).tangents }

  func pullback(inputs: [Tensor], outputs: [Tensor], cotangents: [Tensor?]) -> [Tensor?] {
    let known = cotangents.compactMap { $0 }
    return body.pullback(inputs.map { .apply(Barrier(), [$0] + known) }, cotangents)
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> [Tensor]? {
    Tensor.apply(Rematerialized(body: body.batched(count)), inputs.mapped(isMapped, count))
  }
}
