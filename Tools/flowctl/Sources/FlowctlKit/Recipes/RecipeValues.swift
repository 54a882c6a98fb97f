/// The numbers a key accepts, ends included unless said otherwise.
public struct NumberRange: Sendable {
  let contains: @Sendable (Double) -> Bool
  let description: String
  /// The same in the words of JSON Schema.
  let bounds: [JSONMember]

  public static let any = NumberRange(contains: \.isFinite, description: "a number", bounds: [])
  public static let positive = NumberRange(
    contains: { $0 > 0 && $0.isFinite }, description: "a number above 0", bounds: [bound("exclusiveMinimum", 0)])

  public static func atLeast(_ lower: Double) -> NumberRange {
    NumberRange(
      contains: { $0 >= lower && $0.isFinite }, description: "a number of at least \(tidy(lower))", bounds: [bound("minimum", lower)])
  }

  public static func between(_ lower: Double, _ upper: Double) -> NumberRange {
    NumberRange(
      contains: { $0 >= lower && $0 <= upper }, description: "a number from \(tidy(lower)) to \(tidy(upper))",
      bounds: [bound("minimum", lower), bound("maximum", upper)])
  }

  /// At least `lower` and strictly below `upper`.
  public static func below(_ upper: Double, from lower: Double) -> NumberRange {
    NumberRange(
      contains: { $0 >= lower && $0 < upper }, description: "a number from \(tidy(lower)) up to but not \(tidy(upper))",
      bounds: [bound("minimum", lower), bound("exclusiveMaximum", upper)])
  }

  private static func bound(_ name: String, _ value: Double) -> JSONMember { JSONMember(name: name, value: .number(value)) }
  private static func tidy(_ value: Double) -> String { value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : "\(value)" }
}

/// The typed keys a section can have. Each call names the key, its default (the current value), its range, and its meaning.
extension RecipeWalker {
  public mutating func integer(_ name: String, _ value: inout Int, _ range: ClosedRange<Int>, _ help: String) throws(UserError) {
    try field(
      name, &value, expectation: "an integer \(words(range))", schema: RecipeSchema.integer(range), help: help,
      decode: { integerValue($0).flatMap { range.contains($0) ? $0 : nil } }, encode: { .integer($0) })
  }

  public mutating func number(_ name: String, _ value: inout Double, _ range: NumberRange, _ help: String) throws(UserError) {
    try field(
      name, &value, expectation: range.description, schema: RecipeSchema.number(range), help: help,
      decode: { numberValue($0).flatMap { range.contains($0) ? $0 : nil } }, encode: { .number($0) })
  }

  /// A number that may be `null`.
  public mutating func optionalNumber(
    _ name: String, _ value: inout Double?, _ range: NumberRange, _ help: String
  ) throws(UserError) {
    try field(
      name, &value, expectation: "\(range.description), or null", schema: RecipeSchema.orNull(RecipeSchema.number(range)), help: help,
      decode: { found -> Double?? in
        if isNull(found) { return .some(nil) }
        return numberValue(found).flatMap { range.contains($0) ? .some($0) : nil }
      }, encode: { $0.map { .number($0) } ?? .null })
  }

  public mutating func flag(_ name: String, _ value: inout Bool, _ help: String) throws(UserError) {
    try field(
      name, &value, expectation: "true or false", schema: RecipeSchema.type("boolean"), help: help, decode: flagValue, encode: { .flag($0) }
    )
  }

  public mutating func text(_ name: String, _ value: inout String, _ help: String) throws(UserError) {
    try field(name, &value, expectation: "text", schema: RecipeSchema.type("string"), help: help, decode: textValue, encode: { .text($0) })
  }

  public mutating func texts(_ name: String, _ value: inout [String], _ help: String) throws(UserError) {
    try field(
      name, &value, expectation: "a list of texts", schema: RecipeSchema.list(RecipeSchema.type("string")), help: help,
      decode: { found in
        switch found {
        case .document(let document): document.list.flatMap { list in all(list) { $0.text } }
        case .commandLine(let text): [text]
        }
      }, encode: { .list($0.map { .text($0) }) })
  }

  /// One of the raw values of an enumeration.
  public mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ value: inout Choice, _ help: String
  ) throws(UserError) {
    try field(
      name, &value, expectation: alternatives(Choice.allCases.map(\.rawValue)), schema: RecipeSchema.oneOf(Choice.allCases.map(\.rawValue)),
      help: help,
      decode: { textValue($0).flatMap(Choice.init(rawValue:)) }, encode: { .text($0.rawValue) })
  }

  /// One of the names of a catalogue.
  public mutating func name(_ name: String, _ value: inout String, among names: [String], _ help: String) throws(UserError) {
    try field(
      name, &value, expectation: alternatives(names), schema: RecipeSchema.oneOf(names), help: help,
      decode: { textValue($0).flatMap { names.contains($0) ? $0 : nil } }, encode: { .text($0) })
  }

  public mutating func integers(
    _ name: String, _ value: inout [Int], _ range: ClosedRange<Int>, count: ClosedRange<Int>, _ help: String
  ) throws(UserError) {
    try field(
      name, &value, expectation: "a list of \(size(count)) integers, each \(words(range))",
      schema: RecipeSchema.list(RecipeSchema.integer(range), count), help: help,
      decode: { found in
        let list = elements(found).flatMap { all($0, integerValue) }
        return list.flatMap { count.contains($0.count) && $0.allSatisfy(range.contains) ? $0 : nil }
      }, encode: { .list($0.map { .integer($0) }) })
  }

  /// Two numbers within `range`, the lower before the upper.
  public mutating func interval(
    _ name: String, _ value: inout ClosedRange<Double>, within range: ClosedRange<Double>, _ help: String
  ) throws(UserError) {
    let ends = "\(Formatting.tidy(range.lowerBound, digits: 3)) to \(Formatting.tidy(range.upperBound, digits: 3))"
    try field(
      name, &value, expectation: "a list of two numbers from \(ends), the lower first",
      schema: RecipeSchema.list(RecipeSchema.number(.between(range.lowerBound, range.upperBound)), 2...2), help: help,
      decode: { found in
        guard let ends = elements(found).flatMap({ all($0, numberValue) }), ends.count == 2, ends[0] < ends[1],
          ends.allSatisfy(range.contains)
        else { return nil }
        return ends[0]...ends[1]
      }, encode: { .list([.number($0.lowerBound), .number($0.upperBound)]) })
  }

  /// A file. In a recipe relative paths start at the workspace; after `--set` they start at the current folder.
  public mutating func path(_ name: String, _ value: inout String, _ help: String) throws(UserError) {
    try field(
      name, &value, expectation: "the path of a file", schema: RecipeSchema.type("string"), help: help,
      decode: { found in
        guard let path = textValue(found), !path.isEmpty else { return nil }
        if case .commandLine = found { return FileAccess.absolute(path) }
        return path
      }, encode: { .text($0) })
  }
}

private typealias Found = RecipeInput.Found

/// `'a', 'b' or 'c'`.
private func alternatives(_ names: [String]) -> String {
  let quoted = names.map { "'\($0)'" }
  return quoted.count == 1 ? quoted[0] : quoted.dropLast().joined(separator: ", ") + " or " + quoted[quoted.count - 1]
}

private func words(_ range: ClosedRange<Int>) -> String {
  range.upperBound == .max ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
}

private func size(_ count: ClosedRange<Int>) -> String {
  count.lowerBound == count.upperBound ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
}

private func integerValue(_ found: Found) -> Int? {
  switch found {
  case .document(let value): value.integer
  case .commandLine(let text): Int(text)
  }
}

private func numberValue(_ found: Found) -> Double? {
  switch found {
  case .document(let value): value.number
  case .commandLine(let text): Double(text)
  }
}

private func flagValue(_ found: Found) -> Bool? {
  switch found {
  case .document(.flag(let flag)): flag
  case .document: nil
  case .commandLine(let text): Bool(text)
  }
}

private func textValue(_ found: Found) -> String? {
  switch found {
  case .document(let value): value.text
  case .commandLine(let text): text
  }
}

private func isNull(_ found: Found) -> Bool {
  switch found {
  case .document(let value): value == .null
  case .commandLine(let text): text == "null" || text == "none"
  }
}

/// The elements of a list; on the command line `[128, 128]` or `128,128`.
private func elements(_ found: Found) -> [Found]? {
  switch found {
  case .document(let value): return value.list?.map { .document($0) }
  case .commandLine(let text):
    var body = text[...]
    if body.hasPrefix("["), body.hasSuffix("]") { body = body.dropFirst().dropLast() }
    return body.split(separator: ",").map { part in
      .commandLine(String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
    }
  }
}

/// Every element converted, or nil when one does not fit.
private func all<Element, Value>(_ list: [Element], _ convert: (Element) -> Value?) -> [Value]? {
  let values = list.compactMap(convert)
  return values.count == list.count ? values : nil
}
