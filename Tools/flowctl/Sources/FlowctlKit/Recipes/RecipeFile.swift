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
  /// What the run was made with, JSON: carried into checkpoints, not part of the recipe.
  public var environment = "{}"

  /// Keys that may change between a checkpoint and its use: what is said, and how often and how finely it is looked at.
  private static let free = [
    "title", "about", "reference", "training.checkpointEvery", "training.metricsEvery", "training.keepLast",
    "training.keepBest", "evaluation",
  ]

  /// What in `text`, a recipe as resolved before, would have led to another model or other steps; nil when nothing.
  func firstDifference(fromRecipeText text: String) -> String? {
    guard let other = try? RecipeFile.resolve(name: name, text: text, source: "checkpoint") else {
      return "the checkpoint's own recipe cannot be read"
    }
    let before = Dictionary(uniqueKeysWithValues: other.fields.map { ($0.key, $0.value) })
    for field in fields where !ResolvedRecipe.free.contains(where: { field.key == $0 || field.key.hasPrefix($0 + ".") }) {
      guard before[field.key] != field.value else { continue }
      return "'\(field.key)' is \(before[field.key]?.compact ?? "absent") in the checkpoint and "
        + "\(field.value.compact) in the folder"
    }
    return nil
  }
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
