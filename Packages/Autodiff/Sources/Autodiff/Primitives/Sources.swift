import CAutodiff

/// Every element equal to one value.
struct Fill: Primitive {
  let value: Double
  let shape: [Int]
  let dtype: DType

  var name: String { "fill(\(value))" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(shape, dtype) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (code, count, value) = (dtype.code, Int64(output.count), value)
    return Kernel { af_fill(code, $0.pointer(0), count, value) }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { output.rank == 0 ? [] : [.rows([])] }

  // Two NaN constants are the same constant: without this, equality of the value would keep them apart.
  static func == (a: Fill, b: Fill) -> Bool {
    a.value.bitPattern == b.value.bitPattern && a.shape == b.shape && a.dtype == b.dtype
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(value.bitPattern)
    hasher.combine(shape)
    hasher.combine(dtype)
  }
}

/// The index along one axis.
struct Iota: Primitive {
  let shape: [Int]
  let axis: Int
  let dtype: DType

  var name: String { "iota" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(shape, dtype) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (outer, length, inner) = Shape.split(output.shape, around: axis..<axis + 1)
    let (code, alongRows) = (dtype.code, axis == 0)
    return Kernel {
      af_iota(code, $0.pointer(0), Int64(outer), Int64(length), Int64(inner), alongRows ? Int64($0.firstRow) : 0)
    }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { [.rows([])] }
}

/// Conversion to another dtype.
struct Cast: Primitive {
  let to: DType

  var name: String { "cast(\(to.rawValue))" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(inputs[0].shape, to) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (from, to, count) = (inputs[0].dtype.code, to.code, Int64(output.count))
    return Kernel { af_cast(from, $0.pointer(0), to, $0.pointer(1), count) }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs) }
  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { output.rank == 0 ? [] : [.rows([true])] }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    to.isFloatingPoint && inputs[0].dtype.isFloatingPoint ? tangents[0]?.cast(to: to) : nil
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    [to.isFloatingPoint && inputs[0].dtype.isFloatingPoint ? cotangent.cast(to: inputs[0].dtype) : nil]
  }
}

/// The value with respect to which a transform differentiates: the input itself, under a new identity.
struct Variable: Primitive {
  var name: String { "variable" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }
  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel { copyKernel(output) }
  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs) }
  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { output.rank == 0 ? [] : [.rows([true])] }
  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? { tangents[0] }
  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] { [cotangent] }
}

/// The input as a constant: no derivative passes.
struct StopGradient: Primitive {
  var name: String { "stopGradient" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }
  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel { copyKernel(output) }
  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs) }
  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { output.rank == 0 ? [] : [.rows([true])] }
}

/// Copies the only input.
func copyKernel(_ spec: TensorSpec) -> Kernel {
  let bytes = spec.byteCount
  return Kernel { $0.pointer(1).copyMemory(from: $0.pointer(0), byteCount: bytes) }
}
