extension Rematerialized: ReferenceResults {
  var bodies: [Subprogram] { [body] }

  func reference(_ inputs: [HostTensor]) -> [HostTensor] { ReferenceInterpreter.run(body.graph, inputs) }
}

extension CustomRule: ReferenceResults {
  func reference(_ inputs: [HostTensor]) -> [HostTensor] { Array(inputs.dropFirst(inputCount)) }
}

extension Scan: ReferenceResults {
  var bodies: [Subprogram] { [body] }

  /// The steps one after another; outputs land at the place of their step, starts of segments in the order of the steps.
  func reference(_ inputs: [HostTensor]) -> [HostTensor] {
    var (carry, sequences, captured) = operands(inputs)
    let emitted = body.outputs.count - carryCount
    var outputs = [[[Double]]](repeating: Array(repeating: [], count: length), count: emitted)
    var starts = [[Double]](repeating: [], count: carryCount)
    for step in 0..<length {
      let place = reverse ? length - 1 - step : step
      if step % segment == 0 { for index in 0..<carryCount { starts[index] += carry[index].values } }
      let results = ReferenceInterpreter.run(body.graph, carry + sequences.map { $0.row(place) } + captured)
      carry = Array(results.prefix(carryCount))
      for index in 0..<emitted { outputs[index][place] = results[carryCount + index].values }
    }
    let values = carry.map(\.values) + outputs.map { Array($0.joined()) } + starts
    return zip(results(of: inputs.map(\.spec)), values).map { HostTensor($0, $1) }
  }
}

extension HostTensor {
  /// Row `index` along axis 0, which disappears.
  fileprivate func row(_ index: Int) -> HostTensor {
    let row = TensorSpec(Array(spec.shape.dropFirst()), spec.dtype)
    return HostTensor(row, Array(values[index * row.count..<(index + 1) * row.count]))
  }
}
