/// Finds what the user probably meant.
package enum Suggestion {
  /// The candidate with the fewest edits from `word`, when it is near enough to be worth a mention.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    let ranked = candidates.map { (name: $0, edits: distance(word.lowercased(), $0.lowercased())) }
    guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
    let allowance = max(2, max(word.count, best.name.count) / 4)
    return best.edits <= allowance ? best.name : nil
  }

  /// The nearest dotted key; a key typed without its section is found by its last part.
  package static func nearestKey(to key: String, among candidates: [String]) -> String? {
    if let sameLeaf = candidates.filter({ leaf($0) == leaf(key) }).first { return sameLeaf }
    return nearest(to: key, among: candidates)
  }

  /// ` Did you mean 'x'?`, or nothing.
  package static func sentence(_ name: String?) -> String { name.map { "; did you mean '\($0)'?" } ?? "" }

  /// Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours.
  package static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first)
    let b = Array(second)
    var table = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { table[i][0] = i }
    for j in 0...b.count { table[0][j] = j }
    for i in stride(from: 1, through: a.count, by: 1) {
      for j in stride(from: 1, through: b.count, by: 1) {
        let replaced = table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, replaced)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
        }
      }
    }
    return table[a.count][b.count]
  }

  private static func leaf(_ key: String) -> Substring { key.split(separator: ".").last ?? "" }
}
