import Autodiff
import NeuralNetworks
import Testing

struct Classifier: Module {
  var first: Linear
  var last: Linear

  init(key: Key) {
    let keys = key.split()
    first = Linear(2, 32, key: keys[0])
    last = Linear(32, 1, key: keys[1])
  }

  mutating func walk(_ walker: inout some Walker) {
    walker.child("first", &first)
    walker.child("last", &last)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    last(tanh(first(x))).squeezed(axis: 1)
  }
}

@Suite struct ComingFromPyTorchOrMLX {
  @Test func training() {
    let adam = Adam(learningRate: .constant(0.02))
    typealias State = TrainingState<Classifier>
    let step = compile(donating: true) {
      (state: State, x: Tensor, y: Tensor) -> (State, Tensor) in
      let next = state.advanced(by: adam) { model in
        let score = model(x)
        return (softplus(score) - y * score).mean()  // cross entropy
      }
      return (next.state, next.loss)
    }

    var state = TrainingState(Classifier(key: Key(seed: 1)))
    var loss = Tensor(0)
    for index in 0..<400 {
      let x = Tensor.normal([128, 2], key: Key(seed: 2).folded(index))
      let y = (square(x).sum(axis: 1) .< 1).cast(to: .float32)  // in the circle?
      (state, loss) = step(state, x, y)
    }
    #expect(loss.item() < 0.2)
    #expect(state.model(Tensor([0.2, 0.1, 2, 2] as [Float], shape: [2, 2])).doubles.map { $0 > 0 } == [true, false])
  }

  @Test func differentiation() {
    let x = Tensor([0.5, -1.2, 2], dtype: .float64)
    let v = Tensor([1, 0.5, -1], dtype: .float64)
    let w = v
    let xs = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3], dtype: .float64)
    let f: @Sendable (Tensor) -> Tensor = { square($0).sum() }
    let g: @Sendable (Tensor) -> Tensor = { $0 * $0 }
    let rule: @Sendable (Tensor, Tensor, Tensor) -> Tensor = { x, _, cotangent in 3 * cotangent * x }
    let model = MLP(sizes: [3, 1], activation: .tanh, initializer: .zeros, key: Key(seed: 1), dtype: .float64)

    #expect(isClose(grad(x) { f($0) }, [1, -2.4, 4]))
    #expect(isClose(valueAndGrad(x) { f($0) }.value, [5.69]))
    #expect(isClose(valueAndGrad(model) { f($0(x)) }.gradient.layers[0].weight, [0, 0, 0]))
    #expect(isClose(vjp(x) { g($0) }.pullback(w), [1, -1.2, -4]))
    #expect(isClose(jvp(x, along: v) { g($0) }.tangent, [1, -1.2, -4]))
    #expect(isClose(vmap(xs) { f($0) }, [14, 77]))
    #expect(isClose(grad(x) { grad($0) { f($0) }.sum() }, [2, 2, 2]))
    #expect(isClose(grad(x) { x in (stopGradient(x) * x).sum() }, x.doubles))
    #expect(isClose(grad(x) { x in checkpointed(x) { g($0) }.sum() }, [1, -2.4, 4]))
    #expect(isClose(grad(x) { x in customDerivative(x, { g($0) }, pullback: rule).sum() }, [1.5, -3.6, 6]))
    let compiled = compile { (x: Tensor) in f(x) }
    #expect(isClose(compiled(x), [5.69]))
  }

  private struct Standardized: Module {
    var mean = Tensor([1, 2] as [Float])
    mutating func walk(_ walker: inout some Walker) {
      walker.buffer("mean", &mean)
    }
  }

  @Test func models() throws {
    let key = Key(seed: 1)
    #expect(Linear(2, 3, key: key).weight.shape == [2, 3])
    var model = MLP(sizes: [2, 32, 1], activation: .tanh, key: key)
    #expect(model.namedTensors().map(\.path) == ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"])
    let tensors = Dictionary(uniqueKeysWithValues: model.namedTensors().map { ($0.path, 2 * $0.tensor) })
    let before = model.layers[0].weight
    try model.load(tensors)
    #expect(isClose(model.layers[0].weight, (2 * before).doubles))
    #expect(Standardized().parameterCount == 0)
    #expect(Frozen(model).parameterCount == 0)
    #expect(model.cast(to: .float64).layers[0].bias.dtype == .float64)
    #expect(model.parameterCount == 2 * 32 + 32 + 32 + 1)

    let gradient = grad(model) { square($0(Tensor.ones([4, 2]))).mean() }
    let adam = TrainingState(model).advanced(by: Adam(learningRate: .constant(1e-3))) { square($0(Tensor.ones([4, 2]))).mean() }
    #expect(adam.state.step.item() == 1)
    let descent = GradientDescent(learningRate: .constant(0.1), momentum: 0.9)
    #expect(descent.momentum == 0.9)
    #expect(globalNorm(clippedByGlobalNorm(gradient, to: 1).gradient).item() < 1 + 1e-6)
  }

  @Test func tensors() {
    let key = Key(seed: 1)
    let x = Tensor([1, -2, 3, 4], shape: [2, 2], dtype: .float64)
    let y = x.sum()
    let weight = Tensor.identity(2, dtype: .float64)
    #expect(Tensor([1, 2] as [Float]).dtype == .float32)
    #expect(Tensor.normal([2, 3], key: key).doubles == Tensor.normal([2, 3], key: Key(seed: 1)).doubles)
    #expect(x.cast(to: .float64).dtype == .float64)
    #expect(y.item() == 6)
    #expect(x.doubles == [1, -2, 3, 4])
    #expect(x.reshaped([2, -1]).shape == [2, 2])
    #expect(x.transposed([1, 0]).doubles == [1, 3, -2, 4])
    #expect(x.expanded(axis: -1).shape == [2, 2, 1])
    #expect(Tensor.concatenated([x, x], axis: 1).shape == [2, 4])
    #expect(x.matmul(weight).doubles == x.doubles)
    #expect(x.sum(axis: -1).doubles == [-1, 7])
    #expect(Tensor.where(x .> 0, x, 0 * x).doubles == [1, 0, 3, 4])
    #expect(Execution.threadCount >= 1)
  }
}
