import Integrators

// Methods whose coefficients have 32 digits too: their order can be seen at errors far below the round-off of doubles, where the
// leading term has left the others behind.

/// A state that can be moved by a multiple known to 32 digits.
public protocol PreciseSpace: VectorSpace where Scalar == Double {
  mutating func add(_ scale: DoubleDouble, times direction: Self)
}

extension DoubleDouble: PreciseSpace {
  public mutating func add(_ scale: DoubleDouble, times direction: DoubleDouble) { self = self + scale * direction }
}

extension DoubleDoublePlane: PreciseSpace {
  public mutating func add(_ scale: DoubleDouble, times direction: DoubleDoublePlane) {
    x.add(scale, times: direction.x)
    y.add(scale, times: direction.y)
  }
}

extension Phase where Q: PreciseSpace {
  mutating func add(_ scale: DoubleDouble, times direction: Phase) {
    position.add(scale, times: direction.position)
    momentum.add(scale, times: direction.momentum)
  }
}

/// An explicit Runge-Kutta method with the coefficients of a tableau and of `PreciseTableaus`.
struct PreciseRungeKutta<System: SeparableHamiltonian>: Stepper where System.Q: PreciseSpace {
  typealias State = Phase<System.Q>

  let stages: [[DoubleDouble]]
  let weights: [DoubleDouble]

  /// nil for a tableau whose coefficients are known to 16 digits only.
  init?(_ tableau: ExplicitTableau) {
    guard let stages = PreciseTableaus.stages[tableau.name], let weights = PreciseTableaus.weights[tableau.name] else { return nil }
    self.stages = zip(tableau.stages, stages).map(Self.joined)
    self.weights = Self.joined(tableau.weights, weights)
  }

  private static func joined(_ high: [Double], _ low: [Double]) -> [DoubleDouble] {
    high.enumerated().map { DoubleDouble($1) + DoubleDouble($0 < low.count ? low[$0] : 0) }
  }

  func step(_ state: inout State, of system: System, at time: Double, by stepSize: Double) {
    var slopes: [State] = []
    func moved(_ row: [DoubleDouble]) -> State {
      var result = state
      for (coefficient, slope) in zip(row, slopes) where coefficient.high != 0 { result.add(stepSize * coefficient, times: slope) }
      return result
    }
    for row in [[]] + stages {
      let here = moved(row)
      slopes.append(Phase(position: system.velocity(here.momentum), momentum: system.force(here.position)))
    }
    state = moved(weights)
  }
}

/// A symmetric method of second order composed with itself, in steps known to 32 digits.
struct PreciseComposition<System: SeparableHamiltonian>: Stepper where System.Q: PreciseSpace {
  typealias State = Phase<System.Q>

  let weights: [DoubleDouble]
  let base: @Sendable (_ state: inout State, _ system: System, _ time: DoubleDouble) -> Void

  func step(_ state: inout State, of system: System, at time: Double, by stepSize: Double) {
    for weight in weights { base(&state, system, stepSize * weight) }
  }

  /// Kick, drift, kick.
  static func leapfrogs(_ weights: [DoubleDouble]) -> Self {
    Self(weights: weights) { state, system, time in
      state.momentum.add(0.5 * time, times: system.force(state.position))
      state.position.add(time, times: system.velocity(state.momentum))
      state.momentum.add(0.5 * time, times: system.force(state.position))
    }
  }

  /// Half a rotation by |p|²/2 + |q|²/2, a kick by the rest, half a rotation.
  static func rotations(_ weights: [DoubleDouble]) -> Self {
    Self(weights: weights) { state, system, time in
      rotate(&state, by: 0.5 * time)
      state.momentum.add(time, times: system.force(state.position).moved(1, along: state.position))
      rotate(&state, by: 0.5 * time)
    }
  }

  private static func rotate(_ state: inout State, by angle: DoubleDouble) {
    let (sine, half) = (angle.sine, (0.5 * angle).sine)
    let deficit = -2 * half * half
    let start = state
    state.position.add(deficit, times: start.position)
    state.position.add(sine, times: start.momentum)
    state.momentum.add(deficit, times: start.momentum)
    state.momentum.add(-sine, times: start.position)
  }
}

extension DoubleDouble {
  /// The steps of Suzuki's composition of order 8, 5 · 5 · 5 leapfrogs: s, s, 1 − 4 s, s, s with s = 1/(4 − 4^(1/n)), n = 3, 5, 7.
  static let suzuki8: [DoubleDouble] = [3, 5, 7].reduce([DoubleDouble(1)]) { inner, power in
    let outer = DoubleDouble(1) / (DoubleDouble(4) - root(of: 4, power))
    return [outer, outer, DoubleDouble(1) - 4 * outer, outer, outer].flatMap { step in inner.map { step * $0 } }
  }

  /// The root of that power, by Newton's method from above.
  private static func root(of number: Double, _ power: Int) -> DoubleDouble {
    (0..<60).reduce(DoubleDouble(2)) { root, _ in
      let below = (1..<power).reduce(DoubleDouble(1)) { product, _ in product * root }
      return root - (root * below - DoubleDouble(number)) / (Double(power) * below)
    }
  }
}
