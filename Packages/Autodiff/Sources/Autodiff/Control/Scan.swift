/// A loop that stays rolled: (carry, x_t) -> (carry, y_t) for each of `length` steps.
///
/// Inputs: the carry, the sequences (steps along axis 0), then what the body captures. Results: the last carry, the sequences
/// of outputs, and the carry at the start of every segment, from which reverse mode computes the steps in between again. With
/// segments of about sqrt(length) steps, memory for derivatives grows with the root of the length.
struct Scan: MultipleResults {
  let body: Subprogram
  let carryCount: Int
  let sequenceCount: Int
  let length: Int
  let reverse: Bool
  /// Steps between stored carries.
  let segment: Int

  var name: String { "scan of \(length) steps" }

  var segmentCount: Int { length == 0 ? 0 : (length + segment - 1) / segment }

  /// The segment for which stored carries and those of one segment take the least memory together.
  static func segment(_ length: Int) -> Int {
    var size = 1
    while size * size < length { size += 1 }
    return size
  }

  /// Records `step` and applies the loop.
  static func run(
    carry: [Tensor], sequences: [Tensor], length: Int, reverse: Bool = false, segment: Int? = nil,
    _ step: ([Tensor], [Tensor]) throws -> (carry: [Tensor], outputs: [Tensor])
  ) rethrows -> (carry: [Tensor], outputs: [Tensor], starts: [Tensor]) {
    let elements = sequences.map { TensorSpec(Array($0.shape.dropFirst()), $0.dtype) }
    let (body, captured) = try Subprogram.record(carry.map(\.spec) + elements) { inputs in
      let (next, outputs) = try step(Array(inputs.prefix(carry.count)), Array(inputs.dropFirst(carry.count)))
      return next + outputs
    }
    let loop = Scan(
      body: body, carryCount: carry.count, sequenceCount: sequences.count, length: length, reverse: reverse,
      segment: segment ?? Scan.segment(length))
    return loop.parts(Tensor.apply(loop, carry + sequences + captured))
  }

  /// The kinds of results apart.
  func parts<T>(_ results: [T]) -> (carry: [T], outputs: [T], starts: [T]) {
    let end = results.count - carryCount
    return (Array(results[..<carryCount]), Array(results[carryCount..<end]), Array(results[end...]))
  }

  /// The kinds of inputs apart.
  func operands<T>(_ inputs: [T]) -> (carry: [T], sequences: [T], captured: [T]) {
    let end = carryCount + sequenceCount
    return (Array(inputs[..<carryCount]), Array(inputs[carryCount..<end]), Array(inputs[end...]))
  }

  func results(of inputs: [TensorSpec]) -> [TensorSpec] {
    let carry = Array(inputs[..<carryCount])
    let outputs = body.outputs.dropFirst(carryCount).map { TensorSpec([length] + $0.shape, $0.dtype) }
    return carry + outputs + carry.map { TensorSpec([segmentCount] + $0.shape, $0.dtype) }
  }

  func kernel(inputs: [TensorSpec], outputs: [TensorSpec]) -> Kernel {
    let (carryCount, sequenceCount, length, reverse, segment) = (carryCount, sequenceCount, length, reverse, segment)
    let program = body.program
    let layout = ResultLayout(Array(inputs[..<carryCount]))
    let carryBytes = inputs[..<carryCount].map(\.byteCount)
    let elementBytes = inputs[carryCount..<carryCount + sequenceCount].map { $0.byteCount / max(length, 1) }
    let outputBytes = outputs[carryCount..<outputs.count - carryCount].map { $0.byteCount / max(length, 1) }
    let inputCount = inputs.count
    return Kernel(workspaceByteCount: 2 * layout.byteCount) { arguments in
      func copyCarry(from source: (Int) -> UnsafeMutableRawPointer, to target: (Int) -> UnsafeMutableRawPointer) {
        for index in 0..<carryCount { target(index).copyMemory(from: source(index), byteCount: carryBytes[index]) }
      }
      let initial = { (index: Int) in arguments.pointer(index) }
      let final = { (index: Int) in arguments.pointer(inputCount + index) }
      let firstStart = inputCount + carryCount + outputBytes.count
      if length == 0 { copyCarry(from: initial, to: final) }
      for step in 0..<length {
        let place = reverse ? length - 1 - step : step
        // The carry alternates between two buffers; the first step reads the initial one, the last writes the final one.
        let (older, newer) = (arguments.workspace + (step & 1) * layout.byteCount, arguments.workspace + (1 - step & 1) * layout.byteCount)
        let current = { (index: Int) in step == 0 ? initial(index) : older + layout.offsets[index] }
        if step % segment == 0 {
          copyCarry(from: current) { arguments.pointer(firstStart + $0) + step / segment * carryBytes[$0] }
        }
        program.run(
          arguments: { index in
            if index < carryCount { return current(index) }
            let sequence = index - carryCount
            return sequence < sequenceCount ? arguments.pointer(index) + place * elementBytes[sequence] : arguments.pointer(index)
          },
          results: { index in
            if index < carryCount { return step == length - 1 ? final(index) : newer + layout.offsets[index] }
            return arguments.pointer(inputCount + index) + place * outputBytes[index - carryCount]
          })
      }
    }
  }
}
