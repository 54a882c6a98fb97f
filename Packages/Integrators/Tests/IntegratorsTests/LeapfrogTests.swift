import Integrators
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct LeapfrogTests {
  /// One step of kick-drift-kick on V = k q²/2 is [[1 − a/2, h/m], [−h k (1 − a/4), 1 − a/2]], a = h² k/m.
  @Test func oneStepIsItsClosedForm() {
    let oscillator = Oscillator(stiffness: 2.3, inverseMass: 0.8)
    let h = 0.15
    let a = h * h * 2.3 * 0.8
    let kdk = oscillator.matrix(.leapfrog, stepSize: h, steps: 1)
    #expect(abs(kdk.position.position - (1 - a / 2)) < 1e-15)
    #expect(abs(kdk.momentum.position - h * 0.8) < 1e-15)
    #expect(abs(kdk.position.momentum + h * 2.3 * (1 - a / 4)) < 1e-15)
    #expect(abs(kdk.momentum.momentum - (1 - a / 2)) < 1e-15)

    let dkd = oscillator.matrix(.positionLeapfrog, stepSize: h, steps: 1)
    #expect(abs(dkd.position.position - (1 - a / 2)) < 1e-15)
    #expect(abs(dkd.momentum.position - h * 0.8 * (1 - a / 4)) < 1e-15)
    #expect(abs(dkd.position.momentum + h * 2.3) < 1e-15)
  }

  /// Seven steps of 0.15 push q₀, p₀ ~ N(0, 1) to a Gaussian q, whose log density at 1.1 is known to eight decimals.
  @Test func pushesAGaussianToItsKnownDensity() {
    let matrix = Oscillator(stiffness: 2.3, inverseMass: 0.8).matrix(.leapfrog, stepSize: 0.15, steps: 7)
    let variance = matrix.position.position * matrix.position.position + matrix.momentum.position * matrix.momentum.position
    let logDensity = -0.5 * (1.1 * 1.1 / variance + log(2 * Double.pi * variance))
    #expect(abs(logDensity + 2.07309530) < 5e-9)
  }

  /// Bounded if and only if h √(k/m) < 2.
  @Test(arguments: [Palindrome.leapfrog, .positionLeapfrog])
  func isStableBelowTheLimitOfTwo(_ row: Palindrome) {
    let oscillator = Oscillator(stiffness: 2.3, inverseMass: 0.8)
    let limit = 2 / (2.3 * 0.8).squareRoot()
    func size(_ factor: Double) -> Double {
      let matrix = oscillator.matrix(row, stepSize: factor * limit, steps: 1_000)
      return max(abs(matrix.position.position), abs(matrix.momentum.position))
    }
    #expect(size(0.999) < 100)
    #expect(size(1.001) > 1e6)
  }

  /// Over short times both forms agree with cos t to second order.
  @Test func followsTheExactOscillation() {
    for row in [Palindrome.leapfrog, .positionLeapfrog] {
      let matrix = Oscillator().matrix(row, stepSize: 0.001, steps: 1_000)
      #expect(abs(matrix.position.position - cos(1)) < 1e-6)
      #expect(abs(matrix.position.momentum + sin(1)) < 1e-6)
    }
  }

  /// Exchanging kicks and drifts of one form gives the other.
  @Test func formsAreExchanged() {
    let exchanged = Palindrome.leapfrog.exchanged(named: "positionLeapfrog")
    #expect(exchanged.kicks == Palindrome.positionLeapfrog.kicks)
    #expect(exchanged.drifts == Palindrome.positionLeapfrog.drifts)
    #expect(Palindrome.leapfrog.opening == .kick && exchanged.opening == .drift)
  }
}
