/// A point of the loss along a line: `φ(t)`, `φ'(t)` and the gradient there.
struct LinePoint {
  var step: Double
  var value: Double
  var slope: Double
  var gradient: [Double]
}

/// A step with enough decrease and little slope left (Nocedal and Wright 2006, algorithms 3.5 and 3.6; trial points as in
/// Schmidt's minFunc and PyTorch's `strong_wolfe`).
///
///     φ(t) <= φ(0) + c₁ t φ'(0)          |φ'(t)| <= c₂ |φ'(0)|
public struct StrongWolfeLineSearch: Sendable, Hashable, Codable {
  /// `c₁`
  public var decrease: Double
  /// `c₂`
  public var curvature: Double
  /// Evaluations after the first.
  public var maximumTrials: Int

  public init(decrease: Double = 1e-4, curvature: Double = 0.9, maximumTrials: Int = 25) {
    self.decrease = decrease
    self.curvature = curvature
    self.maximumTrials = maximumTrials
  }

  /// `tolerance` is the width of a bracket of steps that is not worth narrowing.
  func callAsFunction(from origin: LinePoint, firstStep: Double, tolerance: Double, _ evaluate: (Double) -> LinePoint) -> LinePoint {
    var (previous, current, trials) = (origin, evaluate(firstStep), 0)
    while decreases(current, origin) && (trials <= 1 || current.value < previous.value) {
      if isFlat(current, origin) || trials == maximumTrials { return current }
      if current.slope >= 0 { break }
      let bounds = current.step + 0.01 * (current.step - previous.step)...10 * current.step
      (previous, current) = (current, evaluate(cubicMinimum(previous, current, in: bounds)))
      trials += 1
    }
    return zoom(previous, current, origin, trials, tolerance, evaluate)
  }

  /// Narrows the bracket between `a` and `b` until its lower end fulfils both conditions.
  private func zoom(
    _ a: LinePoint, _ b: LinePoint, _ origin: LinePoint, _ trials: Int, _ tolerance: Double, _ evaluate: (Double) -> LinePoint
  ) -> LinePoint {
    var (low, high) = a.value <= b.value || b.value.isNaN ? (a, b) : (b, a)
    var hugsTheBorder = false
    for _ in trials..<max(trials, maximumTrials) where (high.step - low.step).magnitude >= tolerance {
      let (left, right) = (min(low.step, high.step), max(low.step, high.step))
      var t = cubicMinimum(low, high, in: left...right)
      let margin = 0.1 * (right - left)
      let isAtBorder = min(right - t, t - left) < margin
      if isAtBorder && (hugsTheBorder || t >= right || t <= left) {
        t = (t - right).magnitude < (t - left).magnitude ? right - margin : left + margin
        hugsTheBorder = false
      } else {
        hugsTheBorder = isAtBorder
      }
      let trial = evaluate(t)
      if !decreases(trial, origin) || trial.value >= low.value {
        high = trial
        if high.value < low.value { swap(&low, &high) }
      } else {
        if isFlat(trial, origin) { return trial }
        if trial.slope * (high.step - low.step) >= 0 { high = low }
        low = trial
      }
    }
    return low
  }

  /// False for NaN too.
  private func decreases(_ point: LinePoint, _ origin: LinePoint) -> Bool {
    point.value <= origin.value + decrease * point.step * origin.slope
  }

  private func isFlat(_ point: LinePoint, _ origin: LinePoint) -> Bool { point.slope.magnitude <= -curvature * origin.slope }

  /// Minimum of the cubic with the values and slopes of both points (Nocedal and Wright 2006, 3.59); the middle if there is none.
  private func cubicMinimum(_ a: LinePoint, _ b: LinePoint, in bounds: ClosedRange<Double>) -> Double {
    let (left, right) = a.step <= b.step ? (a, b) : (b, a)
    let d1 = left.slope + right.slope - 3 * (left.value - right.value) / (left.step - right.step)
    let radicand = d1 * d1 - left.slope * right.slope
    let d2 = radicand.squareRoot()
    let t = right.step - (right.step - left.step) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2))
    guard radicand >= 0 && t.isFinite else { return (bounds.lowerBound + bounds.upperBound) / 2 }
    return min(max(t, bounds.lowerBound), bounds.upperBound)
  }
}
