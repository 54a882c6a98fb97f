import DataIO
import HDF5

/// What `flowctl inspect` shows of a file.
struct FileReport {
  let text: String

  init(_ tree: FormatTree) throws {
    var paragraphs = [FileReport.heading(tree)]
    let facts = FileReport.lines(tree.attributes, except: ["format", "kind", "format_version", "sealed", "digest"])
    if !facts.isEmpty { paragraphs.append(facts.joined(separator: "\n")) }
    for group in tree.groups where !group.attributes.isEmpty {
      paragraphs.append("/\(group.path)\n" + FileReport.lines(group.attributes).map { "  " + $0 }.joined(separator: "\n"))
    }
    let arrays = try FileReport.arrays(tree)
    if !arrays.isEmpty { paragraphs.append(arrays) }
    for item in tree.items where item.holdsStrings {
      let lines = try tree.strings(item.path)
      let shown = lines.count > 5 ? Array(lines.prefix(5)) + ["and \(lines.count - 5) more"] : lines
      paragraphs.append("/\(item.path)\n" + shown.joined(separator: "\n"))
    }
    text = DataFiles.printable(paragraphs.joined(separator: "\n\n"))
  }

  private static func heading(_ tree: FormatTree) -> String {
    let kind = tree.kind?.rawValue ?? "HDF5 file of no known kind"
    let version = tree.text("format_version").map { ", format \($0)" } ?? ""
    return "\(FileAccess.display(tree.path)): \(kind)\(version), \(tree.isSealed ? "sealed, the digest matches" : "not sealed")"
  }

  private static func lines(_ attributes: [String: AttributeValue], except left: Set<String> = []) -> [String] {
    attributes.filter { !left.contains($0.key) }.sorted { $0.key < $1.key }.map { "\($0.key) = \(words(for: $0.value))" }
  }

  static func words(for value: AttributeValue) -> String {
    func list<T>(_ values: [T], _ word: (T) -> String) -> String {
      let shown = values.prefix(8).map(word).joined(separator: ", ")
      return values.count > 8 ? "\(shown), and \(values.count - 8) more" : shown
    }
    return switch value {
    case .string(let text): text
    case .strings(let texts): list(texts) { $0 }
    case .integer(let number): "\(number)"
    case .integers(let numbers): list(numbers) { "\($0)" }
    case .real(let number): "\(number)"
    case .reals(let numbers): list(numbers) { "\($0)" }
    }
  }

  private static func arrays(_ tree: FormatTree) throws -> String {
    var table = TextTable(
      ["array", "type", "shape", "minimum", "mean", "deviation", "maximum", "stored"], rightAligned: [3, 4, 5, 6])
    var remarks: [String] = []
    var elements = 0
    for item in tree.items where !item.holdsStrings {
      guard ElementType(rawValue: item.type) != nil else {
        table.append(["/" + item.path, item.type, "\(item.shape)"])
        continue
      }
      var statistics = ArrayStatistics()
      try tree.forEachBlock(of: item.path) { statistics.add($0) }
      elements += statistics.count
      let figures = [statistics.minimum, statistics.mean, statistics.deviation, statistics.maximum]
      let isEmpty = statistics.count == statistics.nonFiniteCount
      table.append(
        ["/" + item.path, item.type, "\(item.shape)"] + figures.map { isEmpty ? "" : Formatting.figure($0) } + [storage(item.storage)])
      if statistics.nonFiniteCount > 0 { remarks.append("/\(item.path): \(statistics.nonFiniteCount) numbers are not finite") }
    }
    guard !table.rows.isEmpty else { return "" }
    let arrays = table.rows.count == 1 ? "1 array" : "\(table.rows.count) arrays"
    return ([table.text, "\(arrays), \(elements) numbers"] + remarks).joined(separator: "\n")
  }

  private static func storage(_ storage: StorageReport) -> String {
    let filters = storage.filters.map { filter in
      switch filter {
      case .deflate: "deflate"
      case .shuffle: "shuffle"
      case .fletcher32: "fletcher32"
      case .other(let number): "filter \(number)"
      }
    }
    return ([storage.layout.rawValue] + filters).joined(separator: " ")
  }
}
