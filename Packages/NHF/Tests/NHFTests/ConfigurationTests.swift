import Autodiff
import Foundation
import NHF
import NeuralNetworks
import Testing

struct ConfigurationTests {
  @Test func emptyObjectGivesTheDefaults() throws {
    let decoded = try JSONDecoder().decode(HamiltonianFlowConfiguration.self, from: Data("{}".utf8))
    #expect(decoded == HamiltonianFlowConfiguration())
    let again = try JSONDecoder().decode(HamiltonianFlowConfiguration.self, from: JSONEncoder().encode(decoded))
    #expect(again == decoded)
  }

  @Test func nestedKeysAreRead() throws {
    let text = """
      {"dimension": 3, "potential": {"hidden": [16], "activation": "silu"}, "kinetic": {"form": "full"},
       "prior": {"form": "softUniform", "width": 4}, "leapfrogSteps": 7, "integrationTime": 2.5}
      """
    let decoded = try JSONDecoder().decode(HamiltonianFlowConfiguration.self, from: Data(text.utf8))
    let flow = try NeuralHamiltonianFlow(decoded, key: Key(seed: 0))
    #expect(flow.dimension == 3 && flow.leapfrogSteps == 7 && flow.integrationTime == 2.5)
    #expect(flow.prior.position == .softUniform(width: 4, sharpness: 10))
    #expect(flow.potential.network.activation == .silu)
  }

  @Test func theStepOfTheErrorIsNamed() {
    func message(_ change: (inout HamiltonianFlowConfiguration) -> Void) -> String {
      var configuration = HamiltonianFlowConfiguration()
      change(&configuration)
      do {
        _ = try NeuralHamiltonianFlow(configuration, key: Key(seed: 0))
        return "no error"
      } catch { return error.description }
    }
    #expect(message { _ in } == "no error")
    #expect(message { $0.encoder.activation = .relu } == "no error")
    #expect(message { $0.leapfrogSteps = 0 } == "leapfrogSteps is 0; give a number of steps between 1 and 10000")
    #expect(message { $0.integrationTime = -.infinity }.hasPrefix("integrationTime is -inf; give"))
    #expect(message { $0.potential.activation = .relu }.hasPrefix("potential.activation is \"relu\""))
    #expect(
      message {
        $0.kinetic.form = .learned
        $0.kinetic.network.activation = .relu
      }.hasPrefix("kinetic.network.activation is"))
    #expect(message { $0.potential.hidden = [] }.hasPrefix("potential.hidden is []"))
    #expect(message { $0.prior.width = 0 } == "prior.width is 0.0; give a positive number")
    #expect(message { $0.dimension = 0 }.hasPrefix("dimension is 0"))
  }

  @Test func pathsOfAFlowAreItsFormat() throws {
    var configuration = HamiltonianFlowConfiguration()
    configuration.kinetic.form = .learned
    let networks = ["potential", "kinetic", "encoder.mean", "encoder.logStandardDeviation"]
    let expected = networks.flatMap { network in (0..<3).flatMap { ["\(network).layers.\($0).weight", "\(network).layers.\($0).bias"] } }
    #expect(try NeuralHamiltonianFlow(configuration, key: Key(seed: 0)).namedTensors().map(\.path) == expected)
    for (form, path, shape) in [
      (KineticConfiguration.Form.scalar, "kinetic.scale", [Int]()), (.diagonal, "kinetic.scale", [2]), (.full, "kinetic.factor", [2, 2]),
    ] {
      configuration.kinetic.form = form
      let kinetic = try NeuralHamiltonianFlow(configuration, key: Key(seed: 0)).namedTensors().filter { $0.path.hasPrefix("kinetic") }
      #expect(kinetic.map(\.path) == [path] && kinetic.map(\.tensor.shape) == [shape])
    }
  }

  @Test func parameterCountIsKnown() throws {
    // One potential, one number, two encoder heads.
    let flow = try NeuralHamiltonianFlow(HamiltonianFlowConfiguration(), key: Key(seed: 0))
    #expect(flow.parameterCount == 17_025 + 1 + 2 * 17_154)
  }

  @Test func encoderStartsAsTheMomentumPrior() throws {
    var configuration = HamiltonianFlowConfiguration()
    configuration.prior.momentumStandardDeviation = 0.3
    let flow = try NeuralHamiltonianFlow(configuration, key: Key(seed: 0), dtype: .float64)
    let q = double([1, 2, 3, 4], [2, 2])
    let p = double([0.1, -0.2, 0.5, 0.3], [2, 2])
    let prior = flow.prior.momentumDistribution(dtype: .float64).logDensity(p).doubles
    for (a, b) in zip(flow.encoder.logDensity(p, given: q).doubles, prior) { #expect((a - b).magnitude < 1e-12) }
  }
}
