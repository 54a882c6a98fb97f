import CAutodiff

/// A function applied to corresponding elements of tensors of one shape.
struct Elementwise: Primitive {
  let function: ElementwiseFunction

  init(_ function: ElementwiseFunction) { self.function = function }

  var name: String { function.rawValue }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    let operand = function == .select ? inputs[1] : inputs[0]
    return TensorSpec(inputs[0].shape, function.yieldsBool ? .bool : operand.dtype)
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let builder = FusedKernelBuilder(shape: [output.count], compute: function.computeType(inputs: inputs, output: output))
    let operands = inputs.map { builder.input(dtype: $0.dtype, strides: [1]) }
    let result = builder.output(dtype: output.dtype)
    builder.append(function, into: result, operands)
    let kernel = builder.finish()
    return Kernel(workspaceByteCount: kernel.scratchByteCount) { kernel.run($0) }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] {
    output.rank == 0 ? [] : [.rows(inputs.map { _ in true })]
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs.mapped(isMapped, count)) }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    var sum: Tensor?
    for (index, tangent) in tangents.enumerated() {
      guard let tangent, let term = function.derivative(index, inputs, output, times: tangent) else { continue }
      sum = sum.map { $0 + term } ?? term
    }
    return sum
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    inputs.indices.map { index in
      inputs[index].dtype.isFloatingPoint ? function.derivative(index, inputs, output, times: cotangent) : nil
    }
  }
}

/// The element-wise functions; each has one row here, one in `derivative`, and one instruction of the C loop.
enum ElementwiseFunction: String, Sendable, Hashable, CaseIterable {
  case negate, abs, sign, square, reciprocal, sqrt, rsqrt, exp, expm1, log, log1p, tanh, sigmoid, softplus
  case sin, cos, tan, asin, acos, atan, sinh, cosh, erf, erfc, erfInverse, logGamma, digamma
  case floor, ceil, round, not, isFinite
  case add, subtract, multiply, divide, remainder, power, maximum, minimum, atan2, polygamma, gammaSlope
  case less, lessOrEqual, equal, notEqual, and, or
  case select

  var code: af_op {
    switch self {
    case .negate: AF_NEG
    case .abs: AF_ABS
    case .sign: AF_SIGN
    case .square: AF_SQUARE
    case .reciprocal: AF_RECIPROCAL
    case .sqrt: AF_SQRT
    case .rsqrt: AF_RSQRT
    case .exp: AF_EXP
    case .expm1: AF_EXPM1
    case .log: AF_LOG
    case .log1p: AF_LOG1P
    case .tanh: AF_TANH
    case .sigmoid: AF_SIGMOID
    case .softplus: AF_SOFTPLUS
    case .sin: AF_SIN
    case .cos: AF_COS
    case .tan: AF_TAN
    case .asin: AF_ASIN
    case .acos: AF_ACOS
    case .atan: AF_ATAN
    case .sinh: AF_SINH
    case .cosh: AF_COSH
    case .erf: AF_ERF
    case .erfc: AF_ERFC
    case .erfInverse: AF_ERFINV
    case .logGamma: AF_LGAMMA
    case .digamma: AF_DIGAMMA
    case .floor: AF_FLOOR
    case .ceil: AF_CEIL
    case .round: AF_ROUND
    case .not: AF_NOT
    case .isFinite: AF_ISFINITE
    case .add: AF_ADD
    case .subtract: AF_SUB
    case .multiply: AF_MUL
    case .divide: AF_DIV
    case .remainder: AF_REM
    case .power: AF_POW
    case .maximum: AF_MAX
    case .minimum: AF_MIN
    case .atan2: AF_ATAN2
    case .polygamma: AF_POLYGAMMA
    case .gammaSlope: AF_GAMMA_SLOPE
    case .less: AF_LT
    case .lessOrEqual: AF_LE
    case .equal: AF_EQ
    case .notEqual: AF_NE
    case .and: AF_AND
    case .or: AF_OR
    case .select: AF_SELECT
    }
  }

  var yieldsBool: Bool {
    switch self {
    case .less, .lessOrEqual, .equal, .notEqual, .and, .or, .not, .isFinite: true
    default: false
    }
  }

  /// Whether the function has a meaning for integers.
  var acceptsIntegers: Bool {
    switch self {
    case .negate, .abs, .sign, .square, .floor, .ceil, .round, .not, .isFinite, .select: true
    case .add, .subtract, .multiply, .divide, .remainder, .power, .maximum, .minimum: true
    case .less, .lessOrEqual, .equal, .notEqual, .and, .or: true
    default: false
    }
  }

  /// The type in which the C loop computes: bools travel as 0 and 1 of the type around them.
  func computeType(inputs: [TensorSpec], output: TensorSpec) -> DType {
    let dtype = self == .select ? output.dtype : inputs[0].dtype
    return dtype == .bool ? .float32 : dtype
  }
}
