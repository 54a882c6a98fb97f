import Autodiff

/// V(q) = softplus(softplus(q A + a) B + b) · c, `[batch, 2]` to `[batch]`.
struct NeuralPotential: Module {
  var first: Tensor
  var firstBias: Tensor
  var second: Tensor
  var secondBias: Tensor
  var readout: Tensor

  init(width: Int, seed: UInt64, dtype: DType = .float64) {
    let keys = Key(seed: seed).split(5)
    first = Tensor.normal([2, width], key: keys[0], dtype: dtype)
    firstBias = Tensor.normal([width], key: keys[1], dtype: dtype)
    second = Tensor.normal([width, width], key: keys[2], dtype: dtype) * (1 / Double(width).squareRoot())
    secondBias = Tensor.normal([width], key: keys[3], dtype: dtype)
    readout = Tensor.normal([width], key: keys[4], dtype: dtype) * (1 / Double(width).squareRoot())
  }

  mutating func walk(_ walker: inout some Walker) {
    walker.parameter("first", &first)
    walker.parameter("firstBias", &firstBias)
    walker.parameter("second", &second)
    walker.parameter("secondBias", &secondBias)
    walker.parameter("readout", &readout)
  }

  func callAsFunction(_ position: Tensor) -> Tensor {
    let hidden = softplus(softplus(position.matmul(first) + firstBias).matmul(second) + secondBias)
    return (hidden * readout).sum(axis: -1)
  }
}
