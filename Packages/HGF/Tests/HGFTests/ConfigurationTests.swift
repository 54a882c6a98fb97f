import Autodiff
import DifferentiableIntegrators
import HGF
import Integrators
import NeuralNetworks
import Testing

struct ConfigurationTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch let error as ConfigurationError {
      return error.description
    } catch { return "another error: \(error)" }
  }

  @Test func timesAndFrequenciesOutOfRangeAreNamed() {
    #expect(message { _ = try HamiltonianProcess.oscillation(dimension: 2, frequency: 0) } == "force.frequency is 0.0; give a positive α")
    #expect(message { _ = try HamiltonianProcess.oscillation(dimension: 2, frequency: .nan) }.hasPrefix("force.frequency is nan"))
    #expect(message { _ = try HamiltonianProcess.diffusion(dimension: 2, duration: -1) } == "duration is -1.0; give a positive time T")
    #expect(message { _ = try HamiltonianProcess.diffusion(dimension: 2, duration: 3, minimumTime: 4) }.hasPrefix("minimumTime is 4.0"))
    #expect(message { _ = try HamiltonianProcess.diffusion(dimension: 0) }.hasPrefix("dimension is 0"))
    #expect(message { _ = try HamiltonianProcess.flowMatching(dimension: 2, noiseScale: 0) }.hasPrefix("coupling.scale is 0.0"))
    #expect(message { _ = try HamiltonianProcess.variancePreserving(dimension: 2, minimumTime: 0) }.hasPrefix("minimumTime is 0"))
    let long = LinearPath(force: .oscillation(frequency: 1), coupling: .independent(velocityScale: 1), duration: 2)
    #expect(message { _ = try HamiltonianProcess(dimension: 2, long) }.hasPrefix("duration is 2.0; give at most π/(2α) = 1.57"))
    #expect(message { _ = try HamiltonianScoreMatching(duration: 0) }.hasPrefix("duration is 0.0"))
    #expect(message { _ = try HamiltonianScoreMatching(steps: 0) }.hasPrefix("steps is 0"))
  }

  @Test func noEvaluationsAreNamed() throws {
    #expect(message { _ = try Sampler(.heun, evaluations: 0) } == "sampler.evaluations is 0; give at least 2, one step of heun")
    #expect(message { _ = try Sampler(.rungeKutta4, evaluations: 3) }.hasPrefix("sampler.evaluations is 3; give at least 4"))
    let box = try HamiltonianProcess(ReflectionBox(-1...1, dimension: 2), duration: 2)
    #expect(message { try Sampler(.euler, steps: 0).validate(for: box) }.hasPrefix("sampler.steps is 0"))
    #expect(message { try Sampler(.exactMidpoint, steps: 4).validate(for: box) }.hasPrefix("sampler is exactMidpoint"))
    #expect(
      message { try Sampler(.euler, steps: 4, stochasticity: 1).validate(for: box) }.hasPrefix("sampler is euler with stochasticity 1"))
    #expect(message { try Sampler(.euler, steps: 4, spacing: .power(0)).validate(for: box) }.hasPrefix("sampler.spacing"))
    #expect(message { try Sampler(.exactMotion, steps: 4).validate(for: box) } == "no error")
  }

  @Test func dataThatCannotBeLearnedAreNamed() throws {
    let box = try HamiltonianProcess(ReflectionBox(-1...1, dimension: 2), duration: 2)
    let check = { (values: [Double], shape: [Int]) in
      message { try box.validate(data: double(values, shape)) }
    }
    #expect(check([0, 0.5, 0.2, 0.1], [2, 2]) == "no error")
    #expect(check([0, .nan, 0.2, 0.1], [2, 2]) == "data is nan in row 0, feature 1; give finite numbers")
    #expect(check([0, 0.5, 0, 0.1], [2, 2]).hasPrefix("data is 0.0 in all rows of feature 0; give features that vary"))
    #expect(
      check([0, 0.5, 0.2, 1.1], [2, 2]).hasPrefix("force.box is -1.0 to 1.0 in feature 1, with 1.1 in row 1; give a box that holds"))
    #expect(check([0, 0.5, 0.2, 0.1], [4, 1]).hasPrefix("data is a float64 array of shape [4, 1]; give floating-point rows [rows, 2]"))
    #expect(check([0, 0.5, 0.2, 0.1], [1, 2, 2]).contains("flatten images"))
    #expect(
      message { try box.validate(data: Tensor([Int32(1), 2, 3, 4], shape: [2, 2])) }.contains("int32"))
  }

  @Test func labelsOutOfRangeAreNamed() {
    #expect(message { try validate(labels: [0, 2, 1], classes: 3, rows: 3) } == "no error")
    #expect(
      message { try validate(labels: [0, 3, 1], classes: 3, rows: 3) }
        == "labels is 3 in row 1; give integers from 0 to 2")
    #expect(message { try validate(labels: [0], classes: 3, rows: 3) }.hasPrefix("labels is 1 labels"))
  }

  @Test func networksOutOfRangeAreNamed() throws {
    let process = try HamiltonianProcess.oscillation(dimension: 2)
    let build = { (configuration: PredictorConfiguration) in
      message { _ = try NeuralVelocityPredictor(configuration, for: process, key: Key(seed: 0)) }
    }
    #expect(build(PredictorConfiguration()) == "no error")
    #expect(build(PredictorConfiguration(width: 0)).hasPrefix("predictor.width is 0"))
    #expect(build(PredictorConfiguration(depth: -1)).hasPrefix("predictor.depth is -1"))
    #expect(build(PredictorConfiguration(dataScale: 0)).hasPrefix("predictor.dataScale is 0.0"))
  }

  @Test func pathsOfAPredictorAreItsFormat() throws {
    let process = try HamiltonianProcess.oscillation(dimension: 2)
    let paths = { (configuration: PredictorConfiguration) in
      try NeuralVelocityPredictor(configuration, for: process, key: Key(seed: 0)).namedTensors().map(\.path)
    }
    #expect(
      try paths(PredictorConfiguration(depth: 1, time: .fourier))
        == [
          "network.layers.0.weight", "network.layers.0.bias", "network.layers.1.weight", "network.layers.1.bias",
          "time.fourier.frequencies",
        ])
    #expect(
      try paths(PredictorConfiguration(network: .residual, depth: 1))
        == [
          "network.input.weight", "network.input.bias", "network.blocks.0.first.weight", "network.blocks.0.first.bias",
          "network.blocks.0.second.weight", "network.blocks.0.second.bias", "network.output.weight", "network.output.bias",
        ])
  }

  /// An untrained predictor is the best linear one.
  @Test func untrainedPredictorIsTheLinearOne() throws {
    let process = try HamiltonianProcess.flowMatching(dimension: 2)
    let predictor = try NeuralVelocityPredictor(PredictorConfiguration(), for: process, key: Key(seed: 0), dtype: .float64)
    let data = MixtureVelocity(.init(means: [[0, 0]], standardDeviation: 1, dtype: .float64), along: process.path!)
    let (x, t) = (normal([5, 2], 1), double([0, 0.2, 0.5, 0.8, 1]))
    #expect(difference(predictor(x, at: t), data(x, at: t)) < 1e-14)
  }
}
