import Autodiff
import Probability
import Testing

private func stored(_ name: String) throws -> ScipyValues.DistributionCase {
  try #require(ScipyValues.stored.distributions.first { $0.name == name }, "no stored values for \(name)")
}

/// The template with the stored parameters, which also checks their paths.
private func loaded<D: Module>(_ template: D, _ parameters: [String: ScipyValues.Values]) throws -> D {
  var distribution = template
  try distribution.load(parameters.mapValues(\.tensor))
  return distribution
}

private let zeros = Tensor.zeros([2], dtype: .float64)
private let zeros3 = Tensor.zeros([3], dtype: .float64)

/// Every distribution with stored values, its parameters still to be loaded.
private let templates: [Named<any Distribution & Module>] = [
  Named("DiagonalNormal", DiagonalNormal(mean: zeros, standardDeviation: zeros)),
  Named("MultivariateNormal", MultivariateNormal(mean: zeros3, factor: .zeros([3, 3], dtype: .float64))),
  Named("LogNormal", LogNormal(location: zeros, scale: zeros)),
  Named("Uniform", Uniform(lower: zeros, upper: zeros)),
  Named("Laplace", Laplace(location: zeros, scale: zeros)),
  Named("Logistic", Logistic(location: zeros, scale: zeros)),
  Named("Cauchy", Cauchy(location: zeros, scale: zeros)),
  Named("StudentT", StudentT(degreesOfFreedom: zeros, location: zeros, scale: zeros)),
  Named("Exponential", Exponential(rate: zeros)),
  Named("Gamma", Gamma(concentration: zeros, rate: zeros)),
  Named("Beta", Beta(alpha: zeros, beta: zeros)),
  Named("Dirichlet", Dirichlet(concentration: zeros3)),
  Named("Bernoulli", Bernoulli(logits: zeros)),
  Named("Categorical", Categorical(logits: .zeros([4], dtype: .float64))),
  Named("VonMises", VonMises(mean: zeros, concentration: zeros)),
  Named("Funnel", Funnel(dimension: 3, dtype: .float64)),
  Named("Mixture", Mixture([Laplace(location: zeros, scale: zeros), Laplace(location: zeros, scale: zeros)], logWeights: zeros)),
  Named(
    "TransformedDistribution",
    TransformedDistribution(DiagonalNormal(mean: zeros, standardDeviation: zeros), through: ElementwiseMap(.sigmoid, dimension: 2))),
]

private func isClose(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude < 1e-10 * (1 + b.magnitude) }

struct DistributionReference {
  @Test func everyStoredCaseHasItsTemplate() {
    #expect(Set(ScipyValues.stored.distributions.map(\.name)) == Set(templates.map(\.testDescription)))
  }

  @Test(arguments: templates)
  func logDensityAndEntropyAgreeWithSciPy(_ named: Named<any Distribution & Module>) throws {
    try checkDensity(named.value, stored(named.testDescription))
  }

  private func checkDensity<D: Distribution & Module>(_ template: D, _ reference: ScipyValues.DistributionCase) throws {
    let distribution = try loaded(template, reference.parameters)
    let found = distribution.logDensity(points(of: distribution, reference)).doubles
    for (a, b) in zip(found, reference.logDensity) { #expect(isClose(a, b), "\(a) and \(b)") }
    let entropy = (distribution as? any ClosedFormEntropy)?.entropy.item()
    #expect((entropy == nil) == (reference.entropy == nil))
    if let entropy, let expected = reference.entropy { #expect(isClose(entropy, expected), "\(entropy) and \(expected)") }
  }

  /// Classes are integers.
  private func points(of distribution: some Distribution, _ reference: ScipyValues.DistributionCase) -> Tensor {
    distribution.eventShape.isEmpty ? reference.points.tensor.cast(to: .int32) : reference.points.tensor
  }

  @Test(arguments: templates)
  func divergencesAreThoseStored(_ named: Named<any Distribution & Module>) throws {
    let reference = try stored(named.testDescription)
    guard let template = named.value as? any ClosedFormDivergence & Module else {
      #expect(reference.divergence == nil)
      return
    }
    try checkDivergence(template, reference)
  }

  private func checkDivergence<D: ClosedFormDivergence & Module>(_ template: D, _ reference: ScipyValues.DistributionCase) throws {
    let (p, q) = (try loaded(template, reference.parameters), try loaded(template, #require(reference.other)))
    let expected = try #require(reference.divergence)
    #expect(isClose(p.kullbackLeibler(to: q).item(), expected), "\(p.kullbackLeibler(to: q).item()) and \(expected)")
    #expect(p.kullbackLeibler(to: p).item().magnitude < 1e-13)
    // The estimate from samples holds samples, density and closed form against each other.
    let estimate = estimatedKullbackLeibler(of: p, to: q, samples: 20_000, key: Key(seed: 31))
    #expect((estimate.value - expected).magnitude <= 5 * estimate.standardError + 1e-12, "\(estimate.value) ± \(estimate.standardError)")
  }

  @Test(arguments: templates)
  func scoreIsTheGradientOfTheLogDensity(_ named: Named<any Distribution & Module>) throws {
    let reference = try stored(named.testDescription)
    if !named.value.eventShape.isEmpty { try checkScore(named.value, reference) }
  }

  private func checkScore<D: Distribution & Module>(_ template: D, _ reference: ScipyValues.DistributionCase) throws {
    let (distribution, x) = (try loaded(template, reference.parameters), reference.points.tensor)
    let score = grad(x) { distribution.logDensity($0).sum() }.doubles
    for index in score.indices {
      let h = 1e-6
      let nudge = Tensor(score.indices.map { $0 == index ? h : 0 }, shape: x.shape)
      let slope = (distribution.logDensity(x + nudge) - distribution.logDensity(x - nudge)).sum().item() / (2 * h)
      #expect((score[index] - slope).magnitude < 1e-6 * (1 + slope.magnitude))
    }
  }

  /// Kolmogorov and Smirnov's statistic on 63 quantiles: above 2.2/sqrt(n) with a chance below 2 exp(-2 · 2.2²) = 1e-4.
  @Test(arguments: templates)
  func samplesFillTheQuantilesEvenly(_ named: Named<any Distribution & Module>) throws {
    try checkQuantiles(named.value, stored(named.testDescription))
  }

  private func checkQuantiles<D: Distribution & Module>(_ template: D, _ reference: ScipyValues.DistributionCase) throws {
    let (count, d) = (20_000, template.eventShape.first ?? 1)
    let samples = try loaded(template, reference.parameters).sample(count, key: Key(seed: 23)).doubles
    for (coordinate, quantiles) in reference.quantiles.enumerated() {
      let sorted = (0..<count).map { samples[$0 * d + coordinate] }.sorted()
      var (below, worst) = (0, 0.0)
      for (quantile, level) in zip(quantiles, ScipyValues.stored.levels) {
        while below < count && sorted[below] <= quantile { below += 1 }
        worst = max(worst, (Double(below) / Double(count) - level).magnitude)
      }
      #expect(worst < 2.2 / Double(count).squareRoot(), "coordinate \(coordinate): \(worst)")
    }
  }

  /// Within five standard errors, which for the variance need the kurtosis.
  @Test(arguments: templates)
  func samplesHaveTheStoredMoments(_ named: Named<any Distribution & Module>) throws {
    try checkMoments(named.value, stored(named.testDescription))
  }

  private func checkMoments<D: Distribution & Module>(_ template: D, _ reference: ScipyValues.DistributionCase) throws {
    let count = 20_000
    if reference.mean.isEmpty { return }
    let moments = WeightedMoments(try loaded(template, reference.parameters).sample(count, key: Key(seed: 29)))
    for (i, (mean, variance)) in zip(reference.mean, reference.variance).enumerated() {
      let spread = variance ?? moments.covariance[i][i]
      if let mean { #expect((moments.mean[i] - mean).magnitude < 5 * (spread / Double(count)).squareRoot()) }
      if let variance, let kurtosis = reference.kurtosis[i] {
        let error = variance * ((kurtosis + 2) / Double(count)).squareRoot()
        #expect((moments.covariance[i][i] - variance).magnitude < 5 * error + 1e-3 * variance, "coordinate \(i)")
      }
    }
  }

  /// Where samples are a smooth function of parameters and noise, derivatives pass through them.
  @Test(arguments: templates)
  func reparameterizedSamplesCarryDerivatives(_ named: Named<any Distribution & Module>) throws {
    let byRejection = ["Gamma", "Beta", "Dirichlet", "StudentT"]
    guard named.value.isReparameterized && !byRejection.contains(named.testDescription) else {
      #expect(named.value.isReparameterized || ["Bernoulli", "Categorical", "VonMises", "Mixture"].contains(named.testDescription))
      return
    }
    try checkPath(named.value, stored(named.testDescription))
  }

  private func checkPath<D: Distribution & Module>(_ template: D, _ reference: ScipyValues.DistributionCase) throws {
    let distribution = try loaded(template, reference.parameters)
    let weights = Tensor((0..<5 * template.eventShape[0]).map { 1 + 0.3 * Double($0) }, shape: [5] + template.eventShape)
    let value = { (d: D) in (d.sample(5, key: Key(seed: 3)) * weights).sum() }
    let (tensors, gradients) = (distribution.tensors(), grad(distribution, value).namedTensors())
    for (index, tensor) in tensors.enumerated() where gradients[index].isParameter {
      for (element, found) in gradients[index].tensor.doubles.enumerated() {
        func shifted(_ by: Double) -> Double {
          var (changed, values) = (tensors, tensor.doubles)
          values[element] += by
          changed[index] = Tensor(values, shape: tensor.shape)
          return value(distribution.replacing(changed)).item()
        }
        let slope = (shifted(1e-6) - shifted(-1e-6)) / 2e-6
        #expect((found - slope).magnitude < 1e-6 * (1 + slope.magnitude), "\(gradients[index].path)[\(element)]")
      }
    }
  }

  /// The gradient of the sample mean is, within five standard errors, that of the mean `k/rate` and `a/(a + b)`.
  @Test func rejectionSamplesCarryDerivativesToo() {
    let gamma = Gamma(concentration: double([2.5]), rate: double([0.5]))
    let slopes = grad(gamma) { $0.sample(20_000, key: Key(seed: 5)).mean() }
    #expect((slopes.concentration.item() - 2).magnitude < 0.05)
    #expect((slopes.rate.item() + 10).magnitude < 0.25)
    let beta = Beta(alpha: double([2]), beta: double([3]))
    #expect((grad(beta) { $0.sample(20_000, key: Key(seed: 5)).mean() }.alpha.item() - 0.12).magnitude < 0.003)
  }

  @Test func classesComeWithTheirProbabilities() throws {
    let reference = try stored("Categorical")
    let law = try loaded(Categorical(logits: .zeros([4], dtype: .float64)), reference.parameters)
    let draws = law.sample(20_000, key: Key(seed: 6))
    #expect(draws.dtype == .int32 && draws.shape == [20_000])
    for (index, logProbability) in reference.logDensity.enumerated() {
      let p = referenceExp(logProbability)
      let share = Double(draws.scalars(Int32.self).filter { $0 == index }.count) / 20_000
      #expect((share - p).magnitude < 5 * (p * (1 - p) / 20_000).squareRoot())
    }
    #expect(law.logDensity(Tensor([Int32(0), 1, 2, 3, 0, 1], shape: [3, 2])).shape == [3, 2])
  }

  @Test func outsideTheSupportThereIsNothing() {
    let one = double([1])
    let laws: [any Distribution] = [
      Uniform(lower: double([0]), upper: one), Exponential(rate: one), LogNormal(location: one, scale: one),
      Gamma(concentration: one, rate: one), Beta(alpha: one, beta: one),
    ]
    for law in laws { #expect(law.logDensity(double([-0.5], [1, 1])).item() == -.infinity, "\(law)") }
    #expect(Beta(alpha: one, beta: one).logDensity(double([1.5], [1, 1])).item() == -.infinity)
    let (narrow, wide) = (Uniform(lower: double([0]), upper: one), Uniform(lower: double([-1]), upper: double([2])))
    #expect(wide.kullbackLeibler(to: narrow).item() == .infinity)
  }

  @Test func covarianceAndItsFactorGiveOneNormal() {
    let covariance = double([2, 0.6, 0.6, 1], [2, 2])
    let normal = MultivariateNormal(mean: double([1, -2]), covariance: covariance)
    let found = WeightedMoments(normal.sample(50_000, key: Key(seed: 8)))
    #expect((found.correlation(0, 1) - 0.6 / 2.0.squareRoot()).magnitude < 0.02)
    // ½ log det 2πe Σ
    let expected = 0.5 * referenceLog(2 - 0.36) + referenceLog(2 * Double.pi) + 1
    #expect((normal.entropy.item() - expected).magnitude < 1e-14)
  }

  @Test func vonMisesHoldsForAnyConcentration() {
    for kappa in [0, 1e-6, 499.9, 500.1, 1e6] {
      let law = VonMises(mean: double([0.3]), concentration: double([kappa]))
      let samples = law.sample(2000, key: Key(seed: 2)).doubles
      #expect(samples.allSatisfy { $0.magnitude <= Double.pi })
      #expect(law.entropy.item().isFinite)
      let single = VonMises(mean: Tensor([Float(0.3)]), concentration: Tensor([Float(kappa)])).sample(2000, key: Key(seed: 2)).doubles
      let spread = { (angles: [Double]) in angles.reduce(0) { $0 + ($1 - 0.3) * ($1 - 0.3) } / 2000 }
      #expect((spread(single) / spread(samples) - 1).magnitude < 0.2)
      // Far up it is a normal density of variance 1/κ.
      if kappa == 1e6 {
        #expect((law.logDensity(double([0.3], [1, 1])).item() - 0.5 * referenceLog(kappa / (2 * Double.pi))).magnitude < 1e-6)
      }
    }
    let below = VonMises(mean: double([0]), concentration: double([500]))
    let above = VonMises(mean: double([0]), concentration: double([Double(500).nextUp]))
    #expect((below.entropy.item() - above.entropy.item()).magnitude < 1e-12)
  }
}

struct DistributionMisuse {
  @Test func parametersOfDifferentShapesAreNamed() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Laplace(location: Tensor.zeros([2]), scale: Tensor.ones([3]))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("Laplace: location [2], scale [3]; give 2 of one shape [d]"))
  }

  @Test func pointsOfAnotherSizeAreNamed() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Exponential(rate: Tensor.ones([2])).logDensity(Tensor.ones([5, 3]))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("Exponential.logDensity: x has shape [5, 3], events have shape [2]; give x as [batch..., event...]"))
  }
}
