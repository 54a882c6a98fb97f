import Autodiff
import Testing

/// Laws of the derivatives of every differentiable primitive, in float64.
public enum DerivativeLaws {
  private static func inner(_ a: Tensor, _ b: Tensor) -> Double { (a * b).sum().item() }

  private static func directions(_ inputs: [Tensor], _ seed: UInt64) -> [Tensor] {
    inputs.enumerated().map { .normal($1.shape, key: Key(seed: seed).folded($0), dtype: .float64) }
  }

  public static func adjointIdentity(_ primitive: PrimitiveCase) {
    let tangent = directions(primitive.inputs, 100)
    let forward = jvp(primitive.inputs, along: tangent) { primitive.function($0) }
    let reverse = vjp(primitive.inputs) { primitive.function($0) }
    let cotangent = Tensor.normal(forward.value.shape, key: Key(seed: 101), dtype: .float64)
    let pulled = reverse.pullback(cotangent)
    let right = zip(pulled, tangent).map { inner($0, $1) }.reduce(0, +)
    expectClose([inner(cotangent, forward.tangent)], [right], 1e-11)
  }

  public static func finiteDifferences(_ primitive: PrimitiveCase) {
    let tangent = directions(primitive.inputs, 102)
    let exact = jvp(primitive.inputs, along: tangent) { primitive.function($0) }.tangent
    expectClose(exact.doubles, difference(primitive.inputs, tangent, primitive.function), 2e-8)
  }

  public static func secondOrder(_ primitive: PrimitiveCase) {
    let tangent = directions(primitive.inputs, 103)
    let weights = Tensor.normal(primitive.function(primitive.inputs).shape, key: Key(seed: 104), dtype: .float64)
    let gradient: @Sendable ([Tensor]) -> [Tensor] = { x in grad(x) { (sin(primitive.function($0)) * weights).sum() } }
    let exact = jvp(primitive.inputs, along: tangent, gradient).tangent
    let reverse = grad(primitive.inputs) { x in
      zip(gradient(x), tangent).map { ($0 * $1).sum() }.reduce(Tensor(0, dtype: .float64), +)
    }
    for index in primitive.inputs.indices {
      let expected = difference(primitive.inputs, tangent) { gradient($0)[index] }
      expectClose(exact[index].doubles, expected, 1e-6)
      // The Hessian is symmetric: reverse over reverse gives the same vector.
      expectClose(reverse[index].doubles, exact[index].doubles, 1e-9)
    }
  }

  public static func compiledEqualsUncompiled(_ primitive: PrimitiveCase) {
    let step: @Sendable ([Tensor]) -> (Tensor, [Tensor]) = { x in
      valueAndGrad(x) { cos(primitive.function($0)).sum() }
    }
    let compiled = compile(step)
    let (a, b) = (compiled(primitive.inputs), step(primitive.inputs))
    expectClose([a.0.item()], [b.0.item()], 1e-12)
    for (x, y) in zip(a.1, b.1) { expectClose(x.doubles, y.doubles, 1e-11) }
  }

  /// Fourth-order central difference along `tangent`.
  private static func difference(_ x: [Tensor], _ tangent: [Tensor], _ function: ([Tensor]) -> Tensor) -> [Double] {
    let h = 1e-3
    func at(_ factor: Double) -> Tensor { function(zip(x, tangent).map { $0 + (factor * h) * $1 }) }
    return ((8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h)).doubles
  }
}
