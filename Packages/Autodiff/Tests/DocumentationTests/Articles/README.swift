import Autodiff
import LinearAlgebra
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

  @Test func shapesIndicesMatrices() {
    let x = Tensor.iota([3, 4, 4], dtype: .float64) + Tensor.identity(4, dtype: .float64)
    let n = 3
    #expect(x[0..., 1..<3, -1].doubles == [0, 0, 1, 1, 2, 2])
    #expect(x.slice(axis: 0, 0..<n, step: 2).shape == [2, 4, 4])
    #expect(x.padded(axis: 0, after: 2).tiled([1, 2, 1]).repeated(2, axis: 2).shape == [5, 8, 8])
    #expect(x.flipped(axis: 0).rolled(1, axis: 0)[0, 0].doubles == [1, 0, 0, 0])
    #expect(x.split(into: 3)[1].swappedAxes(0, 1).movedAxis(2, to: 0).shape == [4, 4, 1])
    #expect(x.lowerTriangle().diagonal()[2].doubles == [3, 3, 3, 3])
    let rows = Tensor([2, 0] as [Int32])
    #expect(x.take(rows, axis: 0)[0].doubles == x[2].doubles)
    #expect(x.takeAlong(x.argsort(), axis: -1).doubles == x.sorted().doubles)
    #expect(x.scatterAdd(rows, Tensor.ones(like: x[0]), axis: 0).sum().item() == x.sum().item() + 32)
    #expect(x[0].reshaped([-1]).topK(4).values.doubles == [1, 1, 1, 1])
    #expect(Tensor([1, 2, 4], dtype: .float64).searchSorted(Tensor([3], dtype: .float64)).doubles == [2])
    #expect(isClose(einsum("bij,bjk->bik", x, x), x.matmul(x).doubles))
    #expect(isClose(x.eigenSymmetric().values[1], [1, 1, 1, 5]))
    #expect(isClose(x.qr().q.matmul(x.qr().r), x.doubles))
    #expect(isClose(x.svd().values[2], [9, 1, 1, 1]))
    #expect(isClose(exp(x.logDeterminant().logMagnitude), [1, 5, 9]))
    #expect(isClose(x.inverse().matmul(x)[2], Tensor.identity(4, dtype: .float64).doubles))
    #expect(isClose(x.solve(x)[1], Tensor.identity(4, dtype: .float64).doubles))
  }

  @Test func reductions() {
    let x = Tensor([1, 2, 3, 6], shape: [2, 2], dtype: .float64)
    #expect(isClose(x.sum() + x.product() + x.mean(), [12 + 36 + 3]))
    #expect(isClose(x.variance(correction: 1) + square(x.standardDeviation()) + square(x.norm()), [14.0 / 3 + 3.5 + 50]))
    #expect(x.max().item() == 6 && x.argmax(axis: 1).doubles == [1, 1])
    #expect((x .> 1).any().scalars(Bool.self) == [true] && (x .> 1).all().scalars(Bool.self) == [false])
    #expect(isClose(x.logSoftmax(), (x - x.logSumExp(axis: 1, keepingDimensions: true)).doubles))
    #expect(isClose(x.softmax(), exp(x.logSoftmax()).doubles))
    #expect(isClose(x.cumulativeSum(axis: 1, reverse: true), [3, 2, 9, 6]))
    #expect(isClose(x.cumulativeProduct(axis: 0), [1, 2, 3, 12]))
    #expect(isClose(x.cumulativeLogSumExp(axis: 0)[1], x.logSumExp(axis: 0).doubles))
  }

  @Test func models() {
    let scale = Scale(factor: Tensor([3], dtype: .float64))
    #expect(grad(scale) { ($0.factor * 2).sum() }.factor.doubles == [2])
    #expect(scale.namedTensors().map(\.path) == ["factor"])
  }
}
