// Methods of the generic run, not of `LaneControl`: so they are compiled beside the equation, for the processor it is compiled for.
extension LaneRun {
  @usableFromInline typealias Reals = LaneControl.Reals

  /// Chooses this step of every lane; lanes without a trajectory stand still.
  @inlinable @inline(__always)
  func choose(_ lanes: inout LaneControl, _ rules: LaneRules) {
    let remaining = (rules.end - lanes.time).magnitudes
    let isLast = lanes.magnitude * 1.01 .>= remaining
    lanes.isLast = isLast
    lanes.taken = lanes.magnitude
    if any(lanes.isLast .| .!lanes.isTaken) {
      lanes.taken.replace(with: remaining, where: lanes.isLast)
      lanes.taken.replace(with: 0, where: .!lanes.isTaken)
    }
  }

  /// Accepts or rejects this step by its mean square error; whether some lane has ended or may have to.
  @inlinable @inline(__always)
  func judge(_ lanes: inout LaneControl, _ square: Reals, _ rules: LaneRules) -> Bool {
    let accepted = lanes.isTaken .& (square .<= 1)
    lanes.accepted = accepted
    // Most steps are accepted in all lanes and are the last in none: they need none of the masks.
    guard all(accepted .& .!lanes.isLast) else { return sort(&lanes, square, rules) }
    let isKept = (square .> rules.smallestKept) .& (square .< rules.largestKept)
    if !all(isKept) {
      lanes.magnitude *= growth(lanes, square, rules).replacing(with: 1, where: isKept)
      lanes.magnitude = lanes.magnitude.larger(than: Reals(repeating: rules.minimumStep))
      lanes.magnitude = lanes.magnitude.smaller(than: Reals(repeating: rules.maximumStep))
    }
    lanes.time += rules.direction * lanes.taken
    remember(&lanes, square)
    lanes.largestFactor = Reals(repeating: rules.largestFactor)
    lanes.failures = SIMD8(repeating: 0)
    return false
  }

  /// The factor for the steps after accepted ones: see `StepHistory.factor`.
  @inlinable @inline(__always)
  func growth(_ lanes: LaneControl, _ square: Reals, _ rules: LaneRules) -> Reals {
    // An error of zero says nothing but that the step could have been longer.
    var exponent = rules.gain.x * roughLog2(square.larger(than: Reals(repeating: 1e-30)))
    if rules.gain.y != 0 { exponent += rules.gain.y * roughLog2(lanes.previous) }
    if rules.gain.z != 0 { exponent += rules.gain.z * roughLog2(lanes.beforePrevious) }
    let factor = rules.safety * boundedExp2(exponent * rules.power)
    return factor.smaller(than: lanes.largestFactor).larger(than: Reals(repeating: rules.smallestFactor))
  }

  @inlinable @inline(__always)
  func boundedExp2(_ exponent: Reals) -> Reals {
    roughExp2(exponent.smaller(than: Reals(repeating: 300)).larger(than: Reals(repeating: -300)))
  }

  @inlinable @inline(__always)
  func remember(_ lanes: inout LaneControl, _ square: Reals) {
    lanes.beforePrevious = lanes.previous
    // Hairer's bound: an error far below the tolerance, as of a first step, must not shrink the step after it.
    lanes.previous = square.larger(than: Reals(repeating: 1e-8))
  }

  /// `judge` where some lane is empty, rejected, broken or at its end.
  @inlinable
  func sort(_ lanes: inout LaneControl, _ square: Reals, _ rules: LaneRules) -> Bool {
    let accepted = lanes.accepted
    let rejected = lanes.isTaken .& .!accepted
    let isBroken = rejected .& .!(square .< .infinity)
    let before = lanes
    var factor = growth(lanes, square, rules)
    factor.replace(with: 1, where: (square .> rules.smallestKept) .& (square .< rules.largestKept))
    let shrinking = rules.safety * boundedExp2(roughLog2(square) * rules.power)
    factor.replace(with: shrinking.larger(than: Reals(repeating: rules.smallestFactor)), where: rejected)
    factor.replace(with: 0.125, where: isBroken)
    var next = lanes.magnitude.replacing(with: lanes.taken, where: rejected) * factor
    let isTooSmall = rejected .& ((next .< rules.minimumStep) .| (next .<= rules.roundOff * lanes.time.magnitudes))
    next.replace(with: rules.minimumStep, where: accepted .& (next .< rules.minimumStep))
    next.replace(with: rules.maximumStep, where: accepted .& (next .> rules.maximumStep))
    lanes.magnitude = next
    let moved = (lanes.time + rules.direction * lanes.taken).replacing(with: rules.end, where: lanes.isLast)
    lanes.time.replace(with: moved, where: accepted)
    remember(&lanes, square)
    lanes.beforePrevious.replace(with: before.beforePrevious, where: .!accepted)
    lanes.previous.replace(with: before.previous, where: .!accepted)
    lanes.largestFactor = Reals(repeating: rules.largestFactor)
    lanes.largestFactor.replace(with: before.largestFactor, where: isBroken)
    lanes.largestFactor.replace(with: 1, where: rejected .& .!isBroken)
    lanes.failures = (lanes.failures &+ 1).replacing(with: 0, where: .!isBroken)
    lanes.rejections.replace(with: lanes.rejections &+ 1, where: rejected)
    (lanes.isBroken, lanes.isTooSmall) = (isBroken, isTooSmall)
    return any((accepted .& lanes.isLast) .| isBroken .| isTooSmall)
  }
}
