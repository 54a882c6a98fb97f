import Autodiff
import NHF
import Testing

/// `μ(z)` by Simpson's rule in plain numbers, independent of the library's quadrature.
func simpsonModulus(_ z: Double, h: Double, omegaM: Double) -> Double {
  let n = 400
  let width = z / Double(n)
  let integrand = { (x: Double) in 1 / (omegaM * (1 + x) * (1 + x) * (1 + x) + 1 - omegaM).squareRoot() }
  let sum = (0...n).reduce(0.0) { total, index in
    let weight = index == 0 || index == n ? 1.0 : (index % 2 == 1 ? 4.0 : 2.0)
    return total + weight * integrand(Double(index) * width)
  }
  let distance = (1 + z) * 299_792.458 / (100 * h) * sum * width / 3
  return 5 * referenceLog(distance) / referenceLog(10) + 25
}

struct CosmologyTests {
  private let redshifts = [0.01, 0.1, 0.5, 1.0, 1.4]

  /// Rows from SciPy's adaptive quadrature.
  @Test(arguments: [
    (0.7, 0.3, [33.17531838091242, 38.31520457439094, 42.26118542154089, 44.10023765554372, 45.00402655544018]),
    (0.7, 1.0, [33.16400831319439, 38.20973780054567, 41.86244039079081, 43.5024598553589, 44.3129177009738]),
    (0.73, 0.25, [33.08500894272801, 38.2322333154259, 42.208720358984834, 44.07654762382303, 44.996236988381554]),
  ])
  func distanceModuliOfKnownUniverses(_ h: Double, _ omegaM: Double, _ expected: [Double]) {
    for reference in [(0.7, 0.3), (0.5, 0.9)] {
      let model = FlatLambdaCDM(redshifts: redshifts, reference: (h: reference.0, omegaM: reference.1))
      for (a, b) in zip(model.modulus(double([h, omegaM], [1, 2])).doubles, expected) { #expect((a - b).magnitude < 1e-11) }
      let single = model.modulus(Tensor([Float(h), Float(omegaM)], shape: [1, 2])).doubles
      for (a, b) in zip(single, expected) { #expect((a - b).magnitude < 1e-5) }
    }
  }

  @Test func quadratureHoldsOverTheWholePrior() {
    let deep = [0.02, 0.3, 1.0, 2.26]
    let model = FlatLambdaCDM(redshifts: deep)
    for omegaM in [0.0, 0.01, 0.15, 0.45, 0.8, 1.0] {
      let found = model.modulus(double([0.6, omegaM], [1, 2])).doubles
      for (a, z) in zip(found, deep) { #expect((a - simpsonModulus(z, h: 0.6, omegaM: omegaM)).magnitude < 1e-9) }
    }
  }

  @Test func slopesAtTheReferenceUniverse() {
    let model = FlatLambdaCDM(redshifts: [0.5], reference: (h: 0.68, omegaM: 0.4))
    let slope = grad(double([0.7, 0.3], [1, 2])) { model.modulus($0).sum() }.doubles
    #expect((slope[1] + 0.752694).magnitude < 1e-6)
    #expect((slope[0] / 100 + 0.0310210).magnitude < 1e-7)
  }
}
