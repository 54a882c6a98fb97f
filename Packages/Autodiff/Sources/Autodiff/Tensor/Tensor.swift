/// An n-dimensional array of `float32`, `float64`, `int32` or `bool`: an immutable value that any thread may read.
///
/// A tensor is a vertex of an expression graph. Operations only add vertices; reading a value (`scalars`, `item`) computes what
/// it needs. Binary operations follow NumPy broadcasting. Mixing dtypes is an error: convert with `cast(to:)`.
public struct Tensor: Sendable {
  let node: Node

  init(node: Node) { self.node = node }

  /// The extent of each axis.
  public var shape: [Int] { node.spec.shape }
  /// The type of the elements.
  public var dtype: DType { node.spec.dtype }
  /// The number of axes.
  public var rank: Int { node.spec.shape.count }
  /// The number of elements.
  public var count: Int { node.spec.count }
  /// Shape and dtype together.
  public var spec: TensorSpec { node.spec }

  /// A scalar (shape `[]`).
  public init(_ value: Double, dtype: DType = .float32) {
    self = .full([], value, dtype: dtype)
  }

  /// Elements in row-major order; `shape` defaults to `[scalars.count]`.
  public init<Scalar: TensorScalar>(
    _ scalars: [Scalar], shape: [Int]? = nil
  ) {
    self = scalars.withUnsafeBytes {
      Tensor(bytes: $0, shape: shape ?? [scalars.count], dtype: Scalar.dtype)
    }
  }

  /// Elements in row-major order, each rounded once to `dtype`.
  public init(_ scalars: [Double], shape: [Int]? = nil, dtype: DType) {
    self = Tensor(scalars, shape: shape).cast(to: dtype)
  }

  /// Copies raw elements, row-major and in native byte order.
  public init(
    bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType
  ) {
    let spec = TensorSpec(shape, dtype)
    require(
      shape.allSatisfy { $0 >= 0 } && bytes.count == spec.byteCount,
      "Tensor: \(bytes.count / dtype.byteCount) scalars cannot fill shape \(shape), which needs \(spec.count)")
    let storage = Storage(byteCount: spec.byteCount)
    if let source = bytes.baseAddress { storage.address.copyMemory(from: source, byteCount: bytes.count) }
    self.init(node: Node(storage: storage, spec: spec))
  }

  /// Every element equal to `value`.
  public static func full(_ shape: [Int], _ value: Double, dtype: DType = .float32) -> Tensor {
    apply(Fill(value: value, shape: shape, dtype: dtype), [])
  }

  /// Every element 0.
  public static func zeros(_ shape: [Int], dtype: DType = .float32) -> Tensor { full(shape, 0, dtype: dtype) }
  /// Every element 1.
  public static func ones(_ shape: [Int], dtype: DType = .float32) -> Tensor { full(shape, 1, dtype: dtype) }
  /// Zeros in the shape and dtype of another tensor.
  public static func zeros(like other: Tensor) -> Tensor { zeros(other.shape, dtype: other.dtype) }
  /// Ones in the shape and dtype of another tensor.
  public static func ones(like other: Tensor) -> Tensor { ones(other.shape, dtype: other.dtype) }

  /// The index along `axis` at every position: `iota([3])` is `[0, 1, 2]`.
  public static func iota(_ shape: [Int], axis: Int = 0, dtype: DType = .int32) -> Tensor {
    let axis = Shape.normalize(axis, rank: shape.count, "iota")
    return apply(Iota(shape: shape, axis: axis, dtype: dtype), [])
  }

  /// The identity matrix `[n, n]`.
  public static func identity(_ n: Int, dtype: DType = .float32) -> Tensor {
    (iota([n, n], axis: 0) .== iota([n, n], axis: 1)).cast(to: dtype)
  }

  /// Applies a primitive; the way to use one of your own.
  public static func apply(_ primitive: some Primitive, _ inputs: [Tensor]) -> Tensor {
    let spec = primitive.result(of: inputs.map(\.spec))
    return Tensor(node: Node(primitive, inputs.map(\.node), spec))
  }

  /// The elements in row-major order. The scalar type must be that of the tensor.
  public func scalars<Scalar: TensorScalar>(
    _ type: Scalar.Type = Scalar.self
  ) -> [Scalar] {
    require(
      Scalar.dtype == dtype, "scalars: the tensor holds \(dtype.rawValue), not \(Scalar.dtype.rawValue); use cast(to:)")
    return withUnsafeBytes { Array($0.bindMemory(to: Scalar.self)) }
  }

  /// The elements widened to `Double`, row-major.
  public var doubles: [Double] {
    dtype == .float64 ? scalars(Double.self) : cast(to: .float64).scalars(Double.self)
  }

  /// The only element, widened to `Double`.
  public func item() -> Double {
    require(count == 1, "item: shape \(shape) holds \(count) elements, not one")
    return doubles[0]
  }

  /// The evaluated elements as bytes, valid inside `body` only.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    let storage = Evaluator.storage(of: node)
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeRawBufferPointer(start: storage.address, count: node.spec.byteCount))
  }

  /// The same values in another dtype; to `bool` means `!= 0`.
  public func cast(to dtype: DType) -> Tensor {
    dtype == self.dtype ? self : .apply(Cast(to: dtype), [self])
  }
}

extension Tensor: CustomStringConvertible {
  /// Dtype, shape and, for small evaluated tensors, the values.
  public var description: String {
    let known = Evaluator.activeTransforms.withLock { _ in node.storage.map { !$0.isDonated } ?? false }
    guard known, count <= 64 else { return "Tensor(\(spec))" }
    return "Tensor(\(spec), \(doubles))"
  }
}
