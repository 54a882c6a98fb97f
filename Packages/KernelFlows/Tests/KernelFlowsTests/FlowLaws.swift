import Autodiff
import KernelFlows
import NeuralNetworks
import Probability
import Testing

private let dimension = 5
private let rows = normal([40, dimension], seed: 7)
private let points = normal([3, dimension], seed: 8)

/// A flow of three layers with every parameter away from its start.
private func flow(_ configuration: KernelFlowConfiguration) -> KernelCouplingFlow {
  var configuration = configuration
  configuration.layers = 3
  configuration.points = 7
  configuration.hidden = [9]
  configuration.activation = .tanh
  configuration.bins = 4
  guard let flow = try? KernelCouplingFlow(configuration, rows: rows, key: Key(seed: 9), dtype: .float64) else { fatalError("refused") }
  return flow.shaken(by: 0.15, seed: 10)
}

/// Every architecture, and kernel flows in every form.
private let flows: [Named<KernelCouplingFlow>] =
  FlowArchitecture.allCases.map { Named($0.rawValue, flow(KernelFlowConfiguration(architecture: $0))) }
  + KernelExpansion.allCases.map { Named("ff-glow, \($0.rawValue)", flow(KernelFlowConfiguration(expansion: $0))) }
  + StationaryKernel.Form.allCases.map {
    Named("ff-realnvp, \($0.rawValue)", flow(KernelFlowConfiguration(architecture: .ferumalRealNVP, kernel: KernelConfiguration(form: $0))))
  } + [
    Named("ff-realnvp, additive", flow(KernelFlowConfiguration(architecture: .ferumalRealNVP, form: .additive))),
    Named("realnvp, bounded", flow(KernelFlowConfiguration(architecture: .realNVP, logScaleBound: 0.5))),
    Named("ff-glow, a length for each coordinate", flow(KernelFlowConfiguration(kernel: KernelConfiguration(isPerDimension: true)))),
  ]

struct FlowLaws {
  @Test(arguments: flows)
  func inverseUndoesForward(_ named: Named<KernelCouplingFlow>) {
    let (noise, forward) = named.value.map.forward(points)
    let (back, inverse) = named.value.map.inverse(noise)
    for (a, b) in zip(back.doubles, points.doubles) { #expect((a - b).magnitude < 1e-9) }
    for (a, b) in zip(forward.doubles, inverse.doubles) { #expect((a + b).magnitude < 1e-9) }
  }

  @Test(arguments: flows)
  func logDeterminantIsThatOfTheJacobian(_ named: Named<KernelCouplingFlow>) {
    for row in 0..<3 {
      let x = points.slice(axis: 0, row..<row + 1)
      let (_, logDeterminant) = named.value.map.forward(x)
      let matrix = jacobian(x) { named.value.map.forward($0).y }.reshaped([dimension, dimension])
      #expect((logDeterminant.item() - logAbsoluteDeterminant(matrix)).magnitude < 1e-9)
    }
  }

  @Test(arguments: flows)
  func everyParameterHasAGradient(_ named: Named<KernelCouplingFlow>) {
    let gradient = grad(named.value) { $0.loss(rows) }
    for (path, tensor, isParameter) in gradient.namedTensors() where isParameter {
      #expect(tensor.doubles.contains { $0 != 0 } && tensor.doubles.allSatisfy { $0.isFinite }, "\(path)")
    }
  }

  @Test(arguments: flows)
  func savedTensorsMakeTheSameFlow(_ named: Named<KernelCouplingFlow>) throws {
    let saved = Dictionary(uniqueKeysWithValues: named.value.namedTensors().map { ($0.path, $0.tensor) })
    var other = named.value.mapTensors { $0.dtype.isFloatingPoint ? 0.5 * $0 : $0 }
    try other.load(saved)
    #expect(other.logDensity(points).doubles == named.value.logDensity(points).doubles)
  }

  @Test(arguments: flows)
  func samplesHaveFiniteDensity(_ named: Named<KernelCouplingFlow>) {
    let draws = named.value.sample(6, key: Key(seed: 11))
    #expect(draws.shape == [6, dimension] && draws.dtype == .float64)
    #expect(named.value.logDensity(draws).doubles.allSatisfy { $0.isFinite })
  }

  @Test(arguments: FlowArchitecture.allCases)
  func startsAsWhiteningOfItsData(_ architecture: FlowArchitecture) throws {
    let shifted = 3.0 * rows + double([1, -2, 0.5, 4, 0])
    let flow = try KernelCouplingFlow(
      KernelFlowConfiguration(architecture: architecture, layers: 4, points: 6, hidden: [8]), rows: shifted, key: Key(seed: 1),
      dtype: .float64)
    let noise = flow.map.forward(shifted).y
    #expect(noise.mean(axis: 0).doubles.allSatisfy { $0.magnitude < 1e-10 })
    #expect(noise.variance(axis: 0).doubles.allSatisfy { ($0 - 1).magnitude < 1e-8 })
  }

  @Test func identityFlowIsTheStandardNormal() throws {
    // -D/2 (log 2π + 1) for standardised data: the values for Power, Gas, Hepmass and Miniboone.
    for (d, expected) in [(6, -8.5136), (8, -11.3515), (21, -29.7977), (43, -61.0144)] {
      let data = normal([400, d], seed: 3)
      let centered = data - data.mean(axis: 0)
      let standardized = centered / centered.standardDeviation(axis: 0)
      let flow = try KernelCouplingFlow(
        KernelFlowConfiguration(architecture: .ferumalRealNVP, layers: 2, points: 5), rows: standardized, key: Key(seed: 1), dtype: .float64
      )
      #expect((flow.logDensity(standardized).mean().item() - expected).magnitude < 1e-4)
    }
  }

  @Test func maskedNetworkSeesOnlyWhatComesBefore() {
    var network = MaskedNetwork(dimension: 4, parameters: 2, hidden: [11, 7], activation: .tanh, key: Key(seed: 2), dtype: .float64)
    network = network.shaken(by: 0.5, seed: 3)
    let matrix = jacobian(normal([1, 4], seed: 4)) { network($0) }.reshaped([8, 4])
    for output in 0..<8 {
      for input in 0..<4 { #expect((matrix[output, input].item() != 0) == (input < output % 4), "\(output) \(input)") }
    }
  }
}
