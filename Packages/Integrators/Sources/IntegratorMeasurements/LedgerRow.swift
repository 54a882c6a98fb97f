import Integrators

/// What was measured of one method on nonlinear problems with known ends.
public struct LedgerRow: Sendable {
  public let name: String
  /// The documented order.
  public let order: Int
  public let forcesPerStep: Int
  public let reference: String
  /// Measured on the pendulum and on Hénon-Heiles, and on Kepler where the method applies to it.
  public let orders: [Double]
  public let errorConstant: Double
  public let energy: EnergyDrift
  public let symplecticityError: Double
  public let determinantError: Double
  public let reversalError: Double

  public static let stepSize = 0.1
  public static let driftSteps = 100_000
  public static let reversalSteps = 1_000
  /// Finite differences and long runs end in round-off well below this.
  public static let floor = 1e-10

  /// What rounding alone does to the energy over that many steps.
  public static let energyFloor = 1e-12

  /// Measures one method in its form for two problems; convergence comes from outside, the one on Hénon-Heiles second.
  public init<P: Stepper, H: Stepper>(
    _ name: String, order: Int, forcesPerStep: Int, reference: String, convergence: [Convergence], pendulum: P, henonHeiles: H
  ) where P.System == Pendulum, P.State == Phase<Double>, H.System == HenonHeiles, H.State == Phase<SIMD2<Double>> {
    self.name = name
    self.order = order
    self.forcesPerStep = forcesPerStep
    self.reference = reference
    orders = convergence.map(\.order)
    errorConstant = convergence[1].constant(order: order)
    // Hénon-Heiles is polynomial: no library function can change a digit of the long run.
    energy = EnergyDrift(of: henonHeiles, on: .henonHeiles, stepSize: Self.stepSize, steps: Self.driftSteps)
    let jacobians = [
      StepJacobian(of: pendulum, on: .pendulum, stepSize: Self.stepSize),
      StepJacobian(of: henonHeiles, on: .henonHeiles, stepSize: Self.stepSize),
    ]
    symplecticityError = jacobians.map(\.symplecticityError).max() ?? .nan
    determinantError = jacobians.map { abs($0.determinant - 1) }.max() ?? .nan
    let returned = [
      returnDistance(of: pendulum, on: .pendulum, stepSize: Self.stepSize, steps: Self.reversalSteps),
      returnDistance(of: henonHeiles, on: .henonHeiles, stepSize: Self.stepSize, steps: Self.reversalSteps),
    ]
    reversalError = returned.max() ?? .nan
  }

  /// The headings of `cells`.
  static let titles = [
    "Method", "Order", "Pendulum", "Hénon-Heiles", "Kepler", "Forces per step", "Error constant", "Largest energy error",
    "Energy drift", "Symplecticity", "Determinant", "Reversal", "Reference",
  ]

  var cells: [String] {
    let measured = orders.map { fixed($0, decimals: 2) } + Array(repeating: "", count: 3 - orders.count)
    return [name, "\(order)"] + measured + [
      "\(forcesPerStep)", scientific(errorConstant, digits: 2),
      escapes ? "escapes" : bounded(energy.largest, digits: 2, below: Self.energyFloor),
      escapes ? "escapes" : bounded(abs(energy.drift), below: Self.energyFloor), bounded(symplecticityError), bounded(determinantError),
      bounded(reversalError), reference,
    ]
  }

  /// Whether the long run left the bounded orbits: its energy then says nothing but that.
  private var escapes: Bool { !(energy.largest < 1e3) }

  private func bounded(_ value: Double, digits: Int = 1, below floor: Double = Self.floor) -> String {
    value < floor ? "< \(scientific(floor, digits: 1))" : scientific(value, digits: digits)
  }
}

extension LedgerRow: CustomStringConvertible {
  public var description: String {
    zip(Self.titles, cells).filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" }.joined(separator: ", ")
  }
}
