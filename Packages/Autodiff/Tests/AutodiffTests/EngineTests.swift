import Autodiff
import Testing

@Suite struct EngineTests {
  @Test func arithmetic() {
    let a = Tensor([1, 2, 3] as [Double])
    expectClose(((a * 2 + 1) / a).doubles, [3, 2.5, 7.0 / 3])
    expectClose(a.expanded(axis: 1).matmul(a.expanded(axis: 0)).sum(axis: 0).doubles, [6, 12, 18])
    #expect((a .> 1.5).scalars(Bool.self) == [false, true, true])
  }

  @Test func secondDerivative() {
    let x = Tensor(0.3, dtype: .float64)
    let second = grad(x) { x in grad(x) { tanh($0) } }
    let t = 0.2913126124515909
    expectClose([second.item()], [-2 * t * (1 - t * t)])
  }

  @Test func compiledStepEqualsUncompiled() {
    let key = Key(seed: 1)
    let keys = key.split(3)
    let w = Tensor.normal([4, 8], key: keys[0], dtype: .float64)
    let v = Tensor.normal([8, 1], key: keys[1], dtype: .float64)
    let x = Tensor.normal([300, 4], key: keys[2], dtype: .float64)
    let loss: @Sendable (Tensor, Tensor, Tensor) -> Tensor = { w, v, x in
      let force = grad(x) { x in softplus(x.matmul(w)).matmul(v).sum() }
      return square(x - force * 0.1).mean()
    }
    let step: @Sendable (Tensor, Tensor, Tensor) -> (Tensor, Tensor) = { w, v, x in
      let (value, gradient) = valueAndGrad(w) { loss($0, v, x) }
      return (value, gradient)
    }
    let plain = step(w, v, x)
    let compiledStep = compile(step)
    let compiled = compiledStep(w, v, x)
    expectClose(compiled.0.doubles, plain.0.doubles)
    expectClose(compiled.1.doubles, plain.1.doubles)
  }
}
