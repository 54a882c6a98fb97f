import CAutodiff

/// A transcendental function of the kernels, and where it is sampled.
public struct MeasuredFunction: Sendable {
  public let name: String
  let operation: af_op
  /// Arguments besides those of every exponent.
  let interval: ClosedRange<Double>
  let domain: @Sendable (Double) -> Bool
  /// Errors are in units in the last place of the result, or of 1 where the result is smaller: near the zeros of functions
  /// that no formula gives to full relative precision.
  public let isAbsoluteBelowOne: Bool
  let takesTwo: Bool

  init(
    _ name: String, _ operation: af_op, _ interval: ClosedRange<Double>, absoluteBelowOne: Bool = false, takesTwo: Bool = false,
    where domain: @escaping @Sendable (Double) -> Bool = { _ in true }
  ) {
    self.name = name
    self.operation = operation
    self.interval = interval
    self.domain = domain
    isAbsoluteBelowOne = absoluteBelowOne
    self.takesTwo = takesTwo
  }

  /// The row of the table: the name, and the part of the domain where it is not the whole.
  public var title: String { isAbsoluteBelowOne ? "\(name), x < 0" : name }

  public static let all: [MeasuredFunction] = [
    MeasuredFunction("exp", AF_EXP, -746...710),
    MeasuredFunction("expm1", AF_EXPM1, -60...710),
    MeasuredFunction("log", AF_LOG, 0...20),
    MeasuredFunction("log1p", AF_LOG1P, -1...20),
    MeasuredFunction("rsqrt", AF_RSQRT, 0...20),
    MeasuredFunction("tanh", AF_TANH, -25...25),
    MeasuredFunction("sigmoid", AF_SIGMOID, -746...746),
    MeasuredFunction("softplus", AF_SOFTPLUS, -746...746),
    MeasuredFunction("sin", AF_SIN, -1e6...1e6),
    MeasuredFunction("cos", AF_COS, -1e6...1e6),
    MeasuredFunction("tan", AF_TAN, -1e6...1e6),
    MeasuredFunction("asin", AF_ASIN, -1...1),
    MeasuredFunction("acos", AF_ACOS, -1...1),
    MeasuredFunction("atan", AF_ATAN, -20...20),
    MeasuredFunction("atan2", AF_ATAN2, -20...20, takesTwo: true),
    MeasuredFunction("sinh", AF_SINH, -711...711),
    MeasuredFunction("cosh", AF_COSH, -711...711),
    MeasuredFunction("erf", AF_ERF, -6...6),
    MeasuredFunction("erfc", AF_ERFC, -6...27.5),
    MeasuredFunction("erfInverse", AF_ERFINV, -1...1),
    MeasuredFunction("logGamma", AF_LGAMMA, 0...200) { $0 > 0 },
    MeasuredFunction("digamma", AF_DIGAMMA, 0...200) { $0 > 0 },
    MeasuredFunction("pow", AF_POW, 0...20, takesTwo: true),
    MeasuredFunction("logGamma", AF_LGAMMA, -100 ... -0.001, absoluteBelowOne: true) { $0 < 0 && $0 > -1e6 },
    MeasuredFunction("digamma", AF_DIGAMMA, -100 ... -0.001, absoluteBelowOne: true) { $0 < 0 && $0 > -1e6 },
  ]
}
