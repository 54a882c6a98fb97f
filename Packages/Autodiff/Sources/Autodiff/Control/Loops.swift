/// A loop over sequences that stays rolled in compiled programs: (carry, x_t) -> (carry, y_t) for every t.
///
/// - Parameters:
///   - initial: The carry before the first step; its shapes stay the same through the loop.
///   - sequence: Tensors with steps along axis 0.
///   - reverse: Whether the steps run from the last to the first.
///   - storingEvery: Steps between the carries that are kept for reverse mode; about sqrt(steps) if you give none.
///   - body: One step. What it captures takes part in derivatives.
/// - Returns: The carry after the last step, and the outputs of all steps along a new axis 0.
///
/// Reverse mode computes the steps between stored carries again: memory for sqrt(steps) of them at one more evaluation of each
/// step (Chen et al. 2016).
public func scan<Carry: Module, Element: Module, Output: Module>(
  _ initial: Carry, over sequence: Element, reverse: Bool = false, storingEvery: Int? = nil,
  _ body: (Carry, Element) throws -> (Carry, Output)
) rethrows -> (carry: Carry, outputs: Output) {
  let sequences = sequence.tensors()
  require(!sequences.isEmpty, "scan: the sequence has no tensors; use loop(_:from:) to repeat a step")
  for tensor in sequences {
    require(
      tensor.rank >= 1 && tensor.shape[0] == sequences[0].shape.first,
      "scan: sequences of shapes \(sequences[0].shape) and \(tensor.shape) do not have the same number of steps along axis 0")
  }
  requireSegment(storingEvery)
  let carry = initial.tensors()
  var output: Output?
  let result = try Scan.run(
    carry: carry, sequences: sequences, length: sequences[0].shape[0], reverse: reverse, segment: storingEvery
  ) { state, element in
    let (next, produced) = try body(initial.replacing(state), sequence.replacing(element))
    requireSameShapes(initial, next)
    output = produced
    return (next.tensors(), produced.tensors())
  }
  return (initial.replacing(result.carry), output!.replacing(result.outputs))
}

/// A counted loop that stays rolled in compiled programs: `body(state, t)` for t = 0, ..., count - 1 (int32, shape `[]`).
///
/// `storingEvery`: steps between the states that are kept for reverse mode, about sqrt(count) if you give none; `count` for a
/// loop that is not to be differentiated keeps its memory the same for any count.
public func loop<State: Module>(
  _ count: Int, from initial: State, storingEvery: Int? = nil, _ body: (State, Tensor) throws -> State
) rethrows -> State {
  require(count >= 0, "loop: \(count) steps; give 0 or more")
  requireSegment(storingEvery)
  // The index is carried: a sequence of indices would take memory for each step.
  let result = try Scan.run(
    carry: initial.tensors() + [.zeros([], dtype: .int32)], sequences: [], length: count, segment: storingEvery
  ) { carry, _ in
    let index = carry[carry.count - 1]
    let next = try body(initial.replacing(Array(carry.dropLast())), index)
    requireSameShapes(initial, next)
    return (next.tensors() + [index + 1], [])
  }
  return initial.replacing(Array(result.carry.dropLast()))
}

private func requireSegment(_ steps: Int?) {
  require(steps.map { $0 >= 1 } ?? true, "scan: cannot store the carry every \(steps ?? 0) steps; give 1 or more")
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
