import Autodiff
import NeuralNetworks
import Testing

struct NetworkTests {
  @Test func pathsOfAnMLPAreItsInterface() {
    let network = MLP(sizes: [2, 3, 1], activation: .tanh, key: Key(seed: 0))
    #expect(network.namedTensors().map(\.path) == ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"])
    #expect(network.namedTensors().map(\.tensor.shape) == [[2, 3], [3], [3, 1], [1]])
  }

  @Test func parameterCountIsKnown() {
    #expect(MLP(sizes: [2, 128, 128, 1], activation: .softplus, key: Key(seed: 0)).parameterCount == 17_025)
  }

  @Test(arguments: Activation.allCases)
  func networkEqualsItsFormula(_ activation: Activation) {
    let first = Linear(
      weight: Tensor([0.5, -1, 2, 0.25, 1.5, -0.75], shape: [2, 3], dtype: .float64), bias: Tensor([0.1, -0.2, 0.3], dtype: .float64))
    let second = Linear(weight: Tensor([1, -2, 0.5], shape: [3, 1], dtype: .float64), bias: Tensor([0.7], dtype: .float64))
    let network = MLP(layers: [first, second], activation: activation)
    let x = [0.8, -1.3]
    let hidden = [0.5 * x[0] + 0.25 * x[1] + 0.1, -x[0] + 1.5 * x[1] - 0.2, 2 * x[0] - 0.75 * x[1] + 0.3].map { value(activation, $0) }
    let expected = hidden[0] - 2 * hidden[1] + 0.5 * hidden[2] + 0.7
    #expect((network(Tensor(x, shape: [1, 2], dtype: .float64)).item() - expected).magnitude < 1e-14)
  }

  private func value(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .tanh: referenceTanh(x)
    case .softplus: referenceLog(1 + referenceExp(x))
    case .silu: x / (1 + referenceExp(-x))
    case .relu: max(x, 0)
    case .sigmoid: 1 / (1 + referenceExp(-x))
    }
  }

  @Test func onlyReLUHasAKink() { #expect(Activation.allCases.filter { !$0.isSmooth } == [.relu]) }

  @Test(arguments: Initializer.allCases)
  func initialWeightsHaveTheirVariance(_ initializer: Initializer) {
    let (variance, bound): (Double, Double) =
      switch initializer {
      case .lecunUniform: (1.0 / 300, 0.1)
      case .lecunNormal: (1.0 / 100, .infinity)
      case .glorotUniform: (2.0 / 400, (6.0 / 400).squareRoot())
      case .glorotNormal: (2.0 / 400, .infinity)
      case .heUniform: (2.0 / 100, (6.0 / 100).squareRoot())
      case .heNormal: (2.0 / 100, .infinity)
      case .truncatedNormal: (1.0 / 100, 0.2 / 0.8796)
      case .orthogonal: (1.0 / 300, 1)
      case .zeros: (0, 0)
      }
    let weight = initializer.weight(100, 300, key: Key(seed: 3), dtype: .float64).doubles
    let mean = weight.reduce(0, +) / 30_000
    let measured = weight.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 30_000
    // Five standard errors of 30,000 draws; the relative error of a variance is at most sqrt(2/n).
    #expect(mean.magnitude <= 5 * (variance / 30_000).squareRoot())
    #expect((measured - variance).magnitude <= 5 * variance * (2.0 / 30_000).squareRoot())
    #expect(weight.allSatisfy { $0.magnitude <= bound })
  }

  @Test(arguments: [(40, 40), (60, 20), (20, 60), (1, 7)])
  func orthogonalWeightsAreOrthonormal(_ inputs: Int, _ outputs: Int) {
    let weight = Initializer.orthogonal.weight(inputs, outputs, key: Key(seed: 4), dtype: .float64)
    let gram = inputs < outputs ? weight.matmul(weight.transposed()) : weight.transposed().matmul(weight)
    #expect(distance(gram, .identity(min(inputs, outputs), dtype: .float64)) < 1e-14)
  }

  @Test func layersOfOneNetworkDiffer() {
    let network = MLP(sizes: [4, 4, 4], activation: .tanh, key: Key(seed: 1), dtype: .float64)
    #expect(network.layers[0].weight.doubles != network.layers[1].weight.doubles)
    #expect(network.layers[0].weight.doubles.prefix(4) != network.layers[0].bias.doubles[...])
  }

  @Test func lastInitializerIsThatOfTheLastLayer() {
    let network = MLP(sizes: [2, 8, 3], activation: .softplus, lastInitializer: .zeros, key: Key(seed: 1), dtype: .float64)
    #expect(network(Tensor([1, 2], shape: [1, 2], dtype: .float64)).doubles == [0, 0, 0])
    #expect(network.layers[0].weight.doubles.contains { $0 != 0 })
  }

  @Test func frozenKeepsPathsAndTrainsNothing() {
    let network = MLP(sizes: [2, 3, 1], activation: .tanh, key: Key(seed: 0), dtype: .float64)
    let frozen = Frozen(network)
    #expect(frozen.namedTensors().map(\.path) == network.namedTensors().map(\.path))
    #expect(frozen.namedTensors().allSatisfy { !$0.isParameter })
    #expect(frozen.parameterCount == 0)
    let x = Tensor([1, 2], shape: [1, 2], dtype: .float64)
    let gradient = grad(frozen) { $0.module(x).sum() }
    #expect(gradient.namedTensors().allSatisfy { $0.tensor.doubles.allSatisfy { $0 == 0 } })
    let doubled = frozen.mapTensors { $0 * 2.0 }
    #expect(doubled.module.layers[0].weight.doubles == network.layers[0].weight.doubles.map { 2 * $0 })
  }
}
