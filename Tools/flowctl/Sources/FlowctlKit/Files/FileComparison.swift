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
      let isSame = try a.blocks(of: item.path).allSatisfy { try a.strings(item.path, $0) == b.strings(item.path, $0) }
      if isSame { equalCount += 1 } else { structure.append("text \(place) differs") }
      return
    }
    if item.type != other.type { structure.append("array \(place): \(item.type) in A, \(other.type) in B") }
    var difference = ArrayDifference()
    for slab in try a.blocks(of: item.path) { difference.add(try a.array(item.path, slab), try b.array(item.path, slab)) }
    if difference.isNone && item.type == other.type { equalCount += 1 } else { append(place, difference) }
  }

  private mutating func append(_ place: String, _ difference: ArrayDifference) {
    let (size, gap) = (difference.size.norm, difference.gap.norm)
    table.append([
      place, Formatting.figure(size), Formatting.figure(gap), size > 0 ? Formatting.number(gap / size) : "-",
      Formatting.figure(difference.gap.largest), "\(difference.differentCount) of \(difference.count)",
    ])
  }
}

/// The difference of two arrays of one shape, from parts of them.
struct ArrayDifference {
  private(set) var count = 0
  /// Elements whose bits differ, or whose values do where the types differ.
  private(set) var differentCount = 0
  /// Of the first array, and of the differences.
  private(set) var size = EuclideanNorm()
  private(set) var gap = EuclideanNorm()

  var isNone: Bool { differentCount == 0 }

  /// Adds parts of one shape.
  mutating func add(_ a: HostArray, _ b: HostArray) {
    let isSame = a == b
    let (x, width) = (a.doubles, a.elementType.byteCount)
    count += x.count
    for value in x { size.add(value) }
    if isSame { return }
    let haveOneType = a.elementType == b.elementType
    for (index, (x, y)) in zip(x, b.doubles).enumerated() {
      let isEqual = x == y || (x.isNaN && y.isNaN)
      let bits = index * width..<(index + 1) * width
      if haveOneType ? a.bytes[bits] != b.bytes[bits] : !isEqual { differentCount += 1 }
      gap.add(isEqual ? 0 : x - y)
    }
  }
}

/// The norm of numbers that come one by one; it neither overflows nor underflows where their squares would.
struct EuclideanNorm {
  /// The largest magnitude.
  private(set) var largest = 0.0
  private var squares = 0.0
  private var hasNaN = false

  mutating func add(_ value: Double) {
    let magnitude = abs(value)
    if magnitude.isNaN {
      hasNaN = true
    } else if magnitude > largest {
      if largest > 0 { squares *= (largest / magnitude) * (largest / magnitude) }
      largest = magnitude
      squares += 1
    } else if magnitude > 0 {
      squares += (magnitude / largest) * (magnitude / largest)
    }
  }

  var norm: Double {
    guard largest.isFinite else { return largest }
    return hasNaN ? .nan : largest * squares.squareRoot()
  }
}
