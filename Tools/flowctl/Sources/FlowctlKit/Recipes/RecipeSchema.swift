/// The keys of every experiment as a JSON Schema (draft 2020-12), so that editors complete and check recipes.
package enum RecipeSchema {
  static func type(_ name: String) -> JSONValue { .record(["type": .text(name)]) }

  static func integer(_ range: ClosedRange<Int>) -> JSONValue {
    let upper = range.upperBound == .max ? [] : [JSONMember(name: "maximum", value: .integer(range.upperBound))]
    return .object(
      [JSONMember(name: "type", value: .text("integer")), JSONMember(name: "minimum", value: .integer(range.lowerBound))] + upper)
  }

  static func number(_ range: NumberRange) -> JSONValue { .object([JSONMember(name: "type", value: .text("number"))] + range.bounds) }

  static func orNull(_ schema: JSONValue) -> JSONValue { .record(["anyOf": .list([schema, type("null")])]) }

  static func oneOf(_ names: [String]) -> JSONValue { .record(["enum": .list(names.map { .text($0) })]) }

  static func list(_ element: JSONValue, _ count: ClosedRange<Int>? = nil) -> JSONValue {
    let bounds = count.map {
      [JSONMember(name: "minItems", value: .integer($0.lowerBound)), JSONMember(name: "maxItems", value: .integer($0.upperBound))]
    }
    return .object([JSONMember(name: "type", value: .text("array")), JSONMember(name: "items", value: element)] + (bounds ?? []))
  }

  /// The whole schema: which experiment a recipe names decides which keys it may have.
  package static func document() throws(UserError) -> JSONValue {
    var cases: [JSONValue] = []
    for name in ExperimentCatalogue.names {
      let text = JSONValue.record(["experiment": .text(name)]).pretty
      let fields = try RecipeFile.resolve(name: name, text: text, source: name).fields
      // A recipe that names no experiment means the standard one.
      let required: [JSONValue] = name == ExperimentCatalogue.standard ? [] : [.text("experiment")]
      cases.append(
        .record([
          "if": .record(["properties": .record(["experiment": .record(["const": .text(name)])]), "required": .list(required)]),
          "then": object(fields.map { ($0.key.split(separator: ".")[...], $0) }, isRoot: true),
        ]))
    }
    return .record([
      "$schema": .text("https://json-schema.org/draft/2020-12/schema"),
      "title": .text("Recipe of flowctl"),
      "type": .text("object"),
      "properties": .record(["experiment": oneOf(ExperimentCatalogue.names)]),
      "allOf": .list(cases),
    ])
  }

  private static func object(_ entries: [(path: ArraySlice<Substring>, field: RecipeField)], isRoot: Bool = false) -> JSONValue {
    var names: [Substring] = []
    for entry in entries { if let name = entry.path.first, !names.contains(name) { names.append(name) } }
    var properties = names.map { name -> JSONMember in
      let inside = entries.filter { $0.path.first == name }
      if inside.count == 1, inside[0].path.count == 1 { return JSONMember(name: String(name), value: described(inside[0].field)) }
      return JSONMember(name: String(name), value: object(inside.map { ($0.path.dropFirst(), $0.field) }))
    }
    if isRoot { properties.append(JSONMember(name: "$schema", value: type("string"))) }
    return .record(["type": .text("object"), "properties": .object(properties), "additionalProperties": .flag(false)])
  }

  /// The schema of a key with its meaning and its default.
  private static func described(_ field: RecipeField) -> JSONValue {
    .object(
      (field.schema.members ?? [])
        + [JSONMember(name: "description", value: .text(field.help)), JSONMember(name: "default", value: field.value)])
  }
}
