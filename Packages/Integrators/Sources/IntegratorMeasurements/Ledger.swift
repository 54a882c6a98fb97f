import Integrators

/// What was measured of one row of the catalogue.
public struct LedgerRow: Sendable {
  public let palindrome: Palindrome
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

  public init(measuring palindrome: Palindrome) {
    self.palindrome = palindrome
    let onHenonHeiles = Convergence(of: Splitting<HenonHeiles>(palindrome), on: .henonHeiles)
    orders = [
      Convergence(of: Splitting<Pendulum>(palindrome), on: .pendulum).order, onHenonHeiles.order,
      Convergence(of: Splitting<Kepler>(palindrome), on: .kepler).order,
    ]
    errorConstant = onHenonHeiles.constant
    // Hénon-Heiles is polynomial: no library function can change a digit of the long run.
    energy = EnergyDrift(
      of: Splitting<HenonHeiles>(palindrome), on: .henonHeiles, stepSize: Self.stepSize, steps: Self.driftSteps)
    let jacobians = [
      StepJacobian(of: Splitting<Pendulum>(palindrome), on: .pendulum, stepSize: Self.stepSize),
      StepJacobian(of: Splitting<HenonHeiles>(palindrome), on: .henonHeiles, stepSize: Self.stepSize),
    ]
    symplecticityError = jacobians.map(\.symplecticityError).max() ?? .nan
    determinantError = jacobians.map { abs($0.determinant - 1) }.max() ?? .nan
    let returned = [
      returnDistance(of: Splitting<Pendulum>(palindrome), on: .pendulum, stepSize: Self.stepSize, steps: Self.reversalSteps),
      returnDistance(
        of: Splitting<HenonHeiles>(palindrome), on: .henonHeiles, stepSize: Self.stepSize, steps: Self.reversalSteps),
    ]
    reversalError = returned.max() ?? .nan
  }

  var cells: [String] {
    [palindrome.name, "\(palindrome.order)"] + orders.map { fixed($0, decimals: 2) } + [
      "\(palindrome.forceEvaluationsPerStep)", scientific(errorConstant, digits: 2),
      scientific(energy.largest, digits: 2), scientific(abs(energy.drift), digits: 1), bounded(symplecticityError),
      bounded(determinantError), bounded(reversalError), palindrome.reference,
    ]
  }

  private func bounded(_ value: Double) -> String {
    value < Self.floor ? "< \(scientific(Self.floor, digits: 1))" : scientific(value, digits: 1)
  }
}

/// The catalogue with what was measured of every row, as Markdown.
public struct Ledger: Sendable {
  public let rows: [LedgerRow]

  public init(of catalogue: [Palindrome] = Palindrome.catalogue) {
    rows = catalogue.map(LedgerRow.init(measuring:))
  }

  public var markdown: String {
    let titles = [
      "Method", "Order", "Pendulum", "Hénon-Heiles", "Kepler", "Forces per step", "Error constant", "Largest energy error",
      "Energy drift", "Symplecticity", "Determinant", "Reversal", "Reference",
    ]
    let lines = [titles, titles.map { _ in "---" }] + rows.map(\.cells)
    return Self.preamble + lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  static let preamble = """
    # Ledger of integrators

    Written by `swift run -c release ledger LEDGER.md`, compared with fresh measurements by the test target `IntegratorLaws`.

    - *Order* is documented; *Pendulum*, *Hénon-Heiles* and *Kepler* (eccentricity 0.3) are the orders measured on them over
      t = 5: the slope of log error against log step size over the last three halvings above round-off.
    - *Forces per step*: evaluations in a long run, neighbouring steps merged. A row that opens with a kick needs one more in all.
    - *Error constant*: error at t = 5 on Hénon-Heiles divided by the step size to the power of the order.
    - *Largest energy error* and *Energy drift*: Hénon-Heiles of energy 0.144, 100,000 steps of 0.1, relative to the energy;
      the drift is the slope of the nearest straight line times the number of steps.
    - *Symplecticity* and *Determinant*: largest entry of |Jᵀ Ω J - Ω| and |det J - 1| of one step of 0.1 on pendulum and
      Hénon-Heiles, J by central differences of fourth order.
    - *Reversal*: distance from the start after 1,000 steps of 0.1 forward and back.


    """
}
