import Autodiff
import Testing

private func normal(_ shape: [Int], _ seed: UInt64, _ dtype: DType = .float64) -> Tensor {
  .normal(shape, key: Key(seed: seed), dtype: dtype)
}

/// Sums over points against the same by way of the matrix of all pairs.
@Suite struct RadialSumTests {
  /// Rows, points, coordinates and weights that fill the lanes of every instruction set, and that do not.
  private static let extents = [(1, 1, 1, 1), (3, 150, 5, 10), (33, 6, 2, 1), (130, 37, 4, 3), (64, 8, 20, 33)]

  @Test(arguments: RadialProfile.allCases) func equalsTheProductWithTheMatrix(_ profile: RadialProfile) {
    for (n, m, d, p) in RadialSumTests.extents {
      for (dtype, tolerance) in [(DType.float64, 1e-12), (.float32, 2e-5)] {
        let (x, y, h) = (normal([n, d], 1, dtype), normal([m, d], 2, dtype), normal([m, p], 3, dtype))
        let expected = profile.matrix(x, y).matmul(h)
        let difference = abs(radialSum(profile, x, y, weights: h) - expected).max().item()
        #expect(difference < tolerance * max(1, abs(expected).max().item()), "\(n) \(m) \(d) \(p) \(dtype)")
      }
    }
  }

  @Test(arguments: RadialProfile.allCases) func compiledGradientInShardsEqualsThatOfTheMatrix(_ profile: RadialProfile) {
    let inputs = [normal([400, 4], 4), normal([37, 4], 5), normal([37, 6], 6)]
    let weights = normal([400, 6], 7)
    let fused = compile { (x: [Tensor]) -> [Tensor] in grad(x) { (radialSum(profile, $0[0], $0[1], weights: $0[2]) * weights).sum() } }
    let expected = grad(inputs) { (profile.matrix($0[0], $0[1]).matmul($0[2]) * weights).sum() }
    for (a, b) in zip(fused(inputs), expected) { #expect(abs(a - b).max().item() < 1e-11) }
  }

  @Test func noMatrixOfAllPairsIsFormed() {
    let inputs = [normal([400, 4], 4), normal([37, 4], 5), normal([37, 6], 6)]
    let gradient = { @Sendable (x: [Tensor]) -> [Tensor] in
      grad(x) { square(radialSum(.squaredExponential, $0[0], $0[1], weights: $0[2])).sum() }
    }
    let text = passes(of: gradient, for: inputs).map(\.description).joined()
    #expect(text.contains("radialSum") && !text.contains("[400, 37]") && !text.contains("[37, 400]"))
  }

  @Test(arguments: RadialProfile.allCases) func derivativesAreFiniteWherePointsCoincide(_ profile: RadialProfile) {
    let (x, h) = (normal([9, 3], 8), normal([9, 2], 9))
    let gradient = grad([x, h]) { radialSum(profile, $0[0], $0[0], weights: $0[1]).sum() }
    #expect(gradient.allSatisfy { $0.doubles.allSatisfy { $0.isFinite } })
  }

  @Test func farPointsHaveNoPartAndNaNsStay() {
    let x = Tensor([0, 100, .nan] as [Double], shape: [3, 1])
    for dtype in [DType.float32, .float64] {
      let y = radialSum(.squaredExponential, x.cast(to: dtype), .zeros([1, 1], dtype: dtype), weights: .ones([1, 1], dtype: dtype)).doubles
      #expect(y[0] == 1 && y[1] == 0 && y[2].isNaN)
    }
  }

  @Test func noPointsGiveZeros() {
    let sum = radialSum(.matern32, normal([3, 2], 1), normal([0, 2], 2), weights: normal([0, 4], 3))
    #expect(sum.shape == [3, 4] && sum.doubles.allSatisfy { $0 == 0 })
  }
}
