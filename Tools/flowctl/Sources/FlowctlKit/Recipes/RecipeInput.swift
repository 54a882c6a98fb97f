/// What the user wrote: a JSON document and the `--set` overrides above it.
struct RecipeInput {
  /// A value before it is given a type.
  enum Found {
    case document(JSONValue)
    case commandLine(String)
  }

  /// How messages name the document: its path.
  let source: String
  let document: JSONValue
  let overrides: [Override]

  /// The last override of a key wins; then the document.
  func found(at key: String) -> Found? {
    if let override = overrides.last(where: { $0.key == key }) { return .commandLine(override.text) }
    return document(at: key).map { .document($0) }
  }

  func document(at key: String) -> JSONValue? {
    var value = document
    for name in key.split(separator: ".") {
      guard let inner = value[String(name)] else { return nil }
      value = inner
    }
    return value
  }

  func mismatch(key: String, expectation: String, found: Found) -> UserError {
    switch found {
    case .document(let value):
      .failure("\(source): '\(key)' must be \(expectation), found \(RecipeInput.describe(value))")
    case .commandLine(let text):
      .usage("--set \(key)=\(text): '\(key)' must be \(expectation), found '\(text)'")
    }
  }

  /// Throws for the first key that no section has asked for.
  func refuseUnknownKeys(known keys: [String], sections: [String]) throws(UserError) {
    for override in overrides where !keys.contains(override.key) {
      if sections.contains(override.key) {
        let example = firstKey(of: override.key, in: keys)
        throw .usage("--set \(override.key): this is a group of keys; set one of them, for instance '\(example)'")
      }
      let nearest = Suggestion.sentence(Suggestion.nearestKey(to: override.key, among: keys))
      let advice = nearest.isEmpty ? "; 'flowctl train RECIPE --dry-run' shows all keys" : nearest
      throw .usage("--set \(override.key)=\(override.text): unknown key '\(override.key)'\(advice)")
    }
    if let dotted = RecipeInput.dottedName(in: document) {
      let parts = dotted.split(separator: ".").map { "{\"\($0)\": " }.joined()
      let nested = "\(parts)...\(String(repeating: "}", count: dotted.count { $0 == "." } + 1))"
      throw .failure("\(source): a key is written as objects within objects, not with points; write \(nested) for '\(dotted)'")
    }
    for key in RecipeInput.leaves(of: document, keys: keys, prefix: "") where !keys.contains(key) && !sections.contains(key) {
      let nearest = Suggestion.sentence(Suggestion.nearestKey(to: key, among: keys + sections))
      throw .failure("\(source): unknown key '\(key)'\(nearest)")
    }
  }

  private func firstKey(of section: String, in keys: [String]) -> String { keys.first { $0.hasPrefix(section + ".") } ?? section }

  /// A key typed as `--set` has it, which would name nothing in a document.
  private static func dottedName(in value: JSONValue) -> String? {
    (value.members ?? []).lazy.compactMap { $0.name.contains(".") ? $0.name : dottedName(in: $0.value) }.first
  }

  private static func leaves(of value: JSONValue, keys: [String], prefix: String) -> [String] {
    guard let members = value.members else { return [] }
    return members.flatMap { member -> [String] in
      let key = prefix + member.name
      // Editors find the schema of a document under this name.
      if key == "$schema" { return [] }
      let isSection = keys.contains { $0.hasPrefix(key + ".") }
      return isSection ? leaves(of: member.value, keys: keys, prefix: key + ".") : [key]
    }
  }

  private static func describe(_ value: JSONValue) -> String {
    switch value {
    case .null, .object: value.kindName
    case .flag, .integer, .number: value.compact
    case .text: "the text \(value.compact)"
    case .list: "the list \(value.compact)"
    }
  }
}

/// One `--set key=value` as typed.
public struct Override: Equatable, Sendable {
  public let key: String
  public let text: String

  public init(key: String, text: String) {
    self.key = key
    self.text = text
  }

  /// Splits `key.path=value`; throws a usage error naming the form.
  public init(argument: String) throws(UserError) {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
      throw .usage("--set \(argument): expected key.path=value, for instance training.steps=200")
    }
    key = String(argument[..<equals])
    text = String(argument[argument.index(after: equals)...])
  }
}
