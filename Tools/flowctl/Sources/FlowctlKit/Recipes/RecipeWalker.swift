/// A part of a recipe: a struct whose property values are the defaults and whose one `walk` names every key.
///
/// The same walk reads a file, applies `--set`, writes the resolved recipe, and lists the keys for help and suggestions.
public protocol RecipeSection {
  mutating func walk(_ keys: inout RecipeWalker) throws(UserError)
}

/// One key of a recipe, as resolved.
public struct RecipeField: Equatable, Sendable {
  /// Dotted path, `training.steps`.
  public let key: String
  /// What a value must be: `an integer from 1 to 1000`.
  public let expectation: String
  /// The value after defaults, file, and overrides.
  public let value: JSONValue
  public let help: String
  /// What a value must be, in the words of JSON Schema.
  let schema: JSONValue
}

/// Visits the keys of recipe sections in order, replacing each default by what the file or `--set` says.
public struct RecipeWalker {
  private let input: RecipeInput
  private var prefix = ""
  public private(set) var fields: [RecipeField] = []
  private(set) var sections: [String] = []

  init(_ input: RecipeInput) { self.input = input }

  /// Walks a nested section under `name`.
  public mutating func section(_ name: String, _ section: inout some RecipeSection) throws(UserError) {
    let outer = prefix
    prefix += name + "."
    sections.append(String(prefix.dropLast()))
    if let value = input.document(at: outer + name), value.members == nil {
      throw input.mismatch(key: outer + name, expectation: "an object with keys of its own", found: .document(value))
    }
    try section.walk(&self)
    prefix = outer
  }

  /// One key of any type: `decode` gives the value, or nil when what was found does not fit `expectation`.
  mutating func field<Value>(
    _ name: String, _ value: inout Value, expectation: String, schema: JSONValue, help: String,
    decode: (RecipeInput.Found) -> Value?, encode: (Value) -> JSONValue
  ) throws(UserError) {
    let key = prefix + name
    if let found = input.found(at: key) {
      guard let decoded = decode(found) else { throw input.mismatch(key: key, expectation: expectation, found: found) }
      value = decoded
    }
    fields.append(RecipeField(key: key, expectation: expectation, value: encode(value), help: help, schema: schema))
  }

  /// The resolved recipe as JSON, nested as its keys are.
  public var document: JSONValue { RecipeWalker.nested(fields.map { ($0.key.split(separator: ".")[...], $0.value) }) }

  private static func nested(_ entries: [(path: ArraySlice<Substring>, value: JSONValue)]) -> JSONValue {
    var names: [Substring] = []
    for entry in entries { if let name = entry.path.first, !names.contains(name) { names.append(name) } }
    return .object(
      names.map { name in
        let inside = entries.filter { $0.path.first == name }
        if inside.count == 1, inside[0].path.count == 1 { return JSONMember(name: String(name), value: inside[0].value) }
        return JSONMember(name: String(name), value: nested(inside.map { ($0.path.dropFirst(), $0.value) }))
      })
  }
}
