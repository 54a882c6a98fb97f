/// The first input as it is, to be used only when the others are known.
///
/// What is computed from it is never merged with what is computed from the input itself, and is not computed earlier: the
/// point of computing something a second time.
struct Barrier: Primitive {
  var name: String { "barrier" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }
  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let bytes = output.byteCount
    let count = inputs.count
    return Kernel { $0.pointer(count).copyMemory(from: $0.pointer(0), byteCount: bytes) }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    .apply(self, [isMapped[0] ? inputs[0] : inputs[0].broadcast(to: [count] + inputs[0].shape)] + inputs.dropFirst())
  }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? { tangents[0] }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] { [cotangent] + inputs.dropFirst().map { _ in nil } }
}
