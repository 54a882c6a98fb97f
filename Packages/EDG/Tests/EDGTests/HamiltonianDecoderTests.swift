import Autodiff
import DifferentiableIntegrators
import EDG
import Integrators
import NeuralNetworks
import Probability
import Testing

@Suite struct HamiltonianDecoderTests {
  static let well = FunctionEnergy(eventShape: [2]) { x in 0.25 * square(square(x)).sum(axis: -1) + 0.3 * square(x).sum(axis: -1) }

  static func decoder(blocks: Int = 2, baseStep: Double = 0.1) -> HamiltonianDecoder<FunctionEnergy> {
    HamiltonianDecoder(
      gradient: LimitedGradient(of: well), baseStep: baseStep,
      affine: Linear(weight: 1.5 * .identity(2, dtype: .float64), bias: .zeros([2], dtype: .float64)),
      network: MLP(sizes: [2, 8, 2], activation: .silu, lastInitializer: .zeros, key: Key(seed: 1), dtype: .float64),
      blocks: (0..<blocks).map {
        HamiltonianBlock(dimension: 2, iterations: 3, hidden: [8], key: Key(seed: UInt64(2 + $0)), dtype: .float64)
      },
      langevin: MLP(sizes: [2, 8, 1], activation: .tanh, lastInitializer: .zeros, key: Key(seed: 9), dtype: .float64))
  }

  @Test func zeroCorrectionsAreTheLeapfrog() {
    let decoder = HamiltonianDecoderTests.decoder()
    let z = Tensor.normal([7, 6], key: Key(seed: 3), dtype: .float64)
    let law = decoder(z)
    let system = EnergyGradients(inverseMass: Tensor(1, dtype: .float64)) { HamiltonianDecoderTests.well($0) }
    var position = 1.5 * z.slice(axis: 1, 0..<2)
    for block in 0..<2 {
      let start = Phase(position: position, momentum: z.slice(axis: 1, 2 + 2 * block..<4 + 2 * block))
      position = integrate(system, from: start, stepSize: 0.1, steps: 3, with: SplittingMethod(.leapfrog)).position
    }
    let expected = position - 0.1 * HamiltonianDecoderTests.well.gradient(position)
    for (a, b) in zip(law.mean.doubles, expected.doubles) { #expect(abs(a - b) < 1e-12) }
    let logDeviation = 0.5 * referenceLog(0.2)
    #expect(law.logStandardDeviation.doubles.allSatisfy { abs($0 - logDeviation) < 1e-14 })
  }

  @Test func correctionsAndStepsAreTrained() {
    let decoder = HamiltonianDecoderTests.decoder(blocks: 1)
    let z = Tensor.normal([64, 4], key: Key(seed: 3), dtype: .float64)
    let gradient = grad(decoder) { (decoder: HamiltonianDecoder<FunctionEnergy>) -> Tensor in
      let law = decoder(z)
      return (square(law.mean - 0.5).sum() + law.logStandardDeviation.sum())
    }
    let named = Dictionary(uniqueKeysWithValues: gradient.namedTensors().map { ($0.path, $0.tensor.doubles) })
    for path in [
      "blocks.0.logSteps", "blocks.0.kick.layers.1.weight", "blocks.0.drift.layers.1.weight", "langevin.layers.1.weight",
      "network.layers.1.weight", "affine.weight",
    ] {
      #expect((named[path] ?? []).contains { abs($0) > 1e-6 }, "\(path)")
    }
  }

  @Test func singularGradientsAreLimited() {
    let pole = FunctionEnergy(eventShape: [2]) { x in pow(square(x).sum(axis: -1), -6) }
    let limited = LimitedGradient(of: pole, limit: 5)
    let near = limited(Tensor([Float(1e-2), 0, 3, 4], shape: [2, 2])).doubles
    #expect(abs((near[0] * near[0] + near[1] * near[1]).squareRoot() - 5) < 1e-4 && near[0] < 0)
    let far = pole.gradient(Tensor([Float(3), 4], shape: [1, 2])).doubles
    #expect(near[2] == far[0] && near[3] == far[1])
  }

  @Test func theJointScoreIsThatOfThePosterior() {
    // One linear coordinate: p(z|x) is N(k (x - b), v).
    let (z, x) = (double([0.3, -1], [2, 1]), double([1.7, 0], [2, 1]))
    let score = LinearDecoder().jointScore(z, given: x).doubles
    let (gain, width) = (1.3 / 1.94, 0.25 / 1.94)
    for (value, (z, x)) in zip(score, [(0.3, 1.7), (-1.0, 0.0)]) { #expect(abs(value + (z - gain * (x - 0.4)) / width) < 1e-12) }
  }
}
