import Autodiff
import Testing

/// Closed forms and conventions of element-wise functions that the comparison with JAX does not reach.
@Suite struct ActivationTests {
  @Test func derivativesAtZero() {
    let zero = Tensor([0, -0.0], dtype: .float64)
    #expect(grad(zero) { relu($0).sum() }.doubles == [0, 0])
    #expect(grad(zero) { leakyRelu($0).sum() }.doubles == [1, 1])
    #expect(grad(zero) { elu($0).sum() }.doubles == [1, 1])
    #expect(relu(Tensor([-2, 3] as [Int32])).doubles == [0, 3])
  }

  @Test func expressionsThatWouldOverflowDoNot() {
    let far = Tensor([-1000, 1000], dtype: .float64)
    #expect(grad(far) { elu($0).sum() }.doubles == [0, 1])
    #expect(silu(far).doubles == [0, 1000])
    expectClose(gelu(far).doubles, [0, 1000])
    expectClose(gelu(far, form: .tanh).doubles, [0, 1000])
    expectClose(grad(far) { silu($0).sum() }.doubles, [0, 1])
    // The exact form keeps its relative accuracy on the left: -8 times the normal distribution function of -8.
    expectClose((gelu(Tensor(-8, dtype: .float64)) * 1e15).doubles, [-8 * 0.6220960574271786], 1e-12)
  }

  /// psi(1) = -gamma, psi'(1) = pi^2 / 6, psi''(1) = -2 zeta(3), psi'''(1) = pi^4 / 15; Gamma(1/2) = sqrt(pi).
  @Test func gammaFunctionsAtKnownPlaces() {
    let pi = Double.pi
    let one = Tensor(1, dtype: .float64)
    expectClose([digamma(one).item()], [-0.57721566490153286], 1e-15)
    expectClose([polygamma(0, one).item()], [-0.57721566490153286], 1e-15)
    expectClose([polygamma(1, one).item()], [pi * pi / 6], 1e-15)
    expectClose([polygamma(2, one).item()], [-2 * 1.2020569031595942854], 1e-15)
    expectClose([polygamma(3, one).item()], [pi * pi * pi * pi / 15], 1e-15)
    expectClose([logGamma(Tensor(0.5, dtype: .float64)).item()], [0.57236494292470008707], 1e-15)
    // Reflection: psi'(x) + psi'(1 - x) = (pi / sin(pi x))^2.
    let x = Tensor([0.3, -0.7, -5.2, 1.25], dtype: .float64)
    expectClose((polygamma(1, x) + polygamma(1, 1 - x)).doubles, square(pi / sin(pi * x)).doubles, 1e-13)
    // Recurrence of the second derivative: psi''(x + 1) - psi''(x) = 2 / x^3.
    expectClose((polygamma(2, x + 1) - polygamma(2, x)).doubles, (2 / pow(x, 3)).doubles, 1e-12)
    // Poles, and the ends of the line.
    let edges = Tensor([0, -2, .infinity, .nan], dtype: .float64)
    let first = polygamma(1, edges).doubles
    #expect(first[0] == .infinity && first[1] == .infinity && first[2] == 0 && first[3].isNaN)
    let second = polygamma(2, edges).doubles
    #expect(second[0].isNaN && second[1].isNaN && second[2] == 0 && second[3].isNaN)
  }

  /// Every further derivative of log-gamma is the next polygamma function.
  @Test func derivativesOfLogGammaNest() {
    let x = Tensor([0.4, 3.7], dtype: .float64)
    let fourth = grad(x) { x in grad(x) { x in grad(x) { x in grad(x) { logGamma($0).sum() }.sum() }.sum() }.sum() }
    expectClose(fourth.doubles, polygamma(3, x).doubles, 1e-13)
    let single = grad(Tensor([0.4, 3.7], dtype: .float32)) { digamma($0).sum() }
    expectClose(single.doubles, polygamma(1, x).doubles, 1e-6)
  }

  @Test func remainderOfIntegersHasNoTrap() {
    let x = Tensor([7, -7, 5] as [Int32])
    #expect(remainder(x, Tensor([-3, 3, 0] as [Int32])).doubles == [-2, 2, 0])
    #expect((x / Tensor([-3, 3, 0] as [Int32])).doubles == [-3, -3, 0])
  }
}
