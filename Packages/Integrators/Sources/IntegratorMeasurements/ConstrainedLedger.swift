import Integrators

/// What was measured of one method on a pendulum and a double pendulum made of rods.
public struct ConstrainedRow: Sendable {
  public let name: String
  public let order: Int
  public let orders: [Double]
  /// On the double pendulum, 100,000 steps of 0.05.
  public let energyError: Double
  public let energyDrift: Double
  public let constraintError: Double
  public let tangencyError: Double
  /// Distance from the start after 200 steps of 0.05 forward and back on the double pendulum.
  public let reversalError: Double

  public init<P: Stepper, D: Stepper>(_ name: String, order: Int, rod: P, double: D)
  where P.System == RodPendulum, P.State == Phase<SIMD2<Double>>, D.System == DoublePendulum, D.State == Phase<SIMD4<Double>> {
    self.name = name
    self.order = order
    let end = ReferenceProblem.pendulum.final
    let onRod = Convergence(
      of: rod, on: RodPendulum(), from: RodPendulum.state(angle: 1.5, velocity: 0.5), duration: 5, floor: 2e-11
    ) { distance($0, RodPendulum.state(angle: end.position, velocity: end.momentum)) }
    let start = DoublePendulum.state(angles: SIMD2(1, 0.5), velocities: SIMD2(0, 0.25))
    // The end is from mpmath's Taylor integrator in the angles (Tests/IntegratorLaws/reference.py).
    let final = DoublePendulum.state(
      angles: SIMD2(-0.7405839403191622, -0.8467538719735787), velocities: SIMD2(-0.16229092120567812, 0.791160499755716))
    let onDouble = Convergence(of: double, on: DoublePendulum(), from: start, duration: 5, floor: 2e-11) { distance($0, final) }
    orders = [onRod.order, onDouble.order]

    let system = DoublePendulum()
    var largest = (energy: 0.0, constraint: 0.0, tangency: 0.0)
    var deviations: [(x: Double, y: Double)] = []
    let energy = system.energy(start)
    var state = start
    double.steps(100_000, &state, of: system, at: 0, by: 0.05, observingEvery: 1) { taken, state in
      let deviation = (system.energy(state) - energy) / abs(energy)
      deviations.append((Double(taken), deviation))
      largest.energy = max(largest.energy, abs(deviation))
      largest.constraint = max(largest.constraint, system.constraintError(state.position))
      largest.tangency = max(largest.tangency, system.tangencyError(state))
    }
    (energyError, constraintError, tangencyError) = largest
    energyDrift = leastSquaresSlope(deviations) * 100_000
    var back = integrate(system, from: start, stepSize: 0.05, steps: 200, with: double)
    double.steps(200, &back, of: system, at: 0, by: -0.05)
    reversalError = distance(back, start)
  }

  public static let catalogue: [ConstrainedRow] = [
    ConstrainedRow("Rattle", order: 2, rod: Rattle(), double: Rattle()),
    ConstrainedRow(
      "Rattle, mclachlan4", order: 4, rod: ComposedStepper(Rattle(), .mclachlan4), double: ComposedStepper(Rattle(), .mclachlan4)),
    ConstrainedRow("Rattle, kahanLi6", order: 6, rod: ComposedStepper(Rattle(), .kahanLi6), double: ComposedStepper(Rattle(), .kahanLi6)),
  ]

  var cells: [String] {
    [name, "\(order)"] + orders.map { fixed($0, decimals: 2) } + [
      scientific(energyError, digits: 2), scientific(abs(energyDrift), digits: 1), bounded(constraintError),
      bounded(tangencyError), bounded(reversalError),
    ]
  }

  private func bounded(_ value: Double) -> String { value < 1e-10 ? "< 1e-10" : scientific(value, digits: 1) }
}

extension LedgerSection {
  public static var constrained: LedgerSection {
    LedgerSection(
      "Constraints",
      note: "Orders on a rod pendulum and on a double pendulum of rods; the rest on the double pendulum over 100,000 steps of 0.05.",
      headings: [
        "Method", "Order", "Pendulum", "Double pendulum", "Largest energy error", "Energy drift", "Constraint", "Tangency", "Reversal",
      ], cells: ConstrainedRow.catalogue.map(\.cells))
  }
}
