/// A loop over sequences that stays rolled in compiled programs: (carry, x_t) -> (carry, y_t) for every t.
///
/// - Parameters:
///   - initial: The carry before the first step; its shapes stay the same through the loop.
///   - sequence: Tensors with steps along axis 0.
///   - reverse: Whether the steps run from the last to the first.
///   - body: One step. What it captures takes part in derivatives.
/// - Returns: The carry after the last step, and the outputs of all steps along a new axis 0.
///
/// Reverse mode stores the carry at about sqrt(steps) places and computes the rest again (Chen et al. 2016).
public func scan<Carry: Module, Element: Module, Output: Module>(
  _ initial: Carry, over sequence: Element, reverse: Bool = false,
  _ body: (Carry, Element) throws -> (Carry, Output)
) rethrows -> (carry: Carry, outputs: Output) {
  let sequences = sequence.tensors()
  require(!sequences.isEmpty, "scan: the sequence has no tensors; use loop(_:from:) to repeat a step")
  for tensor in sequences {
    require(
      tensor.rank >= 1 && tensor.shape[0] == sequences[0].shape.first,
      "scan: sequences of shapes \(sequences[0].shape) and \(tensor.shape) do not have the same number of steps along axis 0")
  }
  let carry = initial.tensors()
  var output: Output?
  let result = try Scan.run(carry: carry, sequences: sequences, length: sequences[0].shape[0], reverse: reverse) { state, element in
    let (next, produced) = try body(initial.replacing(state), sequence.replacing(element))
    requireSameShapes(initial, next)
    output = produced
    return (next.tensors(), produced.tensors())
  }
  return (initial.replacing(result.carry), output!.replacing(result.outputs))
}

/// A counted loop that stays rolled in compiled programs: `body(state, t)` for t = 0, ..., count - 1 (int32, shape `[]`).
public func loop<State: Module>(
  _ count: Int, from initial: State, _ body: (State, Tensor) throws -> State
) rethrows -> State {
  require(count >= 0, "loop: \(count) steps; give 0 or more")
  let result = try Scan.run(carry: initial.tensors(), sequences: [.iota([count])], length: count) { state, element in
    let next = try body(initial.replacing(state), element[0])
    requireSameShapes(initial, next)
    return (next.tensors(), [])
  }
  return initial.replacing(result.carry)
}

private func requireSameShapes<State: Module>(_ before: State, _ after: State) {
  let (old, new) = (before.namedTensors(), after.namedTensors())
  require(old.count == new.count, "scan: the carry has \(old.count) tensors before a step and \(new.count) after it")
  for (a, b) in zip(old, new) {
    let path = a.path.isEmpty ? "the carry" : "'\(a.path)' of the carry"
    require(
      a.tensor.spec == b.tensor.spec,
      "scan: \(path) is \(a.tensor.spec) before a step and \(b.tensor.spec) after it; a step must keep shapes and dtypes")
  }
}
