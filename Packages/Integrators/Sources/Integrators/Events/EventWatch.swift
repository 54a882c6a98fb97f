/// Finds the crossings of several events inside the polynomial of a step.
@usableFromInline
struct EventWatch<State: CoordinateSpace> {
  @usableFromInline typealias Scalar = State.Scalar

  @usableFromInline let events: [Event<State>]
  /// The last sign of each root function, 0 while it is unknown.
  @usableFromInline var signs: [Scalar]
  /// What each root function left over at its last crossing: no sign is read from less than eight times that.
  @usableFromInline var noise: [Scalar]
  @usableFromInline var lastModification: Scalar
  @usableFromInline var modificationsWithoutTime = 0
  /// The first step after a modification may hold a far shorter motion than the step before it.
  @usableFromInline var followsModification = false

  /// Samples of each step, beside its start: two crossings between neighbours go unseen.
  @inlinable static var samples: Int { 8 }
  /// Modifications in a row that count as chattering when no more than `stillness` of the time passes between them.
  @inlinable static var patience: Int { 8 }
  @inlinable static var stillness: Scalar { Scalar(sign: .plus, exponent: Scalar.ulpOfOne.exponent + 20, significand: 1) }

  @inlinable
  init(_ events: [Event<State>], from initial: State, at start: Scalar) {
    self.events = events
    signs = events.map { Self.sign($0.root(initial, start)) }
    noise = events.map { _ in 0 }
    lastModification = start
  }

  @inlinable
  static func sign(_ value: Scalar) -> Scalar { value > 0 ? 1 : value < 0 ? -1 : 0 }

  /// Fractions of a step to look at.
  @inlinable
  var fractions: [Scalar] {
    var result: [Scalar] = []
    if followsModification {
      var small: Scalar = 1
      for _ in 0..<20 {
        small /= 4
        result.append(small)
      }
      result = result.reversed().filter { $0 < 1 / Scalar(Self.samples) }
    }
    for sample in 1...Self.samples { result.append(Scalar(sample) / Scalar(Self.samples)) }
    return result
  }

  /// Handles everything that happens in a step; returns what follows and where the step ends.
  @inlinable
  mutating func scan(
    _ polynomial: PolynomialStorage<State>, _ storage: StepStorage<State>, from time: Scalar, to target: Scalar,
    by stepSize: Scalar, _ occurrences: inout [Occurrence<State>]
  ) -> (StepOutcome<State>, end: Scalar) {
    let fractions = fractions
    followsModification = false
    func moment(_ theta: Scalar) -> Scalar { theta == 1 ? target : time + theta * stepSize }
    var low: Scalar = 0
    for high in fractions {
      let state = high == 1 ? storage.candidate.pointee : polynomial.state(at: high)
      var crossings: [(event: Int, theta: Scalar)] = []
      for index in events.indices {
        let value = events[index].root(state, moment(high))
        let sign = Self.sign(value)
        if signs[index] == 0, abs(value) <= 8 * noise[index] { continue }
        if sign == 0 || sign == signs[index] { continue }
        if events[index].counts(from: signs[index], to: sign) {
          let theta = locate(index, polynomial, from: low, to: high, sign, moment)
          crossings.append((index, theta))
        }
        signs[index] = sign
      }
      crossings.sort { $0.theta < $1.theta }
      var handled = 0
      while handled < crossings.count {
        let theta = crossings[handled].theta
        let resolution = 8 * Swift.max(moment(theta).ulp, abs(stepSize).ulp) / abs(stepSize)
        let together = crossings[handled...].prefix { $0.theta <= theta + resolution }
        handled += together.count
        let fired = together.map(\.event).sorted()
        if let outcome = fire(fired, polynomial.state(at: theta), at: moment(theta), storage, &occurrences) {
          return (outcome, moment(theta))
        }
      }
      low = high
    }
    return (.goOn, target)
  }

  /// The fraction of the crossing, to round-off: false position, halved when it stalls.
  @inlinable
  mutating func locate(
    _ index: Int, _ polynomial: PolynomialStorage<State>, from low: Scalar, to high: Scalar, _ after: Scalar,
    _ moment: (Scalar) -> Scalar
  ) -> Scalar {
    let root = events[index].root
    var (a, b) = (low, high)
    var valueA = root(polynomial.state(at: a), moment(a))
    var valueB = root(polynomial.state(at: b), moment(b))
    var halve = false
    for _ in 0..<200 {
      let middle = a + (b - a) / 2
      // Nothing lies between neighbouring numbers. Neighbouring times lie further apart, but a state between them is better.
      if middle <= a || middle >= b || valueB == 0 { break }
      let width = b - a
      var theta = a - valueA * (b - a) / (valueB - valueA)
      if halve || !(theta > a && theta < b) { theta = middle }
      let value = root(polynomial.state(at: theta), moment(theta))
      if Self.sign(value) == after {
        (b, valueB) = (theta, value)
      } else {
        (a, valueA) = (theta, value)
      }
      halve = b - a > width / 2
    }
    noise[index] = Swift.max(abs(valueA), abs(valueB))
    return abs(valueA) < abs(valueB) ? a : b
  }

  /// Records the events that happen together, and does what they ask for.
  @inlinable
  mutating func fire(
    _ fired: [Int], _ state: State, at time: Scalar, _ storage: StepStorage<State>,
    _ occurrences: inout [Occurrence<State>]
  ) -> StepOutcome<State>? {
    var changed = state
    var modifies = false
    var stopping: String?
    for index in fired {
      occurrences.append(Occurrence(event: events[index].name, time: time, state: state))
      switch events[index].action {
      case .record: break
      case .stop: stopping = stopping ?? events[index].name
      case .modify(let change):
        change(&changed, time)
        modifies = true
      }
    }
    if let stopping {
      storage.state.pointee.assign(changed)
      return .end(.stopped(event: stopping, at: time))
    }
    guard modifies else { return nil }
    storage.state.pointee.assign(changed)
    for index in events.indices {
      // Just after its own event a root function is round-off around zero.
      signs[index] = fired.contains(index) ? 0 : Self.sign(events[index].root(changed, time))
    }
    let separation = abs(time - lastModification)
    let resolution = Self.stillness * abs(time)
    modificationsWithoutTime = separation <= resolution ? modificationsWithoutTime + 1 : 0
    lastModification = time
    followsModification = true
    if modificationsWithoutTime >= Self.patience {
      return .end(.chattering(event: events[fired[0]].name, at: time))
    }
    return .restart(at: time, longest: Swift.max(2 * separation, 1000 * time.ulp))
  }
}
