/// Applies a binary element-wise function after broadcasting both operands.
func binary(_ function: ElementwiseFunction, _ a: Tensor, _ b: Tensor) -> Tensor {
  require(
    a.dtype == b.dtype, "\(function.rawValue): dtypes \(a.dtype.rawValue) and \(b.dtype.rawValue) differ; convert one with cast(to:)")
  if a.shape == b.shape { return elementwise(function, [a.node, b.node]) }
  guard let shape = Shape.broadcast(a.shape, b.shape) else {
    misuse("\(function.rawValue): shapes \(a.shape) and \(b.shape) do not broadcast; reshape one so that trailing axes agree or are 1")
  }
  return elementwise(function, [a.broadcast(to: shape).node, b.broadcast(to: shape).node])
}

func unary(_ function: ElementwiseFunction, _ x: Tensor) -> Tensor { elementwise(function, [x.node]) }

/// The common case of `Tensor.apply`, without its general machinery.
private func elementwise(_ function: ElementwiseFunction, _ inputs: [Node]) -> Tensor {
  let operand = inputs[0].spec
  require(
    operand.dtype != .int32 || function.acceptsIntegers,
    "\(function.rawValue): needs floating-point elements, got \(operand); convert with cast(to: .float32)")
  return Tensor(node: Node(Elementwise(function), inputs, TensorSpec(operand.shape, function.yieldsBool ? .bool : operand.dtype)))
}

infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence

extension Tensor {
  public static func + (a: Tensor, b: Tensor) -> Tensor { binary(.add, a, b) }
  public static func - (a: Tensor, b: Tensor) -> Tensor { binary(.subtract, a, b) }
  public static func * (a: Tensor, b: Tensor) -> Tensor { binary(.multiply, a, b) }
  /// The quotient; for int32 rounded towards minus infinity, and 0 where the divisor is 0.
  public static func / (a: Tensor, b: Tensor) -> Tensor { binary(.divide, a, b) }
  public static prefix func - (a: Tensor) -> Tensor { unary(.negate, a) }

  public static func + (a: Tensor, b: Double) -> Tensor { binary(.add, a, a.filled(b)) }
  public static func - (a: Tensor, b: Double) -> Tensor { binary(.subtract, a, a.filled(b)) }
  public static func * (a: Tensor, b: Double) -> Tensor { binary(.multiply, a, a.filled(b)) }
  public static func / (a: Tensor, b: Double) -> Tensor { binary(.divide, a, a.filled(b)) }
  public static func + (a: Double, b: Tensor) -> Tensor { binary(.add, b.filled(a), b) }
  public static func - (a: Double, b: Tensor) -> Tensor { binary(.subtract, b.filled(a), b) }
  public static func * (a: Double, b: Tensor) -> Tensor { binary(.multiply, b.filled(a), b) }
  public static func / (a: Double, b: Tensor) -> Tensor { binary(.divide, b.filled(a), b) }

  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }

  public static func .< (a: Tensor, b: Tensor) -> Tensor { binary(.less, a, b) }
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { binary(.lessOrEqual, a, b) }
  public static func .> (a: Tensor, b: Tensor) -> Tensor { binary(.less, b, a) }
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { binary(.lessOrEqual, b, a) }
  public static func .== (a: Tensor, b: Tensor) -> Tensor { binary(.equal, a, b) }
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { binary(.notEqual, a, b) }
  public static func .< (a: Tensor, b: Double) -> Tensor { a .< a.filled(b) }
  public static func .<= (a: Tensor, b: Double) -> Tensor { a .<= a.filled(b) }
  public static func .> (a: Tensor, b: Double) -> Tensor { a .> a.filled(b) }
  public static func .>= (a: Tensor, b: Double) -> Tensor { a .>= a.filled(b) }
  public static func .== (a: Tensor, b: Double) -> Tensor { a .== a.filled(b) }
  public static func .!= (a: Tensor, b: Double) -> Tensor { a .!= a.filled(b) }

  /// Logical and, or, not of `bool` tensors.
  public static func .& (a: Tensor, b: Tensor) -> Tensor { binary(.and, a, b) }
  public static func .| (a: Tensor, b: Tensor) -> Tensor { binary(.or, a, b) }
  public static prefix func .! (a: Tensor) -> Tensor { unary(.not, a) }

  /// `a` where `condition` holds, else `b`; all three broadcast. The branch not taken contributes no gradient, but it is
  /// computed: guard it against NaN when its derivative is infinite there.
  public static func `where`(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    require(
      condition.dtype == .bool && a.dtype == b.dtype,
      "where: needs a bool condition and branches of one dtype, got \(condition.dtype.rawValue), \(a.dtype.rawValue), \(b.dtype.rawValue)")
    guard let branches = Shape.broadcast(a.shape, b.shape), let shape = Shape.broadcast(condition.shape, branches) else {
      misuse("where: shapes \(condition.shape), \(a.shape), \(b.shape) do not broadcast; reshape so that trailing axes agree or are 1")
    }
    return .apply(
      Elementwise(.select), [condition.broadcast(to: shape), a.broadcast(to: shape), b.broadcast(to: shape)])
  }

  private func filled(_ value: Double) -> Tensor { .full(shape, value, dtype: dtype) }
}
