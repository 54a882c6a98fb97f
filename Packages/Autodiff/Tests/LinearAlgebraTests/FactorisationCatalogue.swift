import Autodiff
import AutodiffTestSupport
import LinearAlgebra

/// Every differentiable factorisation, of one matrix and of a batch, as functions that do not depend on free signs.
enum FactorisationCatalogue {
  private static func normal(_ shape: [Int], _ seed: UInt64) -> Tensor { .normal(shape, key: Key(seed: seed), dtype: .float64) }

  /// Eigenvalues and singular values well apart, so that finite differences see none cross.
  private static func spread(_ x: Tensor) -> Tensor {
    x * 0.3 + Tensor.iota([x.shape[x.rank - 1]], dtype: .float64).diagonalMatrix() * 2
      + Tensor.identity(x.shape[x.rank - 1], dtype: .float64)
  }

  private static func regular(_ x: Tensor) -> Tensor { x + 3 * Tensor.identity(x.shape[x.rank - 1], dtype: .float64) }

  static let all: [PrimitiveCase] = [
    PrimitiveCase("eigenvalues", [normal([4, 4], 1)]) { spread($0[0]).eigenSymmetric().values },
    PrimitiveCase("eigenvalues batch", [normal([2, 3, 3], 2)]) { spread($0[0]).eigenSymmetric().values },
    PrimitiveCase("eigenvectors", [normal([3, 3], 3)]) { square(spread($0[0]).eigenSymmetric().vectors) },
    PrimitiveCase("eigenvectors batch", [normal([2, 3, 3], 4)]) { square(spread($0[0]).eigenSymmetric().vectors) },
    PrimitiveCase("matrix exponential", [normal([3, 3], 5)]) {
      let (values, vectors) = spread($0[0]).eigenSymmetric()
      return (vectors * exp(values * 0.3).expanded(axis: -2)).matmul(vectors.transposed())
    },
    PrimitiveCase("qr tall q", [normal([4, 3], 6)]) { $0[0].qr().q },
    PrimitiveCase("qr tall r", [normal([4, 3], 7)]) { $0[0].qr().r },
    PrimitiveCase("qr square", [normal([2, 3, 3], 8)]) { .concatenated([$0[0].qr().q, $0[0].qr().r], axis: -1) },
    PrimitiveCase("qr wide", [normal([2, 2, 4], 9)]) { .concatenated([$0[0].qr().q, $0[0].qr().r], axis: -1) },
    PrimitiveCase("singular values", [normal([2, 3, 3], 10)]) { spread($0[0]).singularValues() },
    PrimitiveCase("singular vectors left", [normal([3, 3], 11), normal([2, 3], 12)]) {
      square(Tensor.concatenated([spread($0[0]), $0[1]], axis: 0).svd().u)
    },
    PrimitiveCase("singular vectors right", [normal([3, 3], 13), normal([3, 2], 14)]) {
      square(Tensor.concatenated([spread($0[0]), $0[1]], axis: 1).svd().vTransposed)
    },
    PrimitiveCase("svd put together", [normal([2, 4, 3], 15)]) {
      let (u, values, vTransposed) = $0[0].svd()
      return (u * tanh(values).expanded(axis: -2)).matmul(vTransposed)
    },
    PrimitiveCase("log determinant", [normal([3, 3], 16)]) { regular($0[0]).logDeterminant().logMagnitude },
    PrimitiveCase("log determinant batch", [normal([2, 3, 3], 17)]) { regular($0[0]).logDeterminant().logMagnitude },
    PrimitiveCase("inverse", [normal([3, 3], 18)]) { regular($0[0]).inverse() },
    PrimitiveCase("inverse batch", [normal([2, 3, 3], 19)]) { regular($0[0]).inverse() },
    PrimitiveCase("solve", [normal([3, 3], 20), normal([3, 2], 21)]) { regular($0[0]).solve($0[1]) },
    PrimitiveCase("solve vector", [normal([3, 3], 20), normal([3], 21)]) { regular($0[0]).solve($0[1]) },
    PrimitiveCase("solve batch", [normal([2, 3, 3], 22), normal([2, 3, 2], 23)]) { regular($0[0]).solve($0[1]) },
    PrimitiveCase("solve wide", [normal([3, 3], 24), normal([2, 3, 2], 25)]) { regular($0[0]).solve($0[1]) },
    PrimitiveCase("solve shared", [normal([2, 3, 3], 26), normal([3, 2], 27)]) { regular($0[0]).solve($0[1]) },
  ]
}
