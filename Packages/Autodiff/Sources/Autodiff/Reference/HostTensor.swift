/// The value of a tensor as a list of numbers, row-major: float32 and int32 values are doubles that these dtypes hold exactly,
/// bool values are 0 and 1.
struct HostTensor: Sendable {
  let spec: TensorSpec
  let strides: [Int]
  private(set) var values: [Double]

  /// Values that `spec.dtype` holds exactly.
  init(_ spec: TensorSpec, _ values: [Double]) {
    self.spec = spec
    self.values = values
    strides = Shape.strides(spec.shape)
  }

  /// Every element computed from its position and rounded once to the dtype.
  init(_ spec: TensorSpec, _ element: (_ position: Int) -> Double) {
    let round = HostTensor.rounding(to: spec.dtype)
    self.init(spec, (0..<spec.count).map { round(element($0)) })
  }

  /// Every element computed from its indices and rounded once to the dtype.
  static func indexed(_ spec: TensorSpec, _ element: (_ index: [Int]) -> Double) -> HostTensor {
    var position = 0
    var values = [Double](repeating: 0, count: spec.count)
    let round = HostTensor.rounding(to: spec.dtype)
    forEachIndex(spec.shape) { index in
      values[position] = round(element(index))
      position += 1
    }
    return HostTensor(spec, values)
  }

  subscript(index: [Int]) -> Double {
    var position = 0
    for axis in index.indices { position += index[axis] * strides[axis] }
    return values[position]
  }

  /// The nearest value of a dtype; int32 takes the low 32 bits of a whole number.
  static func rounding(to dtype: DType) -> (Double) -> Double {
    switch dtype {
    case .float64: { $0 }
    case .float32: { Double(Float($0)) }
    case .int32: { Double(Int32(truncatingIfNeeded: Int($0))) }
    case .bool: { $0 != 0 ? 1 : 0 }
    }
  }
}

/// All indices of an array of `shape` in row-major order.
func forEachIndex(_ shape: [Int], _ body: (_ index: [Int]) -> Void) {
  guard !shape.contains(0) else { return }
  var index = [Int](repeating: 0, count: shape.count)
  while true {
    body(index)
    var axis = shape.count - 1
    while axis >= 0 {
      index[axis] += 1
      if index[axis] < shape[axis] { break }
      index[axis] = 0
      axis -= 1
    }
    if axis < 0 { return }
  }
}

extension HostTensor {
  /// Reads memory of the fast path.
  init(_ spec: TensorSpec, reading memory: UnsafeRawPointer) {
    let values: [Double] =
      switch spec.dtype {
      case .float64: (0..<spec.count).map { memory.load(fromByteOffset: 8 * $0, as: Double.self) }
      case .float32: (0..<spec.count).map { Double(memory.load(fromByteOffset: 4 * $0, as: Float.self)) }
      case .int32: (0..<spec.count).map { Double(memory.load(fromByteOffset: 4 * $0, as: Int32.self)) }
      case .bool: (0..<spec.count).map { memory.load(fromByteOffset: $0, as: UInt8.self) == 0 ? 0 : 1 }
      }
    self.init(spec, values)
  }

  init(_ tensor: Tensor) {
    self = tensor.withUnsafeBytes { bytes in
      bytes.baseAddress.map { HostTensor(tensor.spec, reading: $0) } ?? HostTensor(tensor.spec, [])
    }
  }

  func write(to memory: UnsafeMutableRawPointer) {
    for (position, value) in values.enumerated() {
      switch spec.dtype {
      case .float64: memory.storeBytes(of: value, toByteOffset: 8 * position, as: Double.self)
      case .float32: memory.storeBytes(of: Float(value), toByteOffset: 4 * position, as: Float.self)
      case .int32: memory.storeBytes(of: Int32(value), toByteOffset: 4 * position, as: Int32.self)
      case .bool: memory.storeBytes(of: value == 0 ? 0 : 1, toByteOffset: position, as: UInt8.self)
      }
    }
  }

  var tensor: Tensor {
    let storage = Storage(byteCount: spec.byteCount)
    write(to: storage.address)
    return Tensor(node: Node(storage: storage, spec: spec))
  }
}
