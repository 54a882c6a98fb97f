import Autodiff
import NHF
import NeuralNetworks
import Probability
import Testing

/// Sixty supernovae of a known universe with fixed scatter.
private let redshifts = (0..<60).map { 0.02 + 1.3 * Double($0 * $0) / 3481 }
private let deviations = redshifts.map { 0.1 + 0.05 * $0 }
private let moduli: [Double] = zip(redshifts, deviations).enumerated().map { index, pair in
  let scatter = double([Double(index) * 12.9898 + 0.5])
  return simpsonModulus(pair.0, h: 0.71, omegaM: 0.27) + pair.1 * 1.4 * sin(scatter).item()
}

private func data() throws -> SupernovaData {
  try SupernovaData(redshifts: redshifts, moduli: moduli, errors: .independent(deviations))
}

/// The same errors and a common one of 0.05 magnitudes.
private let covariance = (0..<60).flatMap { i in (0..<60).map { j in (i == j ? deviations[i] * deviations[i] : 0) + 0.0025 } }

/// `-log (likelihood · prior)` in plain numbers; the common error by Sherman and Morrison.
private func negativeLogPosterior(h: Double, omegaM: Double, common: Double) -> Double {
  var (square, projected, total, logDeterminant) = (0.0, 0.0, 0.0, 0.0)
  for ((z, mu), s) in zip(zip(redshifts, moduli), deviations) {
    let residual = mu - simpsonModulus(z, h: h, omegaM: omegaM)
    square += residual * residual / (s * s)
    projected += residual / (s * s)
    total += 1 / (s * s)
    logDeterminant += 2 * referenceLog(s)
  }
  let chiSquared = square - common * projected * projected / (1 + common * total)
  logDeterminant += referenceLog(1 + common * total)
  return 0.5 * chiSquared + 0.5 * logDeterminant + 30 * referenceLog(2 * Double.pi) + referenceLog(0.6)
}

struct SupernovaTests {
  @Test(arguments: [false, true])
  func energyIsMinusTheLogPosterior(_ correlated: Bool) throws {
    let errors: SupernovaData.Errors = correlated ? .covariance(covariance) : .independent(deviations)
    let posterior = SupernovaPosterior(try SupernovaData(redshifts: redshifts, moduli: moduli, errors: errors))
    let points = [0.7, 0.3, 0.65, 0.5, 0.95, 0.02]
    let found = posterior(double(points, [3, 2])).doubles
    for row in 0..<3 {
      let expected = negativeLogPosterior(h: points[2 * row], omegaM: points[2 * row + 1], common: correlated ? 0.0025 : 0)
      #expect((found[row] - posterior.referenceLogLikelihood - expected).magnitude < 1e-8 * max(1, expected.magnitude))
    }
  }

  @Test func narrowerPriorsRaiseTheDensityInside() throws {
    let narrow = SupernovaPosterior(try data(), prior: .init(h: 0.5...0.9, omegaM: 0...0.5))
    let point = double([0.7, 0.3], [1, 2])
    let difference = SupernovaPosterior(try data())(point).item() - narrow(point).item()
    #expect((difference - referenceLog(0.6 / 0.2)).magnitude < 1e-12)
  }

  @Test(arguments: SupernovaPosterior.Scaling.allCases)
  func standardizedCoordinatesHaveUnitSize(_ scaling: SupernovaPosterior.Scaling) throws {
    let energy = SupernovaPosterior(try data()).standardized(scaling, dtype: .float64)
    let origin = double([0, 0], [1, 2])
    #expect(energy.gradient(origin).doubles.allSatisfy { $0.magnitude < 1e-7 })
    let laplace = LaplaceApproximation(of: energy, from: double([0, 0]))
    for (a, b) in zip((laplace.covariance * Tensor.identity(2, dtype: .float64)).sum(axis: 1).doubles, [1.0, 1.0]) {
      #expect((a - b).magnitude < 1e-6)
    }
    if scaling == .full { #expect(laplace.covariance.doubles[1].magnitude < 1e-6) }
  }

  @Test func float32KeepsTheDigitsOfTheEnergy() throws {
    let posterior = SupernovaPosterior(try data())
    let z = Tensor.normal([256, 2], key: Key(seed: 1), dtype: .float32) * 1.5
    let single = posterior.standardized(dtype: .float32)(z).doubles
    let full = posterior.standardized(dtype: .float64)(z.cast(to: .float64)).doubles
    for (a, b) in zip(single, full) { #expect((a - b).magnitude < 1e-4 * max(1, b.magnitude)) }
  }

  @Test func flowFindsThePosterior() throws {
    let target = SupernovaPosterior(try data()).standardized(dtype: .float32)
    var configuration = HamiltonianFlowConfiguration()
    configuration.potential.hidden = [32, 32]
    configuration.encoder.hidden = [32, 32]
    let untrained = try NeuralHamiltonianFlow(configuration, key: Key(seed: 7))
    let adam = Adam(learningRate: .warmUpCosine(peak: 5e-3, warmUp: 20, total: 600, floor: 1e-5))
    let step = compile(maximumTraces: 1) { (state: TrainingState<NeuralHamiltonianFlow>, key: Key) in
      let next = state.advanced(by: adam) { $0.reverseKL(to: target, count: 256, key: key.folded(state.step)) }
      return (next.state, next.loss)
    }
    var state = TrainingState(untrained)
    for _ in 0..<600 { state = step(state, Key(seed: 8)).0 }

    let flow = state.model.cast(to: .float64)
    let exactTarget = SupernovaPosterior(try data()).standardized(dtype: .float64)
    let samples = flow.weightedSamples(20_000, of: exactTarget, key: Key(seed: 9))
    let weights = ImportanceWeights(logWeights: samples.logWeight)
    #expect(weights.efficiency > 0.9, "efficiency \(weights.efficiency)")

    // Midpoints over the whole prior box, ±6 standard deviations wide.
    let n = 400
    let line = (0..<n).map { -7 + 14 * (Double($0) + 0.5) / Double(n) }
    let grid = double(line.flatMap { x in line.flatMap { [x, $0] } }, [n * n, 2])
    let density = exp(-exactTarget(grid)).doubles
    let total = density.reduce(0, +)
    let expected = WeightedMoments(exactTarget.bijection.forward(grid).y, weights: density.map { $0 / total })
    let found = WeightedMoments(exactTarget.bijection.forward(samples.position).y, weights: weights.normalized)
    for i in 0..<2 {
      #expect(((found.mean[i] - expected.mean[i]) / expected.standardDeviation[i]).magnitude < 0.05)
      #expect((found.standardDeviation[i] / expected.standardDeviation[i] - 1).magnitude < 0.05)
    }
    #expect((found.correlation(0, 1) - expected.correlation(0, 1)).magnitude < 0.03)
    let logZ = referenceLog(total * (14 / Double(n)) * (14 / Double(n)))
    #expect((weights.logNormalizer.value - logZ).magnitude < 0.02)
  }

  @Test func dataThatCannotBeUsedAreNamed() {
    func message(_ redshifts: [Double], _ moduli: [Double], _ errors: SupernovaData.Errors) -> String {
      do {
        _ = try SupernovaData(redshifts: redshifts, moduli: moduli, errors: errors)
        return "no error"
      } catch { return error.description }
    }
    #expect(message([0.1, 0.2], [38, 40], .independent([0.1, 0.1])) == "no error")
    #expect(message([], [], .independent([])).hasPrefix("the supernova data have no rows"))
    #expect(message([0.1, 0.2], [38], .independent([0.1, 0.1])).hasPrefix("the supernova data have 1 distance moduli; give 2"))
    #expect(message([0.1, -0.2], [38, 40], .independent([0.1, 0.1])) == "redshift of row 1 is -0.2; give a positive number")
    #expect(message([0.1, 0.2], [38, .nan], .independent([0.1, 0.1])) == "distance modulus of row 1 is nan; give a finite number")
    #expect(message([0.1, 0.2], [38, 40], .independent([0, 0.1])) == "error of row 0 is 0.0; give a positive number")
    #expect(message([0.1, 0.2], [38, 40], .covariance([1, 0, 0])).hasPrefix("the supernova data have 3 covariance entries; give 4"))
    #expect(message([0.1, 0.2], [38, 40], .covariance([1, 2, 2, 1])).hasPrefix("the covariance of the distance moduli is not positive"))
  }
}
