import Autodiff
import KernelFlows
import NeuralNetworks
import Probability
import Testing

private let train = PlanarData.moons.sample(400, key: Key(seed: 1))
private let validation = PlanarData.moons.sample(200, key: Key(seed: 2))
private let brief = MaximumLikelihood(steps: 60, batchSize: 100, learningRate: .constant(0.02), validationEvery: 10, patience: 100)

struct TrainingTests {
  @Test(arguments: FlowArchitecture.allCases)
  func likelihoodOfValidationRowsGrows(_ architecture: FlowArchitecture) throws {
    let configuration = KernelFlowConfiguration(architecture: architecture, layers: 3, points: 30, hidden: [24], bins: 6)
    let flow = try KernelCouplingFlow(configuration, rows: train, key: Key(seed: 3))
    let before = flow.scores(validation).reduce(0, +) / 200
    let fit = brief.fit(flow, rows: train, validation: validation, key: Key(seed: 4))
    let after = fit.flow.scores(validation).reduce(0, +) / 200
    #expect(after > before + 0.15, "\(before) to \(after)")
    // What training saw in float32 is what is reported in float64.
    #expect((after - fit.validation).magnitude < 1e-4)
    #expect(fit.flow.dtype == .float32 && flow.logDensity(validation).doubles.allSatisfy { $0.isFinite })
  }

  @Test func trainingEndsWhenValidationNoLongerImproves() throws {
    // Forty rows and a full expansion: more freedom than data.
    let few = train.slice(axis: 0, 0..<40)
    let flow = try KernelCouplingFlow(KernelFlowConfiguration(layers: 4, points: 40), rows: few, key: Key(seed: 3))
    var training = brief
    training.steps = 5000
    training.patience = 5
    let fit = training.fit(flow, rows: few, validation: validation, key: Key(seed: 4))
    #expect(fit.steps < 5000 && fit.steps == fit.bestStep + 50)
    let reported = fit.flow.scores(validation).reduce(0, +) / 200
    #expect((reported - fit.validation).magnitude < 1e-3)
  }

  @Test func trainingIsAFunctionOfItsKeys() throws {
    let flow = try KernelCouplingFlow(KernelFlowConfiguration(layers: 2, points: 20), rows: train, key: Key(seed: 3))
    let fits = [4, 4, 5].map { brief.fit(flow, rows: train, validation: validation, key: Key(seed: $0)).validation }
    #expect(fits[0] == fits[1] && fits[0] != fits[2])
  }

  @Test func penaltyMakesTheMapsSmaller() throws {
    let flow = try KernelCouplingFlow(KernelFlowConfiguration(layers: 2, points: 20), rows: train, key: Key(seed: 3))
    var penalised = brief
    penalised.penalty = 0.05
    let norms = [brief, penalised].map { $0.fit(flow, rows: train, validation: validation, key: Key(seed: 4)).flow.squaredNorm.item() }
    #expect(norms[1] < 0.7 * norms[0])
    #expect(flow.squaredNorm.item() == 0)
  }

  @Test func countsWhatHasAnEffect() throws {
    let two = normal([20, 4], seed: 1)
    let counts = try [FlowArchitecture.ferumalRealNVP, .ferumalGlow, .maskedAutoregressive].map {
      try KernelCouplingFlow(KernelFlowConfiguration(architecture: $0, layers: 1, points: 10, hidden: [6]), rows: two, key: Key(seed: 1))
        .effectiveParameterCount
    }
    // Two ActNorms of 8; W 10 x 2, A 10 x 4 and one lengthscale; a 4 x 4 matrix.
    #expect(counts[0] == 16 + 20 + 40 + 1)
    #expect(counts[1] == counts[0] + 16)
    // Hidden degrees 1 2 3 1 2 3 read 12 inputs; outputs of coordinates 1 2 3 read 2, 4, 6 units, twice; biases 6 and 8.
    #expect(counts[2] == 16 + 12 + 2 * 12 + 14)
  }
}
