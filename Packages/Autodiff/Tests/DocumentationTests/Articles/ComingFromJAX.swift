import Autodiff
import LinearAlgebra
import Testing

struct Affine: Module {
  var weight: Tensor
  var bias: Tensor

  mutating func walk(_ walker: inout some Walker) {
    walker.parameter("weight", &weight)
    walker.parameter("bias", &bias)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { x.matmul(weight) + bias }
}

@Suite struct ComingFromJAX {
  @Test func transforms() {
    let x = Tensor([0.5, -1.2, 2], dtype: .float64)
    let v = Tensor([1, 0.5, -1], dtype: .float64)
    let w = Tensor([2, -1, 1], dtype: .float64)
    let xs = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3], dtype: .float64)
    let ys = 2 * xs
    let f: @Sendable (Tensor) -> Tensor = { square($0).sum() }
    let g: @Sendable (Tensor) -> Tensor = { $0 * $0 }
    let inner: @Sendable (Tensor, Tensor) -> Tensor = { ($0 * $1).sum() }

    #expect(isClose(grad(x) { f($0) }, [1, -2.4, 4]))
    #expect(isClose(valueAndGrad(x) { f($0) }.value, [5.69]))
    let both = valueAndGrad(x, auxiliary: { (f($0), g($0)) })
    #expect(isClose(both.auxiliary, [0.25, 1.44, 4]))
    #expect(isClose(vjp(x) { g($0) }.pullback(v), [1, -1.2, -4]))
    #expect(isClose(jvp(x, along: v) { g($0) }.tangent, [1, -1.2, -4]))
    #expect(isClose(linearize(x) { g($0) }.pushforward(v), [1, -1.2, -4]))
    #expect(isClose(jacobian(x) { g($0) }, [1, 0, 0, 0, -2.4, 0, 0, 0, 4]))
    #expect(isClose(hessian(x) { f($0) }, [2, 0, 0, 0, 2, 0, 0, 0, 2]))
    #expect(isClose(hvp(x, along: v) { f($0) }, [2, 1, -2]))
    #expect(isClose(vmap(xs) { f($0) }, [14, 77]))
    #expect(isClose(vmap(xs, ys) { inner($0, $1) }, [28, 154]))
    #expect(isClose(vmap(xs) { inner($0, w) }, [3, 9]))
    #expect(isClose(perExampleGradients(w, xs) { inner($0, $1) }, xs.doubles))
    #expect(isClose(grad(x) { x in checkpointed(x) { g($0) }.sum() }, [1, -2.4, 4]))
    let rule: @Sendable (Tensor, Tensor, Tensor) -> Tensor = { x, _, cotangent in 3 * cotangent * x }
    #expect(isClose(grad(x) { x in customDerivative(x, { g($0) }, pullback: rule).sum() }, [1.5, -3.6, 6]))
    #expect(isClose(grad(x) { x in (stopGradient(x) * x).sum() }, x.doubles))
    let compiled = compile { (x: Tensor) in f(x) }
    #expect(isClose(compiled(x), [5.69]))
    let donating = compile(donating: true) { (x: Tensor) in f(x) }
    #expect(isClose(donating(x + 0), [5.69]))
    #expect(program(of: { (x: Tensor) in f(x) }, for: x).instructionCount > 0)
  }

  @Test func controlFlow() {
    let x = Tensor([0.5, -1.2], dtype: .float64)
    let y = -x
    let xs = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2], dtype: .float64)
    let carry = Tensor.zeros([2], dtype: .float64)
    let step: @Sendable (Tensor, Tensor) -> (Tensor, Tensor) = { ($0 + $1, $0) }
    let body: @Sendable (Tensor, Tensor) -> Tensor = { $0 + $1.cast(to: .float64) }
    let n = 4
    #expect(isClose(scan(carry, over: xs) { step($0, $1) }.outputs, [0, 0, 1, 2, 4, 6]))
    #expect(isClose(scan(carry, over: xs, reverse: true) { step($0, $1) }.outputs, [8, 10, 5, 6, 0, 0]))
    #expect(isClose(loop(n, from: x) { x, index in body(x, index) }, [6.5, 4.8]))
    #expect(isClose(Tensor.where(x .> 0, x, y), [0.5, 1.2]))
  }

  @Test func aTrajectory() {
    let times = Tensor.iota([1000], dtype: .float64) * 0.01
    let start = Pair(Tensor(1, dtype: .float64), Tensor(0, dtype: .float64))
    let oscillator = scan(start, over: times) { state, time in
      let p = state.second - 0.01 * (sin(state.first) + 0.1 * cos(time))
      let q = state.first + 0.01 * p
      return (Pair(q, p), q)
    }
    let trajectory = oscillator.outputs  // [1000]
    #expect(trajectory.shape == [1000])
    var (q, p) = (1.0, 0.0)
    for index in 0..<1000 {
      p -= 0.01 * ((sin(Tensor(q, dtype: .float64)) + 0.1 * cos(Tensor(Double(index) * 0.01, dtype: .float64))).item())
      q += 0.01 * p
    }
    #expect(isClose(oscillator.carry.first, [q]))
  }

  @Test func arrays() {
    let x = Tensor([0.5, -1.2], dtype: .float64)
    let xs = Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], shape: [3, 4], dtype: .float64)
    let ys = Tensor([1, 1, 1, 1], shape: [4, 1], dtype: .float64)
    let y = x.sum()
    let indices = Tensor([2, 0] as [Int32])
    let (first, rest) = (x.slice(axis: 0, 0..<1), x.slice(axis: 0, 1..<2))
    #expect(Tensor([1, 2] as [Float]).dtype == .float32)
    #expect(Tensor([1, 2], dtype: .float64).dtype == .float64)
    #expect(Tensor.zeros([3, 2]).doubles == [0, 0, 0, 0, 0, 0])
    #expect(Tensor.iota([5]).doubles == [0, 1, 2, 3, 4])
    #expect(x.cast(to: .float32).dtype == .float32)
    #expect(abs(y.item() + 0.7) < 1e-15)
    #expect(x.doubles == [0.5, -1.2])
    #expect(x[0].item() == 0.5)
    #expect(x[-1].item() == -1.2)
    #expect(xs[1..<3].doubles == [5, 6, 7, 8, 9, 10, 11, 12])
    #expect(xs[0..., 1].doubles == [2, 6, 10])
    #expect(xs.slice(axis: 1, 0..<4, step: 2).doubles == [1, 3, 5, 7, 9, 11])
    #expect(xs.take(indices, axis: 0).doubles == [9, 10, 11, 12, 1, 2, 3, 4])
    #expect(xs.take(indices, axis: 1).doubles == [3, 1, 7, 5, 11, 9])
    #expect(xs.scatterAdd(indices, y, axis: 0).sum(axis: 1).doubles.map { ($0 * 10).rounded() } == [72, 260, 392])
    #expect(einsum("ij,kj->ik", xs, xs).doubles == xs.matmul(xs.transposed()).doubles)
    #expect(xs.padded(axis: 0, before: 1).shape == [4, 4])
    #expect(xs.rolled(1, axis: 0)[0].doubles == [9, 10, 11, 12])
    #expect(xs.sorted().doubles == xs.doubles)
    #expect(xs.argsort()[0].doubles == [0, 1, 2, 3])
    #expect(Tensor.oneHot(indices, count: 4).shape == [2, 4])
    #expect(x.expanded(axis: 1).shape == [2, 1])
    #expect(xs.matmul(ys).doubles == [10, 26, 42])
    #expect(xs.transposed().shape == [4, 3])
    #expect(isClose(xs.softmax().sum(axis: 1), [1, 1, 1]))
    #expect(isClose(xs.variance(axis: 0, correction: 1), [16, 16, 16, 16]))
    #expect(isClose(gelu(x, form: .tanh), [0.34571400982514394, -0.13829723086213513]))
    #expect(xs.reshaped([2, -1]).shape == [2, 6])
    #expect(Tensor.concatenated([xs, xs], axis: 1).shape == [3, 8])
    #expect(xs.sum(axis: -1, keepingDimensions: true).shape == [3, 1])
    #expect(isClose(xs.logSumExp(axis: 1), [4.440189698561196, 8.440189698561196, 12.440189698561196]))
    #expect(((x .> 0) .& .!(x .> 1)).scalars(Bool.self) == [true, false])
    #expect(Tensor.concatenated([Tensor.ones(like: first), rest], axis: 0).doubles == [1, -1.2])
  }

  @Test func linearAlgebra() {
    let a = Tensor([2, 1, 1, 3], shape: [2, 2], dtype: .float64)
    let b = Tensor([1, 2], dtype: .float64)
    #expect(isClose(a.eigenSymmetric().values, [(5 - 5.0.squareRoot()) / 2, (5 + 5.0.squareRoot()) / 2]))
    #expect(isClose(a.svd().values, [(5 + 5.0.squareRoot()) / 2, (5 - 5.0.squareRoot()) / 2]))
    #expect(isClose(a.qr().q.matmul(a.qr().r), a.doubles))
    #expect(isClose(a.solve(b), [0.2, 0.6]))
  }

  @Test func randomNumbers() {
    let key = Key(seed: 1)
    #expect(key.split(3).count == 3)
    #expect(key.folded(7).words.doubles != key.words.doubles)
    #expect(Tensor.uniform([2, 3], key: key).shape == [2, 3])
    #expect(Tensor.normal([2, 3], key: key).shape == [2, 3])

    let numbers = Tensor.uniform([3], key: Key(seed: 1).folded(7))
    // jax.random.uniform(jax.random.fold_in(jax.random.key(1), 7), (3,))
    #expect(numbers.scalars(Float.self) == [0.78744721, 0.81040096, 0.25100958])
  }

  @Test func trees() {
    let model = Affine(weight: .ones([2, 1]), bias: .zeros([1]))
    let gradient = grad(model) { square($0(Tensor.ones([3, 2]))).mean() }
    #expect(isClose(gradient.weight, [4, 4]))
    let leaves = model.tensors()
    #expect(leaves.map(\.shape) == [[2, 1], [1]])
    #expect(model.namedTensors().map(\.path) == ["weight", "bias"])
    #expect(isClose(model.mapTensors { 2 * $0 }.weight, [2, 2]))
    #expect(isClose(model.zipParameters(gradient) { $0 - 0.1 * $1 }.bias, [-0.4], 1e-6))
    #expect(model.replacing(leaves).bias.doubles == [0])
  }

  @Test func training() {
    let step = compile(donating: true) {
      (model: Affine, x: Tensor, y: Tensor) -> (Affine, Tensor) in
      let (loss, gradient) = valueAndGrad(model) { square($0(x) - y).mean() }
      return (model.zipParameters(gradient) { $0 - 0.1 * $1 }, loss)
    }
    var model = Affine(weight: .zeros([2, 1]), bias: .zeros([1]))
    var loss = Tensor(0)
    for index in 0..<200 {
      let x = Tensor.normal([64, 2], key: Key(seed: 1).folded(index))
      (model, loss) = step(model, x, x.sum(axis: 1, keepingDimensions: true) + 3)
    }
    #expect(loss.item() < 1e-10)
    #expect(isClose(model.bias, [3], 1e-5))
  }
}
