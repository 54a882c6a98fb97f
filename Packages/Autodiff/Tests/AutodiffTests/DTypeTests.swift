import Autodiff
import Testing

/// Edge values in every dtype: compiled, uncompiled and interpreted agree, NaN for NaN and infinity for infinity.
@Suite struct DTypeTests {
  private static let reals: [Double] = [
    0, -0.0, 0.5, -0.5, 1, -1, 1.5, -2.5, 3, -7.25, 20, -40, 100, -100, 1e-30, -1e-30, 1e30, -1e30, .infinity, -.infinity, .nan,
  ]
  private static let integers: [Double] = [0, 1, -1, 2, -2, 3, 7, -7, 31, 46341, -46341, 2_147_483_647, -2_147_483_648]

  private static let unary: [UnaryRow] = [
    ("negate", { -$0 }), ("abs", { abs($0) }), ("sign", { sign($0) }), ("square", { square($0) }),
    ("floor", { floor($0) }), ("ceil", { ceil($0) }), ("round", { round($0) }), ("isFinite", { isFinite($0) }),
    ("not", { .!($0 .!= 0) }), ("isNaN", { isNaN($0) }), ("to float32", { $0.cast(to: .float32) }),
    ("to float64", { $0.cast(to: .float64) }), ("to int32", { $0.cast(to: .int32) }), ("to bool", { $0.cast(to: .bool) }),
    ("sum", { $0.sum() }), ("max", { $0.max() }), ("min", { $0.min() }), ("argmax", { $0.argmax(axis: 0) }),
    ("argmin", { $0.argmin(axis: 0) }), ("cumulativeSum", { $0.cumulativeSum(axis: 0) }),
  ]
  private static let ofReals: [UnaryRow] = [
    ("reciprocal", { reciprocal($0) }), ("sqrt", { sqrt($0) }), ("rsqrt", { rsqrt($0) }), ("exp", { exp($0) }),
    ("expm1", { expm1($0) }), ("log", { log($0) }), ("log1p", { log1p($0) }), ("tanh", { tanh($0) }), ("sigmoid", { sigmoid($0) }),
    ("softplus", { softplus($0) }), ("sin", { sin($0) }), ("cos", { cos($0) }), ("tan", { tan($0) }), ("asin", { asin($0) }),
    ("acos", { acos($0) }), ("atan", { atan($0) }), ("sinh", { sinh($0) }), ("cosh", { cosh($0) }), ("erf", { erf($0) }),
    ("erfc", { erfc($0) }), ("erfInverse", { erfInverse($0) }), ("logGamma", { logGamma($0) }), ("digamma", { digamma($0) }),
    ("polygamma 1", { polygamma(1, $0) }), ("polygamma 2", { polygamma(2, $0) }), ("power 1.5", { pow($0, 1.5) }),
  ]
  private static let binary: [BinaryRow] = [
    ("add", { $0 + $1 }), ("subtract", { $0 - $1 }), ("multiply", { $0 * $1 }), ("divide", { $0 / $1 }),
    ("remainder", { remainder($0, $1) }), ("power", { pow($0, $1) }), ("maximum", { maximum($0, $1) }),
    ("minimum", { minimum($0, $1) }), ("less", { $0 .< $1 }), ("lessOrEqual", { $0 .<= $1 }), ("equal", { $0 .== $1 }),
    ("notEqual", { $0 .!= $1 }), ("and", { ($0 .!= 0) .& ($1 .!= 0) }), ("or", { ($0 .!= 0) .| ($1 .!= 0) }),
    ("where", { Tensor.where($0 .< $1, $0, $1) }),
  ]

  private func agree(_ name: String, _ inputs: [Tensor], _ function: @escaping @Sendable ([Tensor]) -> Tensor) {
    let prepared = BothExecutors.prepare(inputs) { [function($0)] }
    let interpreted = prepared.reference.call(inputs)[0]
    for (way, other) in [("compiled", prepared.fast.call(inputs)[0]), ("uncompiled", function(inputs))] {
      #expect(other.spec == interpreted.spec)
      let tolerance = other.dtype == .float32 ? 1e-6 : 1e-13
      for (index, (a, b)) in zip(other.doubles, interpreted.doubles).enumerated() {
        let close = a == b || a.isNaN && b.isNaN || abs(a - b) <= tolerance * abs(b) + .leastNormalMagnitude
        #expect(close, "\(name) of \(inputs.map(\.spec)) at \(index), \(way): \(a), interpreted: \(b)")
      }
    }
  }

  @Test(arguments: [DType.float32, .float64]) func functionsOfReals(_ dtype: DType) {
    let x = Tensor(DTypeTests.reals, dtype: dtype)
    for row in DTypeTests.unary + DTypeTests.ofReals {
      let function = row.1
      agree(row.0, [x]) { function($0[0]) }
      for value in DTypeTests.reals { agree("\(row.0) of \(value)", [Tensor([value], dtype: dtype)]) { function($0[0]) } }
    }
  }

  @Test func functionsOfIntegers() {
    let x = Tensor(DTypeTests.integers, dtype: .int32)
    for row in DTypeTests.unary {
      let function = row.1
      agree(row.0, [x]) { function($0[0]) }
    }
  }

  @Test(arguments: [DType.float32, .float64, .int32]) func functionsOfPairs(_ dtype: DType) {
    let values = dtype == .int32 ? DTypeTests.integers : DTypeTests.reals
    let x = Tensor(values, dtype: dtype)
    for row in DTypeTests.binary {
      let function = row.1
      agree(row.0, [x.expanded(axis: 1), x]) { function($0[0], $0[1]) }
    }
  }
}
