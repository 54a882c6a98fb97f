import Foundation
import IntegratorMeasurements
import Testing

@Suite struct LedgerTests {
  @Test func committedLedgerAgreesWithFreshMeasurements() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../LEDGER.md")
    let committed = try lines(String(contentsOf: file, encoding: .utf8))
    let measured = lines(Ledger().markdown)
    try #require(committed.count == measured.count, "run `swift run -c release ledger LEDGER.md`")
    for (old, new) in zip(committed, measured) {
      try #require(old.count == new.count)
      for (column, pair) in zip(old, new).enumerated() {
        #expect(agree(pair.0, pair.1), "\(new[0]), column \(column + 1): committed \(pair.0), measured \(pair.1)")
      }
    }
  }

  @Test func comparisonSeesADifference() {
    #expect(!agree("4.00", "3.90"))
    #expect(!agree("2.5e-3", "2.8e-3"))
    #expect(!agree("< 1e-10", "2e-9"))
    #expect(agree("4.00", "3.99"))
  }

  /// Cells of the table; text outside it is one cell a line.
  private func lines(_ markdown: String) -> [[String]] {
    markdown.split(separator: "\n").map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  /// Exact for text; numbers may differ by what another machine's sine does to the last digits shown.
  private func agree(_ old: String, _ new: String) -> Bool {
    guard let a = Double(old), let b = Double(new) else { return old == new }
    if !old.contains("e") { return abs(a - b) <= 0.011 }
    // One digit is shown of the drift, two of everything else.
    return abs(a - b) <= (old.contains(".") ? 0.05 : 0.5) * max(abs(a), abs(b))
  }
}
