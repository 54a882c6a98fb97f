/// What is known of the steps of eight lanes: what `StepHistory` and `advance` know of one trajectory.
@usableFromInline
struct LaneControl {
  @usableFromInline typealias Reals = SIMD8<Double>
  @usableFromInline typealias Mask = SIMDMask<SIMD8<Int64>>

  /// Which lanes hold a trajectory on its way.
  @usableFromInline var isTaken = Mask(repeating: false)
  @usableFromInline var time = Reals(repeating: 0)
  /// The length of the next step, were the end far away.
  @usableFromInline var magnitude = Reals(repeating: 0)
  /// The length of this step.
  @usableFromInline var taken = Reals(repeating: 0)
  @usableFromInline var isLast = Mask(repeating: false)
  // Mean square errors of the two accepted steps before this one, 1 for an error of exactly the tolerance.
  @usableFromInline var previous = Reals(repeating: 1)
  @usableFromInline var beforePrevious = Reals(repeating: 1)
  /// By how much the next step may be longer: not at all after a rejection.
  @usableFromInline var largestFactor = Reals(repeating: 1)
  @usableFromInline var accepted = Mask(repeating: false)
  /// Lanes whose last attempt met something that is not finite, and how often in a row.
  @usableFromInline var isBroken = Mask(repeating: false)
  @usableFromInline var failures = SIMD8<Int64>(repeating: 0)
  @usableFromInline var isTooSmall = Mask(repeating: false)
  @usableFromInline var rejections = SIMD8<Int64>(repeating: 0)

  @inlinable init() {}

  /// Starts a trajectory in a lane.
  @inlinable
  mutating func begin(_ lane: Int, at start: Double, largestFactor factor: Double) {
    isTaken[lane] = true
    time[lane] = start
    largestFactor[lane] = factor
    previous[lane] = 1
    beforePrevious[lane] = 1
    failures[lane] = 0
    rejections[lane] = 0
  }
}

/// What `LaneControl` needs of a `StepControl`.
@usableFromInline
struct LaneRules {
  @usableFromInline let end: Double
  @usableFromInline let direction: Double
  @usableFromInline let gain: SIMD3<Double>
  /// −1 / (2 q)
  @usableFromInline let power: Double
  @usableFromInline let safety: Double
  @usableFromInline let smallestFactor: Double
  @usableFromInline let largestFactor: Double
  @usableFromInline let smallestKept: Double
  @usableFromInline let largestKept: Double
  @usableFromInline let minimumStep: Double
  @usableFromInline let maximumStep: Double
  /// Half the distance between neighbouring scalars, relative.
  @usableFromInline let roundOff: Double

  @inlinable
  init(_ control: StepControl, q: Int, end: Double, direction: Double, roundOff: Double) {
    let history = StepHistory(control, q: q)
    (self.end, self.direction, self.roundOff) = (end, direction, roundOff)
    (gain, power, safety) = (control.exponents, -history.power / 2, control.safety)
    (smallestFactor, largestFactor) = (control.smallestFactor, control.largestFactor)
    (smallestKept, largestKept) = (history.smallestKept, history.largestKept)
    (minimumStep, maximumStep) = (control.minimumStep, control.maximumStep)
  }
}
