import Autodiff
// For all files of this module.
@_exported import AutodiffTestSupport

typealias UnaryRow = (String, @Sendable (Tensor) -> Tensor)
typealias BinaryRow = (String, @Sendable (Tensor, Tensor) -> Tensor)

/// Every differentiable primitive of the engine in at least one shape.
enum PrimitiveCatalogue {
  static func normal(_ shape: [Int], _ seed: UInt64) -> Tensor { .normal(shape, key: Key(seed: seed), dtype: .float64) }
  static func positive(_ shape: [Int], _ seed: UInt64) -> Tensor { exp(normal(shape, seed) * 0.4) }
  static func open(_ shape: [Int], _ seed: UInt64) -> Tensor { tanh(normal(shape, seed) * 0.5) }

  static let all: [PrimitiveCase] = unary + binary + shapes + reductions + products + radialSums + functions + indexing

  private static let smooth: [UnaryRow] = [
    ("negate", { -$0 }), ("abs", { abs($0) }), ("square", { square($0) }), ("exp", { exp($0) }), ("expm1", { expm1($0) }),
    ("tanh", { tanh($0) }), ("sigmoid", { sigmoid($0) }), ("softplus", { softplus($0) }), ("sin", { sin($0) }),
    ("cos", { cos($0) }), ("tan", { tan($0 * 0.3) }), ("atan", { atan($0) }), ("sinh", { sinh($0) }), ("cosh", { cosh($0) }),
    ("erf", { erf($0) }), ("erfc", { erfc($0) }), ("power 5", { pow($0, 5) }), ("clamp", { clamp($0 * 3, -2.2, 1.7) }),
    ("cast", { $0.cast(to: .float64) }), ("stop", { $0 * stopGradient($0) }),
  ]

  private static let ofPositive: [UnaryRow] = [
    ("log", { log($0) }), ("log1p", { log1p($0) }), ("sqrt", { sqrt($0) }), ("rsqrt", { rsqrt($0) }),
    ("reciprocal", { reciprocal($0) }), ("power 1.7", { pow($0, 1.7) }), ("power -2", { pow($0, -2) }),
  ]

  private static let ofOpenInterval: [UnaryRow] = [
    ("asin", { asin($0) }), ("acos", { acos($0) }), ("erfInverse", { erfInverse($0) }),
  ]

  private static let unary: [PrimitiveCase] =
    rows(smooth, normal([7, 3], 1)) + rows(ofPositive, positive([5, 2], 2)) + rows(ofOpenInterval, open([6], 3))

  static func rows(_ rows: [UnaryRow], _ input: Tensor) -> [PrimitiveCase] {
    rows.map { row in
      let function = row.1
      return PrimitiveCase(row.0, [input]) { function($0[0]) }
    }
  }

  private static let binaryRows: [BinaryRow] = [
    ("add", { $0 + $1 }), ("subtract", { $0 - $1 }), ("multiply", { $0 * $1 }), ("divide", { $0 / $1 }),
    ("power", { pow($0, $1) }), ("maximum", { maximum($0, $1) }), ("minimum", { minimum($0, $1) }),
    ("atan2", { atan2(y: $0, x: $1) }), ("logAddExp", { logAddExp($0, $1) }),
    ("where", { Tensor.where($0 .> $1, $0 * $1, $0 - $1) }),
  ]

  private static let binary: [PrimitiveCase] = binaryRows.flatMap { row in
    let function = row.1
    return [
      PrimitiveCase(row.0, [positive([4, 3], 4), positive([4, 3], 5)]) { function($0[0], $0[1]) },
      PrimitiveCase("\(row.0) broadcast", [positive([4, 1], 6), positive([3], 7)]) { function($0[0], $0[1]) },
    ]
  }

  private static let shapeRows: [UnaryRow] = [
    ("reshape", { $0.reshaped([3, 8]) }), ("transpose", { $0.transposed([2, 0, 1]) }), ("swap", { $0.transposed() }),
    ("slice", { $0.slice(axis: 1, 1..<3) }), ("strided slice", { $0.slice(axis: 2, 0..<4, step: 2) }),
    ("slice rows", { $0.slice(axis: 0, 1..<2) }), ("broadcast", { $0.expanded(axis: 0).broadcast(to: [3, 2, 3, 4]) }),
    ("concatenate", { .concatenated([$0, $0 * 2], axis: 1) }), ("stack", { .stacked([$0, square($0)], axis: -1) }),
    ("gather", { $0.take(Tensor([1, 0, 1] as [Int32]), axis: 0) }), ("squeeze", { $0.expanded(axis: 2).squeezed(axis: 2) }),
    ("cumulativeSum", { $0.cumulativeSum(axis: 1) }), ("cumulativeSum rows", { $0.cumulativeSum(axis: 0) }),
    ("transpose times itself", { $0.reshaped([4, 6]).matmul($0.reshaped([4, 6]).transposed()) }),
    ("lowerTriangle", { $0.reshaped([4, 6]).slice(axis: 1, 0..<4).lowerTriangle() }),
  ]
  private static let shapes = rows(shapeRows, normal([2, 3, 4], 8))

  private static let reductionRows: [UnaryRow] = [
    ("sum", { $0.sum() }), ("sum 0", { $0.sum(axis: 0) }), ("sum 1", { $0.sum(axis: 1) }), ("sum 0 2", { $0.sum(axes: [0, 2]) }),
    ("sum kept", { $0.sum(axes: [-1], keepingDimensions: true) }), ("mean", { $0.mean(axes: [1, 2]) }),
    ("max", { $0.max(axis: 1) }), ("min", { $0.min(axes: [0, 1]) }), ("logSumExp", { $0.logSumExp(axis: -1) }),
  ]
  private static let reductions = rows(reductionRows, normal([3, 4, 5], 9))

  private static let radialSums: [PrimitiveCase] = RadialProfile.allCases.map { profile in
    PrimitiveCase("radialSum \(profile)", [normal([7, 3], 17), normal([5, 3], 18), normal([5, 2], 19)]) {
      radialSum(profile, $0[0], $0[1], weights: $0[2])
    }
  }

  private static let products: [PrimitiveCase] = [
    PrimitiveCase("matmul", [normal([3, 4], 10), normal([4, 5], 11)]) { $0[0].matmul($0[1]) },
    PrimitiveCase("matmul TN", [normal([4, 3], 10), normal([4, 5], 11)]) { $0[0].transposed().matmul($0[1]) },
    PrimitiveCase("matmul NT", [normal([3, 4], 10), normal([5, 4], 11)]) { $0[0].matmul($0[1].transposed()) },
    PrimitiveCase("matmul TT", [normal([4, 3], 10), normal([5, 4], 11)]) { $0[0].transposed().matmul($0[1].transposed()) },
    PrimitiveCase("matmul outer", [normal([6, 1], 10), normal([1, 5], 11)]) { $0[0].matmul($0[1]) },
    PrimitiveCase("matmul batch", [normal([2, 3, 4], 12), normal([2, 4, 5], 13)]) { $0[0].matmul($0[1]) },
    PrimitiveCase("matmul batch broadcast", [normal([2, 1, 3, 4], 12), normal([3, 4, 2], 13)]) { $0[0].matmul($0[1]) },
    PrimitiveCase("matmul tall", [normal([2, 3, 4], 12), normal([4, 2], 13)]) { $0[0].matmul($0[1]) },
    PrimitiveCase("matrix vector", [normal([3, 4], 12), normal([4], 13)]) { $0[0].matmul($0[1]) },
    PrimitiveCase("vector matrix", [normal([4], 12), normal([4, 3], 13)]) { $0[0].matmul($0[1]) },
    PrimitiveCase("inner", [normal([4], 12), normal([4], 13)]) { $0[0].matmul($0[1]) },
    PrimitiveCase("cholesky", [normal([4, 4], 14)]) { x in
      (x[0].matmul(x[0].transposed()) + Tensor.identity(4, dtype: x[0].dtype)).cholesky()
    },
    PrimitiveCase("triangularSolve", [normal([4, 4], 15), normal([4, 2], 16)]) {
      ($0[0] + 4 * Tensor.identity(4, dtype: $0[0].dtype)).triangularSolve($0[1])
    },
    PrimitiveCase("triangularSolve T", [normal([4, 4], 15), normal([4, 2], 16)]) {
      ($0[0] + 4 * Tensor.identity(4, dtype: $0[0].dtype)).triangularSolve($0[1], transposed: true)
    },
    PrimitiveCase("triangularSolve upper", [normal([4, 4], 15), normal([4, 2], 16)]) {
      ($0[0] + 4 * Tensor.identity(4, dtype: $0[0].dtype)).triangularSolve($0[1], lower: false)
    },
  ]
}
