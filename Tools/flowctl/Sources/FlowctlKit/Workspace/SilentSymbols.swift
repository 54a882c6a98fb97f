/// Public types and functions without a docstring. Fields, cases, initialisers and operators may speak by their names, and what a protocol
/// describes need not be described again where a type fulfils it.
struct SilentSymbols: Sendable {
  /// Where a symbol stands.
  struct Finding: Equatable, Sendable {
    let file: String
    let line: Int
    let declaration: String
  }

  /// Names that the protocols of the workspace, and those of Swift, require.
  private let required: Set<String>

  init(protocolsIn sources: [String]) {
    required = Set(sources.flatMap(SilentSymbols.requirements)).union([
      "hash", "encode", "callAsFunction", "next", "walk", "index", "makeIterator",
    ])
  }

  /// The functions and types that the protocols of a source file name.
  static func requirements(in source: String) -> [String] {
    if !mentions(source.utf8, "protocol ") { return [] }
    var isInside = false
    return source.split(separator: "\n").flatMap { line -> [String] in
      if !line.hasPrefix(" "), !line.hasPrefix("/"), line.contains("protocol ") { isInside = true }
      if isInside, line.hasPrefix("}") { isInside = false }
      return isInside ? line.matches(of: /(?:func|associatedtype) (\w+)/).map { String($0.1) } : []
    }
  }

  /// Whether bytes hold a word; many times faster than a search for characters.
  private static func mentions(_ text: some Collection<UInt8>, _ word: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    return text.withContiguousStorageIfAvailable { bytes in
      bytes.indices.dropLast(wanted.count - 1).contains { start in
        bytes[start] == wanted[0] && wanted.indices.allSatisfy { bytes[start + $0] == wanted[$0] }
      }
    } ?? true
  }

  func findings(in source: String, file: String) -> [Finding] {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.compactMap { index in
      guard let name = SilentSymbols.declaredName(lines[index]), !required.contains(name) else { return nil }
      let above = lines[..<index].last { line in
        let text = line.trimmed
        return !text.hasPrefix("@") && !text.hasPrefix("#")
      }
      if let above = above?.trimmed, above.hasPrefix("///") || above.hasSuffix("*/") { return nil }
      return Finding(file: file, line: index + 1, declaration: lines[index].trimmed)
    }
  }

  /// The name that a line declares for users of the module: of a type, or of a function that is no operator.
  static func declaredName(_ line: Substring) -> String? {
    guard mentions(line.utf8, "public ") else { return nil }
    let pattern =
      /^\s*(?:@\w+(?:\([^)]*\))?\s+)*public\s+(?:(?:static|final|mutating|nonmutating|indirect|class|nonisolated|consuming)\s+)*(?:func|struct|class|enum|protocol|actor|typealias)\s+([A-Za-z]\w*)/
    return line.firstMatch(of: pattern).map { String($0.1) }
  }
}
