#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Elementwise: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let operands = inputs.map(\.values)
    let isInteger = (function == .select ? output : inputs[0].spec).dtype == .int32
    return HostTensor(output) { position in
      let x = operands[0][position]
      switch operands.count {
      case 1: return isInteger ? integer(function, x) : real(function, x)
      case 2: return isInteger ? integer(function, x, operands[1][position]) : real(function, x, operands[1][position])
      default: return x != 0 ? operands[1][position] : operands[2][position]
      }
    }
  }
}

extension ConstantPower: ReferenceRule {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    HostTensor(output) { pow(inputs[0].values[$0], exponent) }
  }
}

/// Functions of one real number; bool values come as 0 and 1.
private func real(_ function: ElementwiseFunction, _ x: Double) -> Double {
  switch function {
  case .negate: -x
  case .abs: abs(x)
  case .sign: x > 0 ? 1 : x < 0 ? -1 : x
  case .square: x * x
  case .reciprocal: 1 / x
  case .sqrt: x.squareRoot()
  case .rsqrt: 1 / x.squareRoot()
  case .exp: exp(x)
  case .expm1: expm1(x)
  case .log: log(x)
  case .log1p: log1p(x)
  case .tanh: tanh(x)
  case .sigmoid: x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x))
  case .softplus: max(x, 0) + log1p(exp(-abs(x)))
  case .sin: sin(x)
  case .cos: cos(x)
  case .tan: tan(x)
  case .asin: asin(x)
  case .acos: acos(x)
  case .atan: atan(x)
  case .sinh: sinh(x)
  case .cosh: cosh(x)
  case .erf: erf(x)
  case .erfc: erfc(x)
  case .erfInverse: SpecialFunctions.erfInverse(x)
  case .logGamma: lgamma(x).0
  case .digamma: SpecialFunctions.digamma(x)
  case .floor: x.rounded(.down)
  case .ceil: x.rounded(.up)
  case .round: x.rounded(.toNearestOrEven)
  case .not: x == 0 ? 1 : 0
  case .isFinite: x.isFinite ? 1 : 0
  default: preconditionFailure("reference: \(function.rawValue) is not a function of one real number")
  }
}

/// Functions of two real numbers.
private func real(_ function: ElementwiseFunction, _ x: Double, _ y: Double) -> Double {
  switch function {
  case .add: x + y
  case .subtract: x - y
  case .multiply: x * y
  case .divide: x / y
  case .power: pow(x, y)
  case .maximum: x.isNaN || x > y ? x : y
  case .minimum: x.isNaN || x < y ? x : y
  case .atan2: atan2(x, y)
  case .remainder: SpecialFunctions.remainder(x, y)
  case .polygamma: SpecialFunctions.polygamma(order: Int(x), y)
  case .gammaSlope: SpecialFunctions.gammaSlope(x, y)
  default: logical(function, x, y)
  }
}

/// Comparisons, and connectives of numbers that count as true unless they are 0.
private func logical(_ function: ElementwiseFunction, _ x: Double, _ y: Double) -> Double {
  let holds =
    switch function {
    case .less: x < y
    case .lessOrEqual: x <= y
    case .equal: x == y
    case .notEqual: x != y
    case .and: x != 0 && y != 0
    case .or: x != 0 || y != 0
    default: preconditionFailure("reference: \(function.rawValue) is not a function of two numbers")
    }
  return holds ? 1 : 0
}

/// Functions of one int32, with the low 32 bits of the result.
private func integer(_ function: ElementwiseFunction, _ x: Double) -> Double {
  switch function {
  case .negate: -x
  case .abs: abs(x)
  case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
  case .square: Double(Int32(x) &* Int32(x))
  case .floor, .ceil, .round: x
  case .not: x == 0 ? 1 : 0
  case .isFinite: 1
  default: preconditionFailure("reference: \(function.rawValue) is not a function of an integer")
  }
}

/// Functions of two int32, with the low 32 bits of the result; quotients round down and are 0 over 0.
private func integer(_ function: ElementwiseFunction, _ x: Double, _ y: Double) -> Double {
  switch function {
  case .add: x + y
  case .subtract: x - y
  case .multiply: Double(Int32(x) &* Int32(y))
  case .divide: y == 0 ? 0 : (x / y).rounded(.down)
  case .remainder: y == 0 ? 0 : x - y * (x / y).rounded(.down)
  case .power: integerPower(Int32(x), Int32(y))
  case .maximum: max(x, y)
  case .minimum: min(x, y)
  default: logical(function, x, y)
  }
}

/// x multiplied `exponent` times; for a negative exponent the quotient 1 / x^-exponent, towards zero.
private func integerPower(_ x: Int32, _ exponent: Int32) -> Double {
  if exponent < 0 { return x == 1 ? 1 : x == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0 }
  return Double((0..<exponent).reduce(1 as Int32) { power, _ in power &* x })
}
