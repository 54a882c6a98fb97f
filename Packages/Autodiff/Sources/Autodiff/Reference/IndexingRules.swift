extension Gather: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor.indexed(output) { index in
      var source = index
      source[0] = Int(inputs[1].values[index[0]])
      return inputs[0][source]
    }
  }
}

extension ScatterAdd: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let length = output.shape.dropFirst().reduce(1, *)
    var sums = [Double](repeating: 0, count: output.count)
    for (row, target) in inputs[1].values.enumerated() {
      for column in 0..<length { sums[Int(target) * length + column] += inputs[0].values[row * length + column] }
    }
    return HostTensor(output) { sums[$0] }
  }
}
