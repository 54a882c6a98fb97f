extension Scan {
  /// The loop over carry and tangent together.
  func pushforward(inputs: [Tensor], outputs: [Tensor], tangents: [Tensor?]) -> [Tensor?] {
    let (carry, sequences, captured) = operands(inputs)
    let (carryTangents, sequenceTangents, capturedTangents) = operands(tangents)
    // Any part of the carry may come to depend on the variables after some steps.
    let moving = carry.indices.filter { carry[$0].dtype.isFloatingPoint }
    let starts = moving.map { carryTangents[$0] ?? .zeros(like: carry[$0]) }
    let changing = sequences.indices.filter { sequenceTangents[$0] != nil }
    let emitted = body.outputs.indices.dropFirst(carryCount).filter { body.outputs[$0].dtype.isFloatingPoint }
    let result = Scan.run(
      carry: carry + starts, sequences: sequences + changing.map { sequenceTangents[$0]! }, length: length, reverse: reverse,
      segment: segment
    ) { state, elements in
      var tangents = [Tensor?](repeating: nil, count: inputs.count)
      for (place, index) in moving.enumerated() { tangents[index] = state[carryCount + place] }
      for (place, index) in changing.enumerated() { tangents[carryCount + index] = elements[sequenceCount + place] }
      for (place, tangent) in capturedTangents.enumerated() { tangents[carryCount + sequenceCount + place] = tangent }
      let arguments = Array(state.prefix(carryCount)) + Array(elements.prefix(sequenceCount)) + captured
      let (values, changes) = body.pushforward(arguments, tangents)
      let change = { (index: Int) in changes[index] ?? Tensor.zeros(like: values[index]) }
      return (Array(values.prefix(carryCount)) + moving.map(change), emitted.map(change))
    }
    var all = [Tensor?](repeating: nil, count: outputs.count)
    for (place, index) in moving.enumerated() {
      all[index] = result.carry[carryCount + place]
      all[outputs.count - carryCount + index] = result.starts[carryCount + place]
    }
    for (place, index) in emitted.enumerated() { all[index] = result.outputs[place] }
    return all
  }

  /// Goes back over the segments; each is computed again from its stored start.
  func pullback(inputs: [Tensor], outputs: [Tensor], cotangents: [Tensor?]) -> [Tensor?] {
    guard length > 0 else { return parts(cotangents).carry + [Tensor?](repeating: nil, count: inputs.count - carryCount) }
    let reversal = ScanReversal(self, inputs: inputs, starts: parts(outputs).starts, cotangents: parts(cotangents))
    return reversal.gradients()
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> [Tensor]? {
    let all = inputs.mapped(isMapped, count)
    let (carry, sequences, captured) = operands(all)
    let many = Scan(
      body: body.batched(count), carryCount: carryCount, sequenceCount: sequenceCount, length: length, reverse: reverse,
      segment: segment)
    let results = many.parts(Tensor.apply(many, carry + sequences.map(\.firstAxesSwapped) + captured))
    return results.carry + (results.outputs + results.starts).map(\.firstAxesSwapped)
  }
}

/// Reverse mode through a loop.
private struct ScanReversal {
  let loop: Scan
  let carry: [Tensor]
  /// Sequences and cotangents of outputs in the order in which the steps ran.
  let sequences: [Tensor]
  let captured: [Tensor]
  let starts: [Tensor]
  let finalCotangents: [Tensor?]
  let outputCotangents: [Tensor?]
  let startCotangents: [Tensor?]
  /// Positions of floating-point tensors, which alone have gradients.
  let moving: [Int]
  let movingSequences: [Int]
  let movingCaptured: [Int]

  init(_ loop: Scan, inputs: [Tensor], starts: [Tensor], cotangents: (carry: [Tensor?], outputs: [Tensor?], starts: [Tensor?])) {
    self.loop = loop
    let operands = loop.operands(inputs)
    (carry, captured, self.starts) = (operands.carry, operands.captured, starts)
    sequences = operands.sequences.map { loop.reverse ? $0.flipped(axis: 0) : $0 }
    finalCotangents = cotangents.carry
    outputCotangents = cotangents.outputs.map { loop.reverse ? $0?.flipped(axis: 0) : $0 }
    startCotangents = cotangents.starts
    moving = carry.indices.filter { operands.carry[$0].dtype.isFloatingPoint }
    movingSequences = operands.sequences.indices.filter { operands.sequences[$0].dtype.isFloatingPoint }
    movingCaptured = operands.captured.indices.filter { operands.captured[$0].dtype.isFloatingPoint }
  }

  func gradients() -> [Tensor?] {
    let (size, full) = (loop.segment, loop.length / loop.segment)
    let tail = loop.length - full * size
    var state = moving.map { finalCotangents[$0] ?? .zeros(like: carry[$0]) } + movingCaptured.map { .zeros(like: captured[$0]) }
    var tailGradients: [Tensor] = []
    if tail > 0 {
      let part = { (x: Tensor) in x.slice(axis: 0, full * size..<loop.length) }
      (state, tailGradients) = segment(
        steps: tail, state, starts: starts.map { $0[full] }, sequences.map(part), outputCotangents.map { $0.map(part) })
      state = adding(startCotangents.map { $0?[full] }, to: state)
    }
    let segments = { (x: Tensor) in x.slice(axis: 0, 0..<full * size).reshaped([full, size] + x.shape.dropFirst()) }
    let emitted = outputCotangents.indices.filter { outputCotangents[$0] != nil }
    let started = startCotangents.indices.filter { startCotangents[$0] != nil }
    let rows =
      starts.map { $0.slice(axis: 0, 0..<full) } + sequences.map(segments) + emitted.map { segments(outputCotangents[$0]!) }
      + started.map { startCotangents[$0]!.slice(axis: 0, 0..<full) }
    let result = Scan.run(carry: state, sequences: rows, length: full, reverse: true) { state, row in
      var row = row[...]
      let starts = row.take(starts.count)
      let sequences = row.take(sequences.count)
      var cotangents = outputCotangents.map { _ in Tensor?.none }
      for (index, cotangent) in zip(emitted, row.take(emitted.count)) { cotangents[index] = cotangent }
      var atStart = startCotangents.map { _ in Tensor?.none }
      for (index, cotangent) in zip(started, row) { atStart[index] = cotangent }
      let (next, gradients) = segment(steps: size, state, starts: starts, sequences, cotangents)
      return (adding(atStart, to: next), gradients)
    }
    var all = [Tensor?](repeating: nil, count: carry.count + sequences.count + captured.count)
    for (place, index) in moving.enumerated() { all[index] = result.carry[place] }
    for (place, index) in movingSequences.enumerated() {
      let flat = result.outputs[place].reshaped([full * size] + sequences[index].shape.dropFirst())
      let whole = tail > 0 ? Tensor.concatenated([flat, tailGradients[place]], axis: 0) : flat
      all[carry.count + index] = loop.reverse ? whole.flipped(axis: 0) : whole
    }
    for (place, index) in movingCaptured.enumerated() {
      all[carry.count + sequences.count + index] = result.carry[moving.count + place]
    }
    return all
  }

  /// Cotangents of the stored starts join those of the carry there.
  private func adding(_ extra: [Tensor?], to state: [Tensor]) -> [Tensor] {
    var sum = state
    for (place, index) in moving.enumerated() { if let more = extra[index] { sum[place] = sum[place] + more } }
    return sum
  }

  /// Back over `steps` steps. `state`: cotangents of the carry, then gradients of the captured tensors so far.
  private func segment(
    steps: Int, _ state: [Tensor], starts: [Tensor], _ sequences: [Tensor], _ cotangents: [Tensor?]
  ) -> (state: [Tensor], gradients: [Tensor]) {
    let carries = Scan.run(carry: starts, sequences: sequences, length: steps) { carry, elements in
      (Array(loop.body(carry + elements + captured).prefix(loop.carryCount)), carry)
    }.outputs
    let emitted = cotangents.indices.filter { cotangents[$0] != nil }
    let result = Scan.run(
      carry: state, sequences: carries + sequences + emitted.map { cotangents[$0]! }, length: steps, reverse: true
    ) { state, row in
      let inputs = Array(row.prefix(carries.count + sequences.count)) + captured
      var arriving = [Tensor?](repeating: nil, count: loop.body.outputs.count)
      for (place, index) in moving.enumerated() { arriving[index] = state[place] }
      for (place, index) in emitted.enumerated() { arriving[loop.carryCount + index] = row[carries.count + sequences.count + place] }
      let gradients = loop.body.pullback(inputs, arriving)
      let gradient = { (index: Int) in gradients[index] ?? .zeros(like: inputs[index]) }
      let collected = movingCaptured.enumerated().map { place, index in
        gradients[carries.count + sequences.count + index].map { state[moving.count + place] + $0 } ?? state[moving.count + place]
      }
      return (moving.map(gradient) + collected, movingSequences.map { gradient(carries.count + $0) })
    }
    return (result.carry, result.outputs)
  }
}

extension Tensor {
  fileprivate var firstAxesSwapped: Tensor { transposed([1, 0] + Array(2..<rank)) }
}

extension ArraySlice {
  /// Removes and returns the first `count` elements.
  fileprivate mutating func take(_ count: Int) -> [Element] {
    defer { removeFirst(count) }
    return Array(prefix(count))
  }
}
