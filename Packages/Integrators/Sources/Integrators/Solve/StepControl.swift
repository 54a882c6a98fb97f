/// How step sizes follow from error estimates, and the bounds they keep.
///
/// With e the error in units of the tolerance and q = errorOrder + 1, the next step is
/// h · safety · e₁^(−a/q) e₂^(−b/q) e₃^(−c/q), e₁ of this step, e₂ and e₃ of the two accepted before, within the factors.
public struct StepControl: Sendable, Hashable {
  /// a, b, c.
  public var exponents: SIMD3<Double>
  public var safety = 0.9
  /// The smallest and the largest factor between neighbouring steps.
  public var smallestFactor = 0.2
  public var largestFactor = 10.0
  /// The step is kept where its own error alone would change it by a factor in this range: a step size that changes all the
  /// time is one that every step has to wait for. Hairer's codes for stiff problems keep steps the same way.
  public var keptFactors = 0.95...1.3
  /// Magnitude of the first step; nil for Hairer's estimate.
  public var initialStep: Double?
  public var minimumStep = 0.0
  public var maximumStep = Double.infinity
  /// Steps attempted at most, rejected ones included.
  public var maximumSteps = 100_000

  public init(exponents: SIMD3<Double>) { self.exponents = exponents }

  /// The elementary controller: all of the error of this step.
  public static let integral = StepControl(exponents: [1, 0, 0])

  /// Gustafsson's PI controller with Hairer's gains for stiffness-free runs: fewer rejections after sudden changes.
  /// Hairer, Wanner, Solving Ordinary Differential Equations II, IV.2.
  public static let proportionalIntegral = StepControl(exponents: [0.85, -0.2, 0])

  /// Söderlind's digital filter H312PID, for the smoothest sequence of steps. ACM Trans. Math. Softw. 29, 1 (2003).
  public static let filtered = StepControl(exponents: [1 / 18.0, 1 / 9.0, 1 / 18.0])

  /// What is wrong with the bounds, or nil.
  @usableFromInline
  var mistake: SolveMistake? {
    if !(0 < safety && safety <= 1) { return .control("safety \(safety) is not between 0 and 1") }
    if !(0 < smallestFactor && smallestFactor < 1 && largestFactor > 1) {
      return .control("factors \(smallestFactor) and \(largestFactor) do not lie on both sides of 1")
    }
    if !(keptFactors.lowerBound > 0) { return .control("kept factors \(keptFactors) are not positive") }
    if !(minimumStep >= 0 && minimumStep <= maximumStep && maximumStep > 0) {
      return .control("minimum step \(minimumStep) and maximum step \(maximumStep) leave no step")
    }
    if let initialStep, !(initialStep > 0 && initialStep.isFinite) {
      return .control("initial step \(initialStep) is not positive; its direction follows from start and end")
    }
    return maximumSteps > 0 ? nil : .control("maximum of \(maximumSteps) steps is not positive")
  }
}

/// What a controller remembers between steps.
@usableFromInline
struct StepHistory {
  // Mean square errors, 1 for an error of exactly the tolerance.
  @usableFromInline var previous = 1.0
  @usableFromInline var beforePrevious = 1.0
  @usableFromInline var followsRejection = false
  // Mean square errors between which the step is kept.
  @usableFromInline let smallestKept: Double
  @usableFromInline let largestKept: Double
  /// 1/q
  @usableFromInline let power: Double

  /// For an estimate that falls as the step size to the power of `q`.
  @inlinable
  init(_ control: StepControl, q: Int) {
    power = 1 / Double(q)
    var (smallest, largest) = (1.0, 1.0)
    for _ in 0..<2 * q {
      smallest *= control.safety / control.keptFactors.upperBound
      largest *= control.safety / control.keptFactors.lowerBound
    }
    (smallestKept, largestKept) = (smallest, Swift.min(largest, 1))
  }

  /// Makes the next step a first one.
  @inlinable
  mutating func forget() { (previous, beforePrevious, followsRejection) = (1, 1, false) }

  /// The factor for the step after one accepted with this mean square error.
  @inlinable @inline(__always)
  mutating func factorAfterAccepting(_ meanSquare: Double, _ control: StepControl) -> Double {
    let (older, oldest) = (previous, beforePrevious)
    beforePrevious = older
    // Hairer's bound: an error far below the tolerance, as of a first step, must not shrink the step after it.
    previous = meanSquare > 1e-8 ? meanSquare : 1e-8
    if meanSquare > smallestKept && meanSquare < largestKept {
      followsRejection = false
      return 1
    }
    return factor(meanSquare, older, oldest, control)
  }

  /// safety · e₁^(−a/q) e₂^(−b/q) e₃^(−c/q), bounded.
  @inlinable
  mutating func factor(
    _ newest: Double, _ older: Double, _ oldest: Double, _ control: StepControl
  ) -> Double {
    let gain = control.exponents
    // An error of zero says nothing but that the step could have been longer.
    var exponent = gain.x * roughLog2(newest > 1e-30 ? newest : 1e-30)
    if gain.y != 0 { exponent += gain.y * roughLog2(older) }
    if gain.z != 0 { exponent += gain.z * roughLog2(oldest) }
    let factor = control.safety * roughExp2(-power / 2 * exponent)
    let largest = followsRejection ? 1 : control.largestFactor
    followsRejection = false
    return factor < control.smallestFactor ? control.smallestFactor : factor > largest ? largest : factor
  }

  /// The factor for trying again after an error this large.
  @inlinable
  mutating func factorAfterRejecting(_ meanSquare: Double, _ control: StepControl) -> Double {
    followsRejection = true
    let factor = control.safety * roughExp2(-power * roughLog2(meanSquare) / 2)
    return Swift.max(factor, control.smallestFactor)
  }
}
