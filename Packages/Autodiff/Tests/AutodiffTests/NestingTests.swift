import Autodiff
import Testing

typealias VectorMap = @Sendable (Tensor) -> Tensor

/// A transform of maps from vectors to vectors of the same length, and the same thing said with grad, jvp and loops alone.
struct NestedTransform: Sendable {
  let name: String
  let apply: @Sendable (@escaping VectorMap, Tensor) -> Tensor
  let plain: @Sendable (@escaping VectorMap, Tensor) -> Tensor

  static let rows = Tensor.normal([3, 3], key: Key(seed: 77), dtype: .float64) * 0.3

  private static let gradient: @Sendable (@escaping VectorMap, Tensor) -> Tensor = { f, x in grad(x) { sin(f($0)).sum() } }
  private static let directional: @Sendable (@escaping VectorMap, Tensor) -> Tensor = { f, x in
    jvp(x, along: cos(x)) { f($0) }.tangent
  }
  private static let identity: @Sendable (@escaping VectorMap, Tensor) -> Tensor = { f, x in f(x) }

  static let all: [NestedTransform] = [
    .init(name: "grad", apply: gradient, plain: gradient),
    .init(name: "jvp", apply: directional, plain: directional),
    .init(
      name: "vjp", apply: { f, x in vjp(x) { f($0) }.pullback(cos(f(x))) }, plain: gradient),
    .init(
      name: "linearize", apply: { f, x in linearize(x) { f($0) }.pushforward(cos(x)) }, plain: directional),
    .init(
      name: "vmap", apply: { f, x in vmap(rows) { f($0 + x) }.sum(axis: 0) },
      plain: { f, x in f(rows[0] + x) + f(rows[1] + x) + f(rows[2] + x) }),
    .init(
      name: "scan",
      apply: { f, x in
        let result = scan(x, over: rows) { carry, row in
          let next = f(carry + row)
          return (next, next * row)
        }
        return result.carry + result.outputs.sum(axis: 0)
      },
      plain: { f, x in
        var (carry, total) = (x, Tensor.zeros(like: x))
        for index in 0..<3 {
          carry = f(carry + rows[index])
          total = total + carry * rows[index]
        }
        return carry + total
      }),
    .init(name: "loop", apply: { f, x in loop(2, from: x) { x, _ in f(x) } }, plain: { f, x in f(f(x)) }),
    .init(name: "checkpointed", apply: { f, x in checkpointed(x) { f($0) } }, plain: identity),
    .init(
      name: "customDerivative",
      apply: { f, x in
        // What a rule captures counts as constant, so the map gets everything through its argument.
        customDerivative(x, { f($0) }, pullback: { x, _, cotangent in vjp(x) { f($0) }.pullback(cotangent) })
      }, plain: identity),
    .init(
      name: "jacobian", apply: { f, x in cos(x).matmul(jacobian(x) { f($0) }.transposed()) }, plain: directional),
    .init(
      name: "hvp", apply: { f, x in hvp(x, along: cos(x)) { sin(f($0)).sum() } },
      plain: { f, x in jvp(x, along: cos(x)) { gradient(f, $0) }.tangent }),
    .init(
      name: "compile",
      apply: { f, x in
        let compiled = compile { (x: Tensor) -> Tensor in f(x) }
        return compiled(x)
      }, plain: identity),
    .init(
      name: "stopGradient", apply: { f, x in f(x) * stopGradient(x) }, plain: { f, x in f(x) * stopGradient(x) }),
  ]
}

/// All transforms nest in any order, inside and outside of compile.
@Suite struct NestingTests {
  private static let map: VectorMap = { x in tanh(x.matmul(NestedTransform.rows) + 0.2 * square(x)) }
  private let x = Tensor([0.3, -0.4, 0.25] as [Double])

  private func check(_ transforms: [NestedTransform]) {
    let name = Comment(rawValue: transforms.map(\.name).joined(separator: " of "))
    func nested(_ choose: (NestedTransform) -> @Sendable (@escaping VectorMap, Tensor) -> Tensor) -> VectorMap {
      transforms.reversed().reduce(NestingTests.map) { inner, transform in
        let outer = choose(transform)
        return { x in outer(inner, x) }
      }
    }
    let (actual, expected) = (nested(\.apply), nested(\.plain))
    let reference = expected(x).doubles
    let compiled = compile { (x: Tensor) -> Tensor in actual(x) }
    for values in [actual(x).doubles, compiled(x).doubles] {
      #expect(values.count == reference.count && zip(values, reference).allSatisfy { abs($0 - $1) <= 1e-10 * max(1, abs($1)) }, name)
    }
  }

  @Test func pairs() {
    for outer in NestedTransform.all { for inner in NestedTransform.all { check([outer, inner]) } }
  }

  @Test func triples() {
    let all = NestedTransform.all
    for index in 0..<260 { check([all[index % 13], all[(index / 13 + index) % 13], all[(index * 5 + index / 26) % 13]]) }
  }
}
