import Integrators

/// A method for the first-order form of a separable Hamiltonian, as one for the Hamiltonian itself: what the laws measure.
public struct OnSeparable<System: SeparableHamiltonian, Base: Stepper>: Stepper
where Base.System == FirstOrderForm<System>, Base.State == Phase<System.Q> {
  public typealias State = Phase<System.Q>

  public let base: Base

  public init(_ base: Base) { self.base = base }

  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    base.step(&state, of: FirstOrderForm(system), at: time, by: stepSize)
  }

  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar
  ) {
    base.steps(count, &state, of: FirstOrderForm(system), at: time, by: stepSize)
  }

  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar,
    observingEvery stride: Int, _ observe: (Int, State) -> Void
  ) {
    base.steps(count, &state, of: FirstOrderForm(system), at: time, by: stepSize, observingEvery: stride, observe)
  }
}

/// A method that only `solve` drives, in steps of fixed size.
public struct FixedSteps<Method: DenseStepper>: Stepper {
  public typealias System = Method.System
  public typealias State = Method.System.State

  public let method: Method

  public init(_ method: Method) { self.method = method }

  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    let end = time + stepSize
    state = solve(system, from: state, at: time, until: end, with: method, stepSize: stepSize, recording: .ends).final
  }
}

extension LedgerRow {
  /// An explicit tableau, embedded or not.
  public init(measuring row: ExplicitTableau) {
    self.init(
      row.name, order: row.order, forcesPerStep: row.stageCount, reference: row.reference,
      convergence: Self.convergence(row), pendulum: OnSeparable(ExplicitRungeKutta(row)),
      henonHeiles: OnSeparable(ExplicitRungeKutta(row)))
  }

  /// In double-double, with coefficients of as many digits where those in double hide the order.
  private static func convergence(_ row: ExplicitTableau) -> [Convergence] {
    if let pendulum = PreciseRungeKutta<PrecisePendulum>(row), let plane = PreciseRungeKutta<PreciseHenonHeiles>(row),
      let orbit = PreciseRungeKutta<PreciseKepler>(row)
    {
      return [
        PreciseConvergence.pendulum(pendulum, settled: true), PreciseConvergence.henonHeiles(plane, settled: true),
        PreciseConvergence.kepler(orbit, settled: true),
      ]
    }
    return [
      PreciseConvergence.pendulum(OnSeparable(ExplicitRungeKutta(row))),
      PreciseConvergence.henonHeiles(OnSeparable(ExplicitRungeKutta(row))),
      PreciseConvergence.kepler(OnSeparable(ExplicitRungeKutta(row))),
    ]
  }

  /// In double, down to errors of `floor`.
  private static func convergence<P: Stepper, H: Stepper, K: Stepper>(
    floor: Double, pendulum: P, henonHeiles: H, kepler: K
  ) -> [Convergence]
  where
    P.System == Pendulum, P.State == Phase<Double>, H.System == HenonHeiles, H.State == Phase<SIMD2<Double>>,
    K.System == Kepler, K.State == Phase<SIMD2<Double>>
  {
    func measured<Method: Stepper>(_ method: Method, _ problem: ReferenceProblem<Method.System>) -> Convergence
    where Method.State == Phase<Method.System.Q>, Method.System: MeasurableHamiltonian {
      Convergence(
        of: method, on: problem.system, from: problem.initial, duration: problem.duration, floor: floor
      ) { distance($0, problem.final) }
    }
    return [measured(pendulum, .pendulum), measured(henonHeiles, .henonHeiles), measured(kepler, .kepler)]
  }

  /// A method of Gauss; its forces are those of a run of 1,000 steps of the ledger on Hénon-Heiles.
  public init(measuring row: GaussTableau) {
    let run = solve(
      FirstOrderForm(HenonHeiles()), from: ReferenceProblem<HenonHeiles>.henonHeiles.initial, until: 1_000 * Self.stepSize,
      with: GaussLegendre(row), stepSize: Self.stepSize, recording: .ends)
    self.init(
      row.name, order: row.order, forcesPerStep: (run.statistics.evaluations + 500) / 1_000, reference: row.reference,
      convergence: Self.convergence(
        floor: 2e-12, pendulum: OnSeparable(GaussLegendre(row)), henonHeiles: OnSeparable(GaussLegendre(row)),
        kepler: OnSeparable(GaussLegendre(row))),
      pendulum: OnSeparable(GaussLegendre(row)), henonHeiles: OnSeparable(GaussLegendre(row)))
  }

  /// A Rosenbrock method, with Jacobians from finite differences.
  public init(measuring row: RosenbrockTableau) {
    self.init(
      row.name, order: row.order, forcesPerStep: row.nodes.count, reference: row.reference,
      convergence: Self.convergence(
        floor: 1e-10, pendulum: OnSeparable(FixedSteps(RosenbrockMethod(row))), henonHeiles: OnSeparable(FixedSteps(RosenbrockMethod(row))),
        kepler: OnSeparable(FixedSteps(RosenbrockMethod(row)))),
      pendulum: OnSeparable(FixedSteps(RosenbrockMethod(row))), henonHeiles: OnSeparable(FixedSteps(RosenbrockMethod(row))))
  }
}

/// Measured rows of the Runge-Kutta methods, in the order of the ledger.
public enum RungeKuttaRows {
  public static let explicit =
    (ExplicitTableau.catalogue + EmbeddedTableau.catalogue.map(\.base)).map(LedgerRow.init(measuring:))
  public static let gauss = GaussTableau.catalogue.map(LedgerRow.init(measuring:))
  public static let rosenbrock = RosenbrockTableau.catalogue.map(LedgerRow.init(measuring:))
}

extension LedgerSection {
  /// Methods for any differential equation, here on the first-order form of a Hamiltonian.
  public static var rungeKutta: [LedgerSection] {
    [
      LedgerSection(
        "Explicit Runge-Kutta",
        note: "Stages per step; of the embedded pairs the method that advances the solution. The orders of tsitouras5, verner6, "
          + "verner7, dormandPrince8 and verner9 are measured with their coefficients to 32 digits, from those in double by "
          + "Newton's method on the order conditions, at errors down to 1e-27, and extrapolated to steps of size 0: their leading "
          + "error is so small that later terms outweigh it at larger ones, of verner6 and verner9 on one problem even there.",
        rows: RungeKuttaRows.explicit),
      LedgerSection(
        "Gauss-Legendre",
        note: "Implicit, solved to round-off by fixed-point sweeps: evaluations as counted on Hénon-Heiles. Kepler with "
          + "eccentricity 0.3, in double.",
        rows: RungeKuttaRows.gauss),
      LedgerSection(
        "Rosenbrock", note: "For stiff equations; evaluations without those of the finite differences for ∂f/∂y.",
        rows: RungeKuttaRows.rosenbrock),
    ]
  }
}
