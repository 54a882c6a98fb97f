extension Transpose: ReferenceRule {
  /// out[index] = in[source], where source[permutation[k]] = index[k].
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    var source = [Int](repeating: 0, count: permutation.count)
    return HostTensor.indexed(output) { index in
      for axis in permutation.indices { source[permutation[axis]] = index[axis] }
      return inputs[0][source]
    }
  }
}

extension Broadcast: ReferenceRule {
  /// Trailing axes correspond; an extent of 1 is read at 0.
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let extents = inputs[0].spec.shape
    let lead = shape.count - extents.count
    var source = [Int](repeating: 0, count: extents.count)
    return HostTensor.indexed(output) { index in
      for axis in extents.indices { source[axis] = extents[axis] == 1 ? 0 : index[lead + axis] }
      return inputs[0][source]
    }
  }
}

extension Slice: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor.indexed(output) { index in
      var source = index
      source[axis] = start + index[axis] * step
      return inputs[0][source]
    }
  }
}

extension Unslice: ReferenceRule {
  /// Places start, start + step, ... take the values, all others 0.
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let places = (0..<slice.count).map { slice.start + $0 * slice.step }
    return HostTensor.indexed(output) { index in
      guard let place = places.firstIndex(of: index[slice.axis]) else { return 0 }
      var source = index
      source[slice.axis] = place
      return inputs[0][source]
    }
  }
}

extension Concatenate: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor.indexed(output) { index in
      var (source, part) = (index, 0)
      while source[axis] >= inputs[part].spec.shape[axis] {
        source[axis] -= inputs[part].spec.shape[axis]
        part += 1
      }
      return inputs[part][source]
    }
  }
}
