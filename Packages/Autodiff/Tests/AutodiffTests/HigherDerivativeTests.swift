import Autodiff
import Testing

@Suite struct HigherDerivativeTests {
  private let matrix = Tensor([2, -1, 0.5, -1, 3, 0.25, 0.5, 0.25, 1], shape: [3, 3], dtype: .float64)
  private let x = Tensor([0.3, -0.7, 1.1], dtype: .float64)

  /// U = x A x / 2 + sum sin x: gradient A x + cos x, Hessian A - diag(sin x).
  private func energy(_ x: Tensor) -> Tensor { 0.5 * (x * matrix.matmul(x)).sum() + sin(x).sum() }

  @Test func hessianAndItsProductsOfAKnownEnergy() {
    let expected = matrix - sin(x) * Tensor.identity(3, dtype: .float64)
    expectClose(hessian(x, energy).doubles, expected.doubles)
    let v = Tensor([1, 2, -1], dtype: .float64)
    expectClose(hvp(x, along: v, energy).doubles, expected.matmul(v).doubles)
  }

  @Test func jacobianHasOutputAxesFirst() {
    let field: (Tensor) -> Tensor = { x in Tensor.stacked([x.slice(axis: 0, 0..<2), square(x.slice(axis: 0, 1..<3))]) }
    let jacobian = jacobian(x, field)
    #expect(jacobian.shape == [2, 2, 3])
    expectClose(jacobian.doubles, [1, 0, 0, 0, 1, 0, 0, -1.4, 0, 0, 0, 2.2])
  }

  @Test func divergenceOfALinearFieldIsItsTrace() {
    let points = Tensor.normal([5, 3], key: Key(seed: 1), dtype: .float64)
    let exact = divergence(points) { $0.matmul(matrix) + square($0) }
    expectClose(exact.divergence.doubles, (6 + 2 * points.sum(axis: 1)).doubles)
    expectClose(exact.field.doubles, (points.matmul(matrix) + square(points)).doubles)
    // For a diagonal Jacobian random signs are exact, whatever the number of probes.
    let diagonal = divergence(points, estimator: .hutchinson(probes: 1, key: Key(seed: 2))) { sin($0) }
    expectClose(diagonal.divergence.doubles, cos(points).sum(axis: 1).doubles)
  }

  @Test func hutchinsonIsUnbiasedAndSeeded() {
    let points = Tensor.zeros([4000, 3], dtype: .float64)
    let estimate = { divergence(points, estimator: .hutchinson(probes: 2, key: Key(seed: $0))) { $0.matmul(matrix) }.divergence }
    // The variance of one probe is 2 sum over i != j of A_ij^2 = 5.25 for a symmetric matrix: six standard errors of 8,000.
    #expect(abs(estimate(3).mean().item() - 6) < 6 * (5.25 / 8000).squareRoot())
    #expect(estimate(3).doubles == estimate(3).doubles)
    #expect(estimate(3).doubles != estimate(4).doubles)
  }

  @Test func derivativesNestInsideCompiledFunctions() {
    let curvature = compile { (x: Tensor) -> Tensor in
      divergence(x) { x in grad(x) { (square($0) * sin($0)).sum() } }.divergence
    }
    let points = Tensor.normal([300, 2], key: Key(seed: 5), dtype: .float64)
    let second = 2 * sin(points) + 4 * points * cos(points) - square(points) * sin(points)
    expectClose(curvature(points).doubles, second.sum(axis: 1).doubles, 1e-11)
  }
}
