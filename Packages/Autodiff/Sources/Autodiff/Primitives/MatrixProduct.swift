import CAutodiff

extension Tensor {
  /// Matrix product `[.., m, k] x [.., k, n] -> [.., m, n]`; batch axes broadcast, vectors are rows or columns as in NumPy.
  public func matmul(_ other: Tensor) -> Tensor {
    require(
      rank >= 1 && other.rank >= 1 && dtype == other.dtype && dtype.isFloatingPoint,
      "matmul: needs two floating-point tensors of one dtype and rank 1 or more, got \(spec) and \(other.spec)")
    if rank == 1 { return expanded(axis: 0).matmul(other).squeezed(axis: other.rank == 1 ? 0 : -2) }
    if other.rank == 1 { return matmul(other.expanded(axis: -1)).squeezed(axis: -1) }
    require(
      shape[rank - 1] == other.shape[other.rank - 2],
      "matmul: shapes \(shape) and \(other.shape): the last axis of the left (\(shape[rank - 1])) must equal the last but one of the right (\(other.shape[other.rank - 2])); transpose one of them"
    )
    if other.rank == 2 && rank > 2 {
      // One tall product instead of many small ones.
      let flat = reshaped([shape.dropLast().reduce(1, *), shape[rank - 1]])
      return flat.matmul(other).reshaped(shape.dropLast() + [other.shape[1]])
    }
    let (left, right) = (Array(shape.dropLast(2)), Array(other.shape.dropLast(2)))
    guard let batch = Shape.broadcast(left, right) else {
      misuse("matmul: batch axes of \(shape) and \(other.shape) do not broadcast; make them agree or 1")
    }
    return .apply(
      MatrixProduct(transposeLeft: false, transposeRight: false),
      [broadcast(to: batch + shape.suffix(2)), other.broadcast(to: batch + other.shape.suffix(2))])
  }
}

/// op(A) op(B) over equal batch axes, where op is the identity or the transpose of the last two axes.
///
/// With a third input C the result is C + op(A) op(B), which the compiler makes out of sums of products.
struct MatrixProduct: Primitive {
  let transposeLeft: Bool
  let transposeRight: Bool
  /// Columns of the result where the right factor has been packed.
  private(set) var packedColumns: Int?

  init(transposeLeft: Bool, transposeRight: Bool) {
    self.transposeLeft = transposeLeft
    self.transposeRight = transposeRight
  }

  func withPackedRight(columns: Int) -> MatrixProduct {
    var product = self
    product.packedColumns = columns
    return product
  }

  var name: String { "matmul" + (transposeLeft || transposeRight ? "(\(transposeLeft ? "T" : "N")\(transposeRight ? "T" : "N"))" : "") }

  /// Rows and columns of the result and the length of the inner products.
  func extents(_ a: [Int], _ b: [Int]) -> (m: Int, n: Int, k: Int) {
    let (p, q) = (a.count, b.count)
    let columns = packedColumns ?? (transposeRight ? b[q - 2] : b[q - 1])
    return (transposeLeft ? a[p - 1] : a[p - 2], columns, transposeLeft ? a[p - 2] : a[p - 1])
  }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    let (m, n, _) = extents(inputs[0].shape, inputs[1].shape)
    return TensorSpec(inputs[0].shape.dropLast(2) + [m, n], inputs[0].dtype)
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (m, n, k) = extents(inputs[0].shape, inputs[1].shape)
    return kernel(GemmCall(self, m, n, k, output.dtype), inputs: inputs, output: output)
  }

  /// The product of some rows of the result only, as in `call`.
  func kernel(_ call: GemmCall, inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (m, n, k) = (Int(call.m), Int(call.n), Int(call.k))
    let batches = output.shape.dropLast(2).reduce(1, *)
    let size = output.dtype.byteCount
    let addend = inputs.count == 3
    let (left, right, product) = (m * k * size, k * n * size, m * n * size)
    return Kernel(workspaceByteCount: call.workspaceByteCount) { arguments in
      let target = arguments.pointer(inputs.count)
      if addend && target != arguments.pointer(2) {
        target.copyMemory(from: arguments.pointer(2), byteCount: batches * product)
      }
      for batch in 0..<batches {
        call.run(
          arguments.pointer(0) + batch * left, arguments.pointer(1) + batch * right, target + batch * product,
          accumulate: addend, workspace: arguments.workspace)
      }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    if isMapped == [true, false], inputs[1].rank == 2, !transposeLeft {
      // One tall product instead of one for each example.
      let rows = inputs[0].shape[1]
      let tall = Tensor.apply(self, [inputs[0].reshaped([count * rows, inputs[0].shape[2]]), inputs[1]])
      return tall.reshaped([count, rows, tall.shape[1]])
    }
    return .apply(self, inputs.mapped(isMapped, count))
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] {
    if output.rank > 2 { return [.rows(inputs.map { _ in true })] }
    var ways: [Splitting] = []
    if !transposeLeft { ways.append(.rows(inputs.indices.map { $0 != 1 })) }
    if transposeLeft && !transposeRight && inputs.count == 2 { ways.append(.sumOfRows([true, true])) }
    return ways
  }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    let left = tangents[0].map { Tensor.apply(self, [$0, inputs[1]]) }
    let right = tangents[1].map { Tensor.apply(self, [inputs[0], $0]) }
    if let left, let right { return left + right }
    return left ?? right
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    let (a, b) = (inputs[0], inputs[1])
    let left =
      transposeLeft
      ? product(b, cotangent, transposeRight, true) : product(cotangent, b, false, !transposeRight)
    let right =
      transposeRight
      ? product(cotangent, a, true, transposeLeft) : product(a, cotangent, !transposeLeft, false)
    return [left, right]
  }

  private func product(_ a: Tensor, _ b: Tensor, _ transposeLeft: Bool, _ transposeRight: Bool) -> Tensor {
    .apply(MatrixProduct(transposeLeft: transposeLeft, transposeRight: transposeRight), [a, b])
  }
}

/// One two-dimensional product with its dimensions worked out.
struct GemmCall: Sendable {
  let dtype: af_dtype
  let transposeLeft: Int32
  let transposeRight: Int32
  let m: Int64
  let n: Int64
  let k: Int64
  private let leftStride: Int64
  private let isPacked: Bool

  /// `rows`: how many of the m rows of the result to compute (nil: all).
  init(_ product: MatrixProduct, _ m: Int, _ n: Int, _ k: Int, _ dtype: DType, rows: Int? = nil) {
    self.dtype = dtype.code
    transposeLeft = product.transposeLeft ? 1 : 0
    transposeRight = product.transposeRight ? 1 : 0
    (self.m, self.n, self.k) = (Int64(rows ?? m), Int64(n), Int64(k))
    leftStride = Int64(product.transposeLeft ? m : k)
    isPacked = product.packedColumns != nil
  }

  var workspaceByteCount: Int { isPacked ? 0 : af_gemm_workspace_bytes(dtype, m, n, k) }

  func run(
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ c: UnsafeMutableRawPointer, accumulate: Bool,
    workspace: UnsafeMutableRawPointer, epilogue: af_row_epilogue? = nil, context: UnsafeMutableRawPointer? = nil
  ) {
    if isPacked {
      af_gemm_packed(dtype, transposeLeft, m, n, k, a, leftStride, b, accumulate ? 1 : 0, c, n, epilogue, context)
      return
    }
    af_gemm(
      dtype, transposeLeft, transposeRight, m, n, k, a, leftStride, b, transposeRight == 1 ? k : n,
      accumulate ? 1 : 0, c, n, workspace, epilogue, context)
  }
}
