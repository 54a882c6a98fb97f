/// Edits of the root manifest, which declares every target of every package again.
enum RootManifest {
  private static let width = 140

  /// The manifest with the library `name`, its tests and its product. Throws when it lacks one of the places to write them.
  static func adding(_ name: String, importing libraries: [String], to text: String, source: String) throws(UserError) -> String {
    let constant = constantName(name)
    if text.contains("let \(constant):") || text.contains("func \(constant)(") {
      throw .usage("new package \(name): \(source) has a '\(constant)' already; give another name")
    }
    let imports = libraries.map { "\"\($0)\"" }.joined(separator: ", ")
    let targets = """
      let \(constant): [Target] = [
        library("\(name)", "\(name)", [\(imports)]),
        tests("\(name)", "\(name)Tests", ["\(name)", \(imports)]),
      ]


      """
    guard let package = text.range(of: "let package = Package("), let products = text.range(of: ",\n  ].map { .library("),
      let sum = text.firstMatch(of: /targets: [A-Za-z0-9]+(?:\s*\+ [A-Za-z0-9]+)*,\n/)
    else {
      throw .failure(
        "\(source): cannot find where to declare \(name); expected 'let package = Package(', a list of products with .map, and 'targets: a + b,'"
      )
    }
    // From the end to the beginning, so that the earlier places stay where they are.
    var result = text
    let lastTerm = result.index(sum.range.upperBound, offsetBy: -2)
    result.replaceSubrange(lastTerm..<lastTerm, with: separator(" + ", "\n    + ", room: lastTerm, in: text, for: constant) + constant)
    let lastProduct = products.lowerBound
    let product = separator(", ", ",\n    ", room: lastProduct, in: text, for: "\"\(name)\",") + "\"\(name)\""
    result.replaceSubrange(lastProduct..<lastProduct, with: product)
    result.insert(contentsOf: targets, at: package.lowerBound)
    return result
  }

  /// `KernelFlows` -> `kernelFlows`, `EDG` -> `edg`, `DataIO` -> `dataIO`.
  static func constantName(_ name: String) -> String {
    let capitals = name.prefix { $0.isUppercase }
    let isAcronym = capitals.count == name.count || name.dropFirst(capitals.count).first?.isLowercase == false
    let lowered = capitals.count <= 1 || isAcronym ? capitals.count : capitals.count - 1
    return name.prefix(lowered).lowercased() + name.dropFirst(lowered)
  }

  /// `narrow`, or `broken` where the line up to `place` has no room for `addition`.
  private static func separator(_ narrow: String, _ broken: String, room place: String.Index, in text: String, for addition: String)
    -> String
  {
    let start = text[..<place].lastIndex(of: "\n").map { text.index(after: $0) } ?? text.startIndex
    return text[start..<place].count + narrow.count + addition.count <= width ? narrow : broken
  }
}
