import DataIO
import HDF5

/// What `flowctl diff` finds between two files: differences of structure, then of numbers.
struct FileComparison {
  private(set) var structure: [String] = []
  private var table = TextTable(["array", "norm of A", "norm of A - B", "relative", "largest", "elements"], rightAligned: [1, 2, 3, 4, 5])
  private var equalCount = 0
  private let names: (String, String)

  /// Root attributes that tell when and by whom, not what.
  private static let provenance: Set<String> = [
    "created", "software", "software_version", "commit", "machine", "sealed", "digest", "format_version",
  ]

  /// The text that tells on which machine and when.
  private static let environment = "environment"

  init(_ a: FormatTree, _ b: FormatTree) throws {
    names = (FileAccess.display(a.path), FileAccess.display(b.path))
    compare(a.attributes, b.attributes, at: "", except: FileComparison.provenance)
    comparePaths(a.groups.map(\.path), b.groups.map(\.path), "group")
    let groups = Dictionary(uniqueKeysWithValues: b.groups.map { ($0.path, $0) })
    for group in a.groups {
      if let other = groups[group.path] { compare(group.attributes, other.attributes, at: "/" + group.path) }
    }
    comparePaths(a.items.map(\.path), b.items.map(\.path), "array")
    let items = Dictionary(uniqueKeysWithValues: b.items.map { ($0.path, $0) })
    for item in a.items where item.path != FileComparison.environment {
      if let other = items[item.path] { try compare(item, other, a, b) }
    }
  }

  var isSame: Bool { structure.isEmpty && table.rows.isEmpty }

  var text: String {
    if isSame { return "the same: \(equalCount) arrays agree to the bit" }
    var paragraphs = ["A = \(names.0)\nB = \(names.1)"]
    if !structure.isEmpty { paragraphs.append(structure.joined(separator: "\n")) }
    if !table.rows.isEmpty { paragraphs.append(table.text) }
    paragraphs.append("\(equalCount) arrays agree to the bit")
    return DataFiles.printable(paragraphs.joined(separator: "\n\n"))
  }

  private mutating func comparePaths(_ a: [String], _ b: [String], _ what: String) {
    structure += Set(a).subtracting(b).sorted().map { "\(what) only in A: /\($0)" }
    structure += Set(b).subtracting(a).sorted().map { "\(what) only in B: /\($0)" }
  }

  private mutating func compare(
    _ a: [String: AttributeValue], _ b: [String: AttributeValue], at place: String, except left: Set<String> = []
  ) {
    for name in Set(a.keys).union(b.keys).subtracting(left).sorted() where a[name] != b[name] {
      let words = [a[name], b[name]].map { value in value.map(FileReport.words) ?? "none" }
      structure.append("attribute \(place)@\(name): \(words[0]) in A, \(words[1]) in B")
    }
  }

  private mutating func compare(_ item: FormatTree.Item, _ other: FormatTree.Item, _ a: FormatTree, _ b: FormatTree) throws {
    let place = "/" + item.path
    compare(item.attributes, other.attributes, at: place)
    guard item.shape == other.shape else {
      structure.append("array \(place): shape \(item.shape) in A, \(other.shape) in B")
      return
    }
    guard item.holdsStrings == other.holdsStrings else {
      structure.append("array \(place): \(item.type) in A, \(other.type) in B")
      return
    }
    if item.holdsStrings {
      if try a.strings(item.path) != b.strings(item.path) { structure.append("text \(place) differs") } else { equalCount += 1 }
      return
    }
    if item.type != other.type { structure.append("array \(place): \(item.type) in A, \(other.type) in B") }
    let (x, y) = (try a.array(item.path), try b.array(item.path))
    if x == y { equalCount += 1 } else { append(place, x.doubles, y.doubles) }
  }

  private mutating func append(_ place: String, _ x: [Double], _ y: [Double]) {
    let differences = zip(x, y).map { $0 == $1 || ($0.isNaN && $1.isNaN) ? 0 : $0 - $1 }
    let different = differences.count { $0 != 0 }
    func norm(_ values: [Double]) -> Double {
      let largest = values.reduce(0) { max($0, abs($1)) }
      guard largest > 0, largest.isFinite else { return largest }
      return largest * values.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
    }
    let (size, gap) = (norm(x), norm(differences))
    table.append([
      place, Formatting.figure(size), Formatting.figure(gap), size > 0 ? Formatting.number(gap / size) : "-",
      Formatting.figure(differences.reduce(0) { max($0, abs($1)) }), "\(different) of \(x.count)",
    ])
  }
}
