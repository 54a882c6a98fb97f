import Integrators

/// A state in fictitious time that knows its physical one.
public protocol TimedState: CoordinateSpace where Scalar == Double {
  associatedtype Q: CoordinateSpace where Q.Scalar == Double
  var phase: Phase<Q> { get }
  var time: Double { get }
}

extension ExtendedPhase: TimedState where Q: CoordinateSpace, Q.Scalar == Double {}
extension PacedPhase: TimedState where Q: CoordinateSpace, Q.Scalar == Double {}

/// What was measured of one method whose steps follow the orbit, on a planet and on a star in a flattened cluster.
public struct AdaptiveRow: Sendable {
  public let name: String
  public let order: Int
  public let orders: [Double]
  /// On a Kepler orbit of eccentricity 0.9, 100,000 steps of 0.05 in fictitious time.
  public let energy: EnergyDrift
  /// Of extended phase space (position, time; momentum, binding energy), for methods that promise it.
  public let symplecticityError: Double?
  public let reversalError: Double
  public let reference: String

  public init<K: ReversibleStepper, C: ReversibleStepper>(
    _ name: String, order: Int, reference: String, kepler: K, cluster: C, promisesSymplecticity: Bool,
    planet: (Phase<SIMD2<Double>>) -> K.State, star: (Phase<SIMD2<Double>>) -> C.State
  )
  where
    K.System == Kepler, C.System == FlattenedCluster, K.State: TimedState, C.State: TimedState,
    K.State.Q == SIMD2<Double>, C.State.Q == SIMD2<Double>
  {
    self.name = name
    self.order = order
    self.reference = reference
    let onKepler = Convergence(
      of: kepler, on: Kepler(), from: planet(Kepler.perihelion(eccentricity: 0.5)), duration: 5, floor: 2e-11
    ) { distance($0.phase, Kepler.orbit(eccentricity: 0.5, at: $0.time)) }
    let start = Phase(position: SIMD2(1.0, 0.2), momentum: SIMD2(0.1, 0.6))
    let onCluster = Convergence(of: cluster, on: FlattenedCluster(), from: star(start), duration: 3, floor: 2e-11) { state in
      let steps = 2_000
      let exact = integrate(
        FlattenedCluster(), from: start, stepSize: state.time / Double(steps), steps: steps, with: SplittingMethod(.kahanLi8))
      return distance(state.phase, exact)
    }
    orders = [onKepler.order, onCluster.order]

    let eccentric = planet(Kepler.perihelion(eccentricity: 0.9))
    energy = EnergyDrift(of: kepler, from: eccentric, on: Kepler(), stepSize: 0.05, steps: 100_000) { Kepler().energy($0.phase) }
    let jacobian = StepJacobian(of: kepler, on: Kepler(), at: planet(Kepler.orbit(eccentricity: 0.5, at: 1)), stepSize: 0.1)
    symplecticityError = promisesSymplecticity ? jacobian.symplecticityError : nil
    var back = integrate(Kepler(), from: eccentric, stepSize: 0.05, steps: 1_000, with: kepler)
    kepler.steps(1_000, &back, of: Kepler(), at: 0, by: -0.05)
    reversalError = distance(back, eccentric)
  }

  public static let catalogue: [AdaptiveRow] = [
    AdaptiveRow(
      "LogarithmicLeapfrog", order: 2, reference: "Preto, Tremaine, Astron. J. 118, 2532 (1999)", kepler: LogarithmicLeapfrog(),
      cluster: LogarithmicLeapfrog(), promisesSymplecticity: true, planet: { ExtendedPhase($0, of: Kepler()) },
      star: { ExtendedPhase($0, of: FlattenedCluster()) }),
    AdaptiveRow(
      "LogarithmicLeapfrog, kahanLi6", order: 6, reference: "Kahan, Li, Math. Comp. 66, 1089 (1997)",
      kepler: ComposedStepper(LogarithmicLeapfrog(), .kahanLi6), cluster: ComposedStepper(LogarithmicLeapfrog(), .kahanLi6),
      promisesSymplecticity: true, planet: { ExtendedPhase($0, of: Kepler()) },
      star: { ExtendedPhase($0, of: FlattenedCluster()) }),
    AdaptiveRow(
      "PacedSplitting, leapfrog", order: 2, reference: "Hairer, Söderlind, SIAM J. Sci. Comput. 26, 1838 (2005)",
      kepler: PacedSplitting(.leapfrog), cluster: PacedSplitting(.leapfrog), promisesSymplecticity: false,
      planet: { PacedPhase($0, of: Kepler()) }, star: { PacedPhase($0, of: FlattenedCluster()) }),
    AdaptiveRow(
      "PacedSplitting, blanesMoan4", order: 4, reference: "Hairer, Söderlind, SIAM J. Sci. Comput. 26, 1838 (2005)",
      kepler: PacedSplitting(.blanesMoan4), cluster: PacedSplitting(.blanesMoan4), promisesSymplecticity: false,
      planet: { PacedPhase($0, of: Kepler()) }, star: { PacedPhase($0, of: FlattenedCluster()) }),
  ]

  var cells: [String] {
    [name, "\(order)"] + orders.map { fixed($0, decimals: 2) } + [
      bounded(energy.largest), bounded(abs(energy.drift)), symplecticityError.map(bounded) ?? "no", bounded(reversalError),
      reference,
    ]
  }

  private func bounded(_ value: Double) -> String { value < 1e-9 ? "< 1e-9" : scientific(value, digits: 1) }
}

extension LedgerSection {
  public static var adaptive: LedgerSection {
    LedgerSection(
      "Adaptive steps",
      note: "Orders in fictitious time on a planet of eccentricity 0.5 and on a star in a flattened cluster; energy and reversal "
        + "on eccentricity 0.9, 100,000 and 1,000 steps of 0.05; symplecticity in extended phase space.",
      headings: [
        "Method", "Order", "Kepler", "Cluster", "Largest energy error", "Energy drift", "Symplecticity", "Reversal", "Reference",
      ], cells: AdaptiveRow.catalogue.map(\.cells))
  }
}
