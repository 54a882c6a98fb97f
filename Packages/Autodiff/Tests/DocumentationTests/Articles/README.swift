import Autodiff
import NeuralNetworks
import Testing

struct Scale: Module {
  var factor: Tensor
  mutating func walk(_ walker: inout some Walker) { walker.parameter("factor", &factor) }
}

@Suite struct ReadMe {
  @Test func fitsAFunction() {
    let network = MLP(sizes: [1, 32, 32, 1], activation: .tanh, key: Key(seed: 1))
    let adam = Adam(learningRate: .constant(0.01))
    let step = compile { (state: TrainingState<MLP>, key: Key) -> (TrainingState<MLP>, Tensor) in
      let x = 3 * Tensor.normal([256, 1], key: key.folded(state.step))
      let next = state.advanced(by: adam) { square($0(x) - sin(x)).mean() }
      return (next.state, next.loss)
    }
    var (state, loss) = step(TrainingState(network), Key(seed: 2))
    for _ in 0..<1000 { (state, loss) = step(state, Key(seed: 2)) }
    print(loss.item())  // 0.0088, a quarter of a second later
    // Other kernels round otherwise, and a thousand steps of training make that visible.
    #expect(loss.item() < 0.02)
  }

  @Test func derivatives() {
    let x = Tensor([0.5, -1.2], dtype: .float64)
    let sine = { (x: Tensor) in sin(x).sum() }
    let second = grad(x) { grad($0, sine).sum() }  // -sin x

    let hessianProduct = compile { (x: Tensor, v: Tensor) -> Tensor in
      jvp(x, along: v) { x in grad(x) { (x: Tensor) in (x * x * x).sum() } }.tangent
    }
    #expect(isClose(second, (-sin(x)).doubles))
    #expect(isClose(hessianProduct(x, second), (6 * x * second).doubles))
  }

  @Test func models() {
    let scale = Scale(factor: Tensor([3], dtype: .float64))
    #expect(grad(scale) { ($0.factor * 2).sum() }.factor.doubles == [2])
    #expect(scale.namedTensors().map(\.path) == ["factor"])
  }
}
