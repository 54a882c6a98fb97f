extension Fill: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor { HostTensor(output) { _ in value } }
}

extension Iota: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor.indexed(output) { index in Double(index[axis]) }
  }
}

extension Cast: ReferenceRule {
  /// Towards zero and to the nearest end of the range for int32, where NaN becomes 0.
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor(output) { position in
      let x = inputs[0].values[position]
      guard to == .int32 else { return x }
      return x.isNaN ? 0 : min(max(x.rounded(.towardZero), Double(Int32.min)), Double(Int32.max))
    }
  }
}

// What passes its first input on.

extension Variable: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor { inputs[0] }
}

extension StopGradient: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor { inputs[0] }
}

extension Barrier: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor { inputs[0] }
}

extension Reshape: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor { HostTensor(output, inputs[0].values) }
}
