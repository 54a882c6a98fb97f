extension Gather: ReferenceRule {
  /// out[batch.., outer.., index.., inner..] = table[batch.., outer.., indices[batch.., index..], inner..]
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor.indexed(output) { index in inputs[0][entry(index, inputs[1])] }
  }

  /// Where in the table the element `index` of the result comes from.
  fileprivate func entry(_ index: [Int], _ indices: HostTensor) -> [Int] {
    let inner = axis + indices.spec.rank - batchAxes
    let place = indices[Array(index[..<batchAxes] + index[axis..<inner])]
    return index[..<axis] + [Int(place)] + index[inner...]
  }
}

extension ScatterAdd: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let strides = Shape.strides(output.shape)
    var sums = [Double](repeating: 0, count: output.count)
    forEachIndex(inputs[0].spec.shape) { index in
      let entry = gather.entry(index, inputs[1])
      sums[zip(entry, strides).reduce(0) { $0 + $1.0 * $1.1 }] += inputs[0][index]
    }
    return HostTensor(output) { sums[$0] }
  }
}

/// Ascending order, with NaN as the largest.
private func precedes(_ x: Double, _ y: Double) -> Bool { x < y || y.isNaN && !x.isNaN }

extension ArgSort: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let (outer, length, inner) = Shape.split(output.shape, around: axis..<axis + 1)
    var result = [Double](repeating: 0, count: output.count)
    for line in 0..<outer * inner {
      let first = line / inner * length * inner + line % inner
      let value = { (place: Int) in inputs[0].values[first + place * inner] }
      let order = (0..<length).sorted { a, b in
        if precedes(value(a), value(b)) { return !descending }
        if precedes(value(b), value(a)) { return descending }
        return a < b
      }
      for (place, position) in order.enumerated() { result[first + place * inner] = Double(position) }
    }
    return HostTensor(output, result)
  }
}

extension SearchSorted: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor(output) { position in
      let value = inputs[1].values[position]
      return Double(inputs[0].values.filter { afterEqual ? !precedes(value, $0) : precedes($0, value) }.count)
    }
  }
}
