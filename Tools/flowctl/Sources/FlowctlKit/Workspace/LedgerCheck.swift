/// Whether a ledger of methods has a row for every method that the sources declare, with the order they declare.
///
/// The figures in the rows are compared with fresh measurements by the tests of the package; that takes half a minute, this does not.
enum LedgerCheck {
  struct Method: Hashable, Sendable {
    let name: String
    let order: Int
  }

  /// Methods declared as data: a name and an order, `("leapfrog", order: 2, ...`.
  static func declared(in source: String) -> [Method] {
    source.matches(of: /"([A-Za-z0-9]+)", order: (\d+)/).compactMap { match in
      Int(match.2).map { Method(name: String(match.1), order: $0) }
    }
  }

  /// The rows of the ledger: the method after the last comma of the first cell, and its order.
  static func rows(of ledger: String) -> Set<Method> {
    Set(
      ledger.split(separator: "\n").filter { $0.hasPrefix("|") }.compactMap { line in
        let cells = line.split(separator: "|").map { $0.trimmed }
        guard cells.count > 1, let order = Int(cells[1]), let name = cells[0].split(separator: ",").last else { return nil }
        return Method(name: name.trimmed, order: order)
      })
  }

  /// One sentence for every method that `ledger` lacks.
  static func complaints(ledger: String, path: String, sources: [String]) -> [String] {
    let known = rows(of: ledger)
    return sources.flatMap(declared).filter { !known.contains($0) }.map { method in
      "\(path): no row for \(method.name) of order \(method.order); 'swift run -c release ledger LEDGER.md' in its package writes it anew"
    }
  }
}

extension StringProtocol {
  /// Without spaces at both ends.
  var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
