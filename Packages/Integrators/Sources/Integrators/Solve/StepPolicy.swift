/// What a policy says of an attempted step.
@usableFromInline
enum StepVerdict<Scalar: RealScalar> {
  /// Take it; the next is this much longer.
  case accept(factor: Scalar)
  /// Try again with this much of it.
  case reject(factor: Scalar)
  /// Try again with less of it: something is not finite.
  case notFinite
}

/// Decides whether a step is taken and how long the next one is.
@usableFromInline
protocol StepPolicy {
  associatedtype Method: DenseStepper

  var minimumStep: Method.Scalar { get }
  var maximumStep: Method.Scalar { get }
  /// Whether a smaller step may be tried where this one fails.
  var adapts: Bool { get }

  func firstStep(
    _ method: Method, _ system: Method.System, _ storage: StepStorage<Method.State>, at time: Method.Scalar,
    direction: Method.Scalar, span: Method.Scalar, _ statistics: inout SolveStatistics
  ) -> Method.Scalar

  mutating func judge(_ method: Method, _ storage: StepStorage<Method.State>, by stepSize: Method.Scalar)
    -> StepVerdict<Method.Scalar>

  mutating func forget()
}

/// Takes every step whose result is finite.
@usableFromInline
struct FixedPolicy<Method: DenseStepper>: StepPolicy {
  @usableFromInline let stepSize: Method.Scalar

  @inlinable
  init(stepSize: Method.Scalar) { self.stepSize = stepSize }

  @inlinable var minimumStep: Method.Scalar { 0 }
  @inlinable var maximumStep: Method.Scalar { stepSize }
  @inlinable var adapts: Bool { false }

  @inlinable
  func firstStep(
    _ method: Method, _ system: Method.System, _ storage: StepStorage<Method.State>, at time: Method.Scalar,
    direction: Method.Scalar, span: Method.Scalar, _ statistics: inout SolveStatistics
  ) -> Method.Scalar { stepSize }

  @inlinable @inline(__always)
  func judge(_ method: Method, _ storage: StepStorage<Method.State>, by stepSize: Method.Scalar) -> StepVerdict<Method.Scalar> {
    storage.candidate.pointee.firstNotFinite == nil ? .accept(factor: 1) : .notFinite
  }

  @inlinable
  func forget() {}
}

/// Takes the steps whose estimated error the tolerance allows.
@usableFromInline
struct ErrorPolicy<Method: EmbeddedStepper>: StepPolicy {
  @usableFromInline let control: StepControl
  @usableFromInline let absolute: Method.State
  @usableFromInline let relative: Method.State
  @usableFromInline let perCoordinate: Double
  @usableFromInline var history: StepHistory

  @inlinable
  init(control: StepControl, absolute: Method.State, relative: Method.State, errorOrder: Int, count: Double) {
    self.control = control
    self.absolute = absolute
    self.relative = relative
    history = StepHistory(control, q: errorOrder + 1)
    perCoordinate = 1 / Swift.max(count, 1)
  }

  @inlinable var minimumStep: Method.Scalar { Method.Scalar(control.minimumStep) }
  @inlinable var maximumStep: Method.Scalar { Method.Scalar(control.maximumStep) }
  @inlinable var adapts: Bool { true }

  @inlinable
  func firstStep(
    _ method: Method, _ system: Method.System, _ storage: StepStorage<Method.State>, at time: Method.Scalar,
    direction: Method.Scalar, span: Method.Scalar, _ statistics: inout SolveStatistics
  ) -> Method.Scalar {
    if let given = control.initialStep { return Method.Scalar(given) }
    statistics.evaluations &+= 1
    return initialStep(
      system, storage, at: time, direction: direction, span: span, order: method.errorOrder, absolute: absolute,
      relative: relative)
  }

  @inlinable @inline(__always)
  mutating func judge(
    _ method: Method, _ storage: StepStorage<Method.State>, by stepSize: Method.Scalar
  ) -> StepVerdict<Method.Scalar> {
    let squared = method.squaredErrorRatio(storage, by: stepSize, absolute: absolute, relative: relative)
    let mean = Double(squared) * perCoordinate
    if mean <= 1 { return .accept(factor: Method.Scalar(history.factorAfterAccepting(mean, control))) }
    guard mean.isFinite else { return .notFinite }
    return .reject(factor: Method.Scalar(history.factorAfterRejecting(mean, control)))
  }

  @inlinable
  mutating func forget() { history.forget() }
}
