import Autodiff

/// Shape operations, indexing, order, sums of products and batched triangular systems.
extension PrimitiveCatalogue {
  static let indexing: [PrimitiveCase] = arrangements + picks + sums + triangularSystems

  private static func integers(_ values: [Int32], _ shape: [Int]? = nil) -> Tensor { Tensor(values, shape: shape) }

  private static let arrangementRows: [UnaryRow] = [
    ("pad", { $0.padded([(1, 0), (0, 2), (3, 1)], with: .constant(0.5)) }),
    ("pad edge", { $0.padded(axis: 2, before: 2, after: 1, with: .edge) }),
    ("pad reflect", { $0.padded(axis: -1, before: 3, after: 2, with: .reflect) }), ("split", { $0.split(into: 3, axis: 1)[1] }),
    ("split sizes", { square($0.split(sizes: [1, 3], axis: -1)[1]) }), ("tile", { $0.tiled([2, 1, 3]) }),
    ("tile more axes", { $0.tiled([2, 1, 2, 1]) }),
    ("repeat", { $0.repeated(2, axis: 1) }), ("flip", { $0.flipped(axis: 1) }), ("flip rows", { $0.flipped(axis: 0) * $0 }),
    ("flip last", { $0.flipped(axis: -1) * $0 }), ("roll", { $0.rolled(3, axis: 2) }), ("roll back", { $0.rolled(-1, axis: 0) * $0 }),
    ("swapAxes", { $0.swappedAxes(0, -1) }), ("moveAxis", { $0.movedAxis(0, to: 1) }), ("subscript", { $0[0..., 1..., -1] }),
    ("subscript range", { $0[1, 0..<2, 1...2] }), ("diagonal", { $0.diagonal(offset: 1) }),
    ("diagonal axes", { $0.diagonal(axes: (0, 2)) }),
    ("trace", { $0.trace(offset: -1) }), ("diagonalMatrix", { $0.diagonalMatrix() }), ("lower triangle", { $0.lowerTriangle(offset: 1) }),
    ("upper triangle", { $0.upperTriangle(offset: -1) }),
  ]
  private static let arrangements = arrangementRows.map { row in
    let function = row.1
    return PrimitiveCase(row.0, [normal([2, 3, 4], 30)]) { function($0[0]) }
  }

  private static let pickRows: [UnaryRow] = [
    ("take rows", { $0.take(integers([1, 0, 1, 1], [2, 2]), axis: 0) }), ("take columns", { $0.take(integers([2, 0, 2]), axis: 1) }),
    ("take one", { $0.take(Tensor(1, dtype: .int32), axis: -1) }), ("take none", { $0.take(integers([]), axis: 1).sum() + $0.sum() }),
    ("takeAlong", { $0.takeAlong(integers([0, 2, 1, 1, 2, 0, 0, 1], [2, 1, 4]), axis: 1) }),
    ("takeAlong last", { $0.takeAlong(integers([3, 1], [1, 1, 2]), axis: 2) }), ("sort", { $0.sorted() }),
    ("sort rows", { $0.sorted(axis: 0) }),
    ("sort descending", { $0.sorted(axis: 1, descending: true) }), ("topK", { $0.topK(2).values }),
    ("topK rows", { $0.topK(1, axis: 0).values }),
  ]
  private static let picks: [PrimitiveCase] =
    pickRows.map { row in
      let function = row.1
      return PrimitiveCase(row.0, [normal([2, 3, 4], 31)]) { function($0[0]) }
    } + [
      PrimitiveCase("scatterAdd", [normal([3, 2], 32), normal([4, 2], 33)]) { $0[0].scatterAdd(integers([0, 2, 2, 0]), $0[1], axis: 0) },
      PrimitiveCase("scatterAdd columns", [normal([3, 2], 32), normal([3, 2, 2], 33)]) {
        $0[0].scatterAdd(integers([0, 1, 1, 1], [2, 2]), $0[1], axis: 1)
      },
      PrimitiveCase("scatterAdd shared", [normal([3, 2], 32), normal([2], 33)]) { $0[0].scatterAdd(integers([0, 2, 2]), $0[1], axis: 0) },
      // Indices that depend on the example, once in the table's and once in the updates' place.
      PrimitiveCase("take by order", [normal([5], 34), normal([5, 2], 35)]) { $0[1].take($0[0].argsort(), axis: 0) },
      PrimitiveCase("take columns by order", [normal([5], 34), normal([2, 5], 35)]) { $0[1].take($0[0].argsort(), axis: 1) },
      PrimitiveCase("scatter by order", [normal([5], 34), normal([2, 5], 35)]) {
        Tensor.zeros([2, 5], dtype: $0[1].dtype).scatterAdd($0[0].argsort(), $0[1], axis: 1)
      },
      PrimitiveCase("takeAlong by order", [normal([3, 4], 34), normal([3, 4], 35)]) { $0[1].takeAlong($0[0].argsort(axis: 0), axis: 0) },
    ]

  private static let sums: [PrimitiveCase] = [
    PrimitiveCase("einsum matrices", [normal([2, 3, 4], 36), normal([2, 4, 5], 37)]) { einsum("bij,bjk->bki", $0) },
    PrimitiveCase("einsum ellipsis", [normal([2, 3, 4], 36), normal([4, 2], 37)]) { einsum("...ij,jk", $0) },
    PrimitiveCase("einsum three", [normal([2, 3], 36), normal([3, 4], 37), normal([4, 2], 38)]) { einsum("ab,bc,cd->da", $0) },
    PrimitiveCase("einsum diagonal", [normal([3, 3, 2], 36)]) { einsum("iij->ji", $0) },
    PrimitiveCase("einsum products", [normal([3, 2], 36), normal([2], 37)]) { einsum("ij,j->ij", $0) },
    PrimitiveCase("outer", [normal([3], 36), normal([2], 37)]) { outer($0[0], $0[1]) },
    PrimitiveCase("inner axes", [normal([2, 3], 36), normal([4, 3], 37)]) { inner($0[0], $0[1]) },
    PrimitiveCase("tensordot", [normal([2, 3, 4], 36), normal([3, 4, 2], 37)]) { tensordot($0[0], $0[1]) },
    PrimitiveCase("matmul batch of one", [normal([2, 3, 4], 36), normal([1, 4, 2], 37)]) { $0[0].matmul($0[1]) },
  ]

  private static func definite(_ x: Tensor) -> Tensor { x.matmul(x.transposed()) + Tensor.identity(x.shape[x.rank - 1], dtype: x.dtype) }
  private static func dominant(_ x: Tensor) -> Tensor { x + 4 * Tensor.identity(x.shape[x.rank - 1], dtype: x.dtype) }

  private static let triangularSystems: [PrimitiveCase] = [
    PrimitiveCase("cholesky batch", [normal([2, 3, 3], 40)]) { definite($0[0]).cholesky() },
    PrimitiveCase("triangularSolve batch", [normal([2, 3, 3], 41), normal([2, 3, 2], 42)]) { dominant($0[0]).triangularSolve($0[1]) },
    PrimitiveCase("triangularSolve batch upper T", [normal([2, 3, 3], 41), normal([2, 3, 2], 42)]) {
      dominant($0[0]).triangularSolve($0[1], lower: false, transposed: true)
    },
    PrimitiveCase("triangularSolve vector", [normal([3, 3], 41), normal([3], 42)]) { dominant($0[0]).triangularSolve($0[1]) },
    PrimitiveCase("triangularSolve wide", [normal([3, 3], 41), normal([2, 3, 2], 42)]) {
      dominant($0[0]).triangularSolve($0[1], transposed: true)
    },
    PrimitiveCase("triangularSolve shared", [normal([2, 3, 3], 41), normal([3, 2], 42)]) { dominant($0[0]).triangularSolve($0[1]) },
  ]
}
