/// A recipe with every key settled, and where each came from.
public struct ResolvedRecipe: Sendable {
  /// Short name: the file name without `.json`.
  public let name: String
  public let recipe: Recipe
  public let overrides: [Override]
  /// Every key in order.
  public let fields: [RecipeField]
  /// Every key with its value, as written to `recipe.json`.
  public let document: JSONValue
}

/// Reads recipes strictly: an unknown key, a wrong type, or a value out of range is an error that names it.
public enum RecipeFile {
  /// Resolves JSON text; `source` is how messages name it. Throws `UserError`.
  public static func resolve(
    name: String, text: String, source: String, overrides: [Override] = []
  ) throws(UserError) -> ResolvedRecipe {
    let document: JSONValue
    do { document = try JSONParser.parse(text) } catch {
      throw .failure("\(source): line \(error.line), column \(error.column): not valid JSON: \(error.reason)")
    }
    guard document.members != nil else {
      throw .failure("\(source): a recipe must be a JSON object, found \(document.kindName)")
    }
    let input = RecipeInput(source: source, document: document, overrides: overrides)
    var walker = RecipeWalker(input)
    var recipe = Recipe()
    try recipe.walk(&walker)
    try input.refuseUnknownKeys(known: walker.fields.map(\.key), sections: walker.sections)
    return ResolvedRecipe(name: name, recipe: recipe, overrides: overrides, fields: walker.fields, document: walker.document)
  }

  /// Reads and resolves a file. Throws `UserError` when it is missing or wrong.
  public static func read(_ path: String, overrides: [Override] = []) throws(UserError) -> ResolvedRecipe {
    let text = try FileAccess.readText(path)
    return try resolve(
      name: FileAccess.stem(path), text: text, source: FileAccess.display(path), overrides: overrides)
  }
}
