import Integrators

/// One table of the ledger: a family of methods.
public struct LedgerSection: Sendable {
  public let title: String
  /// What the reader has to know beyond the preamble; may be empty.
  public let note: String
  public let headings: [String]
  public let cells: [[String]]

  public init(_ title: String, note: String = "", headings: [String], cells: [[String]]) {
    self.title = title
    self.note = note
    self.headings = headings
    self.cells = cells
  }

  public init(_ title: String, note: String = "", rows: [LedgerRow]) {
    self.init(title, note: note, headings: LedgerRow.titles, cells: rows.map(\.cells))
  }

  public var markdown: String {
    let lines = [headings, headings.map { _ in "---" }] + cells
    return "## \(title)\n\n" + (note.isEmpty ? "" : note + "\n\n") + lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }
}

/// The methods with what was measured of each, as Markdown.
public struct Ledger: Sendable {
  public let sections: [LedgerSection]

  /// Every shipped method.
  public init() {
    self.init(sections: LedgerSection.symplectic + [.adaptive, .constrained] + LedgerSection.rungeKutta + LedgerSection.stochastic)
  }

  public init(sections: [LedgerSection]) { self.sections = sections }

  /// Palindromes of your own.
  public init(of palindromes: [Palindrome]) {
    self.init(sections: [LedgerSection("Palindromes", rows: palindromes.map(LedgerRow.init(measuring:)))])
  }

  public var markdown: String { Self.preamble + sections.map(\.markdown).joined(separator: "\n") }

  static let preamble = """
    # Ledger of integrators

    Written by `swift run -c release ledger LEDGER.md`, compared with fresh measurements by the test target `IntegratorLaws`.

    - *Order* is documented; *Pendulum*, *Hénon-Heiles* and *Kepler* (eccentricity 0.25) are the orders measured on them over
      t = 5: the slope of log error against log step size over the last three steps above round-off, each 2/3 of the one
      before. Of the methods of fixed step the states are double-double, so that errors down to 1e-13 can be told from round-off.
    - *Forces per step*: evaluations in a long run, neighbouring steps merged. A row that opens with a kick needs one more in all.
    - *Error constant*: error at t = 5 on Hénon-Heiles divided by the step size to the power of the order.
    - *Largest energy error* and *Energy drift*: Hénon-Heiles of energy 0.144, 100,000 steps of 0.1, relative to the energy;
      the drift is the slope of the nearest straight line times the number of steps.
    - *Symplecticity* and *Determinant*: largest entry of |Jᵀ Ω J - Ω| and |det J - 1| of one step of 0.1 on pendulum and
      Hénon-Heiles, J by central differences of fourth order.
    - *Reversal*: distance from the start after 1,000 steps of 0.1 forward and back.


    """
}
