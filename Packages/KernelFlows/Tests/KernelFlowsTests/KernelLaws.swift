import Autodiff
import KernelFlows
import Testing

private func stationary(_ form: StationaryKernel.Form, _ lengths: [Double] = [1.3]) -> StationaryKernel {
  let lengthscale = lengths.count == 1 ? Lengthscale(lengths[0], dtype: .float64) : Lengthscale(lengths, dtype: .float64)
  var kernel = StationaryKernel(form, lengthscale: lengthscale)
  if form == .rationalQuadratic { kernel.logShape = Tensor(0.4, dtype: .float64) }
  return kernel
}

private let polynomial = PolynomialKernel(degree: 3, lengthscale: Lengthscale(1.7, dtype: .float64), offset: 0.8)

/// Every kernel, in three dimensions.
private let kernels: [Named<any CovarianceKernel>] = StationaryKernel.Form.allCases.map { Named($0.rawValue, stationary($0)) } + combined

private let combined: [Named<any CovarianceKernel>] = [
  Named("squared exponential, a length for each coordinate", stationary(.squaredExponential, [0.7, 1.1, 2.3])),
  Named("matern-5/2, a length for each coordinate", stationary(.matern52, [0.7, 1.1, 2.3])),
  Named("polynomial", polynomial),
  Named("sum", stationary(.matern32) + polynomial),
  Named("product", stationary(.squaredExponential) * stationary(.rationalQuadratic)),
]

private let a = normal([9, 3], seed: 1)
private let b = normal([5, 3], seed: 2)

struct KernelLaws {
  @Test(arguments: kernels)
  func isSymmetric(_ named: Named<any CovarianceKernel>) {
    let (forward, backward) = (named.value.gram(a, b), named.value.gram(b, a).transposed())
    #expect(forward.shape == [9, 5])
    for (x, y) in zip(forward.doubles, backward.doubles) { #expect((x - y).magnitude < 1e-13 * max(1, x.magnitude)) }
  }

  @Test(arguments: kernels)
  func gramMatrixIsPositiveSemiDefinite(_ named: Named<any CovarianceKernel>) throws {
    let repeated = Tensor.concatenated([a, a.slice(axis: 0, 0..<2)], axis: 0)
    let gram = named.value.gram(repeated, repeated)
    _ = try (gram + 1e-9 * Tensor.identity(11, dtype: .float64)).choleskyFactor()
  }

  @Test(arguments: kernels)
  func expansionIsTheProductWithTheGramMatrix(_ named: Named<any CovarianceKernel>) {
    func check<K: CovarianceKernel>(_ kernel: K) {
      let (coefficients, weights) = (normal([5, 4], seed: 6), normal([9, 4], seed: 7))
      let expected = kernel.gram(a, b).matmul(coefficients)
      #expect(abs(kernel.expansion(a, around: b, coefficients: coefficients) - expected).max().item() < 1e-11)
      let fused = grad(kernel) { ($0.expansion(a, around: b, coefficients: coefficients) * weights).sum() }
      let other = grad(kernel) { ($0.gram(a, b).matmul(coefficients) * weights).sum() }
      for (x, y) in zip(fused.tensors(), other.tensors()) { #expect(abs(x - y).max().item() < 1e-9 * max(1, abs(y).max().item())) }
    }
    check(named.value)
  }

  @Test(arguments: kernels)
  func gradientIsThatOfFiniteDifferences(_ named: Named<any CovarianceKernel>) {
    func check<K: CovarianceKernel>(_ kernel: K) {
      let weights = normal([9, 5], seed: 3)
      let value = { (kernel: K, a: Tensor) in (kernel.gram(a, b) * weights).sum() }
      let (points, parameters) = (grad(a) { value(kernel, $0) }, grad(kernel) { value($0, a) })
      let direction = normal([9, 3], seed: 4)
      let h = 1e-5
      let numeric = (value(kernel, a + h * direction).item() - value(kernel, a - h * direction).item()) / (2 * h)
      #expect(((points * direction).sum().item() - numeric).magnitude < 1e-7 * max(1, numeric.magnitude))
      for (index, tensor) in parameters.tensors().enumerated() {
        let moved = { (step: Double) -> Double in
          var tensors = kernel.tensors()
          tensors[index] = tensors[index] + step
          return value(kernel.replacing(tensors), a).item()
        }
        let numeric = (moved(h) - moved(-h)) / (2 * h)
        #expect((tensor.sum().item() - numeric).magnitude < 1e-7 * max(1, numeric.magnitude), "parameter \(index)")
      }
    }
    check(named.value)
  }

  @Test(arguments: kernels)
  func gradientIsFiniteWherePointsCoincide(_ named: Named<any CovarianceKernel>) {
    func check<K: CovarianceKernel>(_ kernel: K) {
      #expect(grad(a) { kernel.gram($0, a).sum() }.doubles.allSatisfy { $0.isFinite })
    }
    check(named.value)
  }

  @Test func stationaryKernelsAreTheirFormulas() {
    let difference = a.expanded(axis: 1) - b.expanded(axis: 0)
    let r = sqrt(square(difference / 1.3).sum(axis: 2))
    let shape = exp(Tensor(0.4, dtype: .float64))
    for form in StationaryKernel.Form.allCases {
      let expected =
        switch form {
        case .squaredExponential: exp(-0.5 * square(r))
        case .matern12: exp(-r)
        case .matern32: (1.0 + 3.0.squareRoot() * r) * exp(-3.0.squareRoot() * r)
        case .matern52: (1.0 + 5.0.squareRoot() * r + 5.0 / 3.0 * square(r)) * exp(-5.0.squareRoot() * r)
        case .rationalQuadratic: pow(1.0 + square(r) / (2.0 * shape), -shape)
        }
      // The guard at coincident points moves distances by 1e-4; the squared exponential and the rational quadratic have none.
      let tolerance = [.squaredExponential, .rationalQuadratic].contains(form) ? 1e-13 : 1.1e-4
      for (x, y) in zip(stationary(form).gram(a, b).doubles, expected.doubles) { #expect((x - y).magnitude < tolerance, "\(form)") }
      for index in 0..<9 { #expect((stationary(form).gram(a, a)[index, index].item() - 1).magnitude < 1e-12) }
    }
  }

  @Test func medianHeuristicIsTheMedianDistance() {
    #expect(medianDistance(double([0, 1, 3], [3, 1])) == 2)
    #expect(medianDistance(double([5, 5, 5], [3, 1])) == 1)
    let shared = stationary(.matern32).scaled(to: double([0, 0, 3, 4, 6, 8], [3, 2]), factor: 0.5)
    #expect((shared.lengthscale.value.item() - 2.5).magnitude < 1e-12)
    let each = Lengthscale([1, 1], dtype: .float64).fitted(to: double([0, 0, 1, 4, 3, 8], [3, 2]), factor: 1).value.doubles
    #expect((each[0] - 2 * 2.0.squareRoot()).magnitude < 1e-12 && (each[1] - 4 * 2.0.squareRoot()).magnitude < 1e-12)
  }

  @Test(arguments: StationaryKernel.Form.allCases)
  func randomFeaturesApproachTheKernel(_ form: StationaryKernel.Form) {
    var kernel = StationaryKernel(form, lengthscale: Lengthscale(1.3, dtype: .float64))
    kernel.logShape = form == .rationalQuadratic ? Tensor(0, dtype: .float64) : nil
    let features = RandomFeatureConditioner(
      form, features: 20_000, outputs: 1, lengthscale: kernel.lengthscale, inputs: 3, key: Key(seed: 5))
    let approximate = features.features(a).matmul(features.features(b).transposed())
    for (x, y) in zip(approximate.doubles, kernel.gram(a, b).doubles) { #expect((x - y).magnitude < 0.04) }
  }
}
