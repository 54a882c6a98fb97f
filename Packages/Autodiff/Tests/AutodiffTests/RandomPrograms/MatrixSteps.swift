import Autodiff

extension RandomOperation {
  private static let isMatrix: @Sendable (Tensor) -> Bool = { $0.rank == 2 && !$0.shape.contains(0) }

  /// A A^T / columns + 1 of the first rows of a matrix.
  private static func positiveDefinite(_ x: Tensor) -> Tensor {
    let rows = x.slice(axis: 0, 0..<Swift.min(x.shape[0], 5))
    return rows.matmul(rows.transposed()) * (1 / Double(x.shape[1])) + Tensor.identity(rows.shape[0], dtype: x.dtype)
  }

  static let products: [RandomOperation] = [
    RandomOperation("matmul") { context in
      guard let a = context.pick({ $0.rank >= 1 }) else { return nil }
      let k = a.shape.last!
      guard let b = context.pick({ $0.rank >= 1 && $0.shape[Swift.max($0.rank - 2, 0)] == k && $0.rank <= 2 }) else { return nil }
      return context.bounded(a.matmul(b))
    },
    RandomOperation("matmul by a transpose") { context in
      guard let a = context.pick({ $0.rank >= 2 }) else { return nil }
      guard let b = context.pick({ $0.rank == 2 && $0.shape[1] == a.shape.last! && $0.shape[0] < 50 }) else { return nil }
      return context.bounded(a.matmul(b.transposed()))
    },
    RandomOperation("transpose matmul") { context in
      guard let a = context.pick(isMatrix) else { return nil }
      guard let b = context.pick({ isMatrix($0) && $0.shape[0] == a.shape[0] }), a.shape[1] < 50, b.shape[1] < 50 else { return nil }
      return context.bounded(a.transposed().matmul(b) * (1 / Double(a.shape[0])))
    },
    RandomOperation("layer") { context in
      guard let x = context.pick({ $0.rank == 2 }) else { return nil }
      guard let w = context.pick({ $0.rank == 2 && $0.shape[0] == x.shape[1] }) else { return nil }
      return context.dice.chance(50) ? tanh(x.matmul(w) + w.sum(axis: 0) * 0.2) : 0.5 * softplus(x.matmul(w))
    },
    RandomOperation("batched matmul") { context in
      guard let a = context.pick({ $0.rank >= 3 }) else { return nil }
      return context.bounded(a.matmul(cos(a).transposed()) * (1 / Double(Swift.max(a.shape.last!, 1))))
    },
    RandomOperation("outer") { context in
      guard let a = context.pick({ $0.rank == 1 }), let b = context.pick({ $0.rank == 1 }) else { return nil }
      return 0.5 * a.expanded(axis: 1).matmul(b.expanded(axis: 0))
    },
    RandomOperation("radialSum") { context in
      guard let x = context.pick(isMatrix) else { return nil }
      guard let y = context.pick({ isMatrix($0) && $0.shape[1] == x.shape[1] && $0.shape[0] < 50 }) else { return nil }
      guard let h = context.pick({ isMatrix($0) && $0.shape[0] == y.shape[0] }) else { return nil }
      return context.bounded(radialSum(.squaredExponential, x, y, weights: h) * (1 / Double(y.shape[0])))
    },
    RandomOperation("cholesky") { context in
      guard let x = context.pick(isMatrix) else { return nil }
      return 0.5 * positiveDefinite(x).cholesky()
    },
    RandomOperation("triangularSolve") { context in
      guard let x = context.pick(isMatrix) else { return nil }
      let matrix = positiveDefinite(x)
      let (lower, transposed) = (context.dice.chance(50), context.dice.chance(50))
      context.remark = lower ? " lower" : " upper"
      let right = context.fitted(context.pick(), to: matrix)
      return context.bounded(matrix.triangularSolve(right, lower: lower, transposed: transposed))
    },
    RandomOperation("batched systems") { context in
      guard let x = context.pick({ $0.rank >= 3 && !$0.shape.contains(0) && $0.shape[$0.rank - 2] < 6 }) else { return nil }
      let n = x.shape[x.rank - 2]
      let matrices = x.matmul(x.transposed()) * (1 / Double(x.shape.last!)) + Tensor.identity(n, dtype: x.dtype)
      return context.bounded(matrices.cholesky().triangularSolve(x, transposed: context.dice.chance(50)))
    },
    RandomOperation("triangles") { context in
      guard let x = context.pick({ $0.rank >= 2 }) else { return nil }
      return x.lowerTriangle(offset: context.dice.roll(3) - 1) - 0.5 * x.upperTriangle()
    },
    RandomOperation("diagonal") { context in
      guard let x = context.pick({ $0.rank >= 2 && $0.shape.suffix(2).allSatisfy { $0 > 1 } }) else { return nil }
      return x.diagonal(offset: context.dice.roll(3) - 1)
    },
    RandomOperation("diagonalMatrix") { context in
      context.pick { $0.rank >= 1 && $0.rank < 4 && $0.shape.last! < 7 }.map { $0.diagonalMatrix() }
    },
    RandomOperation("einsum rows") { context in
      context.pick { $0.rank >= 2 && $0.shape.last! > 0 }.map { x in
        einsum("...ij,...ij->...i", x, cos(x)) * (1 / Double(x.shape.last!))
      }
    },
    RandomOperation("einsum of three") { context in
      guard let x = context.pick({ isMatrix($0) && $0.shape[0] < 20 }) else { return nil }
      return context.bounded(einsum("ab,cb,ac->ca", x, sin(x), .ones([x.shape[0], x.shape[0]], dtype: x.dtype)))
    },
    RandomOperation("tensordot") { context in
      guard let x = context.pick({ $0.rank == 3 && !$0.shape.contains(0) && $0.shape[0] < 20 }) else { return nil }
      return context.bounded(tensordot(x, tanh(x), axes: ([1, 2], [1, 2])) * (1 / Double(x.shape[1])))
    },
  ]
}
