/// A new recipe: every key of one there is, with its value, and the schema by which editors explain and check them.
package struct RecipeSkeleton: Sendable {
  package let path: String
  /// The recipe whose keys and values it takes over.
  package let model: String
  package let text: String
  package let fields: [RecipeField]

  /// `name` is a name for the folder of recipes, or the path of a file; `source` a recipe or an experiment, by default what `name` resembles.
  /// Throws a usage error when the name is taken or cannot be one.
  package init(_ name: String, from source: String?, in workspace: Workspace) throws(UserError) {
    let isPath = name.contains("/") || name.hasSuffix(".json")
    if !isPath, name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) == nil {
      throw .usage("new recipe \(name): give small letters, digits and hyphens, for instance nhf-two-moons, or the path of a JSON file")
    }
    path = isPath ? FileAccess.absolute(name.hasSuffix(".json") ? name : name + ".json") : "\(workspace.recipeFolder)/\(name).json"
    if FileAccess.exists(path) { throw .failure("\(FileAccess.display(path)): exists already; give another name") }
    let (found, resolved) = try RecipeSkeleton.resolve(source, for: FileAccess.stem(path), in: workspace)
    model = found
    fields = resolved.fields
    // An editor finds the schema from where the recipe lies; elsewhere its whole path is given.
    let isAmongRecipes = path.hasPrefix(workspace.recipeFolder + "/")
    let schema = isAmongRecipes ? "schema/recipe.json" : "\(workspace.recipeFolder)/schema/recipe.json"
    let head = [JSONMember(name: "$schema", value: .text(schema))]
    let title =
      source == nil || ExperimentCatalogue.names.contains(found) ? FileAccess.stem(path) : "\(FileAccess.stem(path)), from \(found)"
    let keys = (resolved.document.members ?? []).map { member in
      switch member.name {
      case "title": JSONMember(name: "title", value: .text(title))
      case "about": JSONMember(name: "about", value: .list([.text("What it shows, and what to change to see more.")]))
      case "reference" where member.value.text == "": JSONMember(name: "reference", value: .text("paper or data release behind the run"))
      default: member
      }
    }
    text = JSONValue.object(head + keys).pretty
    // What is written is read back, so that a recipe made here is one.
    _ = try RecipeFile.resolve(name: FileAccess.stem(path), text: text, source: FileAccess.display(path))
  }

  private static func resolve(
    _ source: String?, for name: String, in workspace: Workspace
  ) throws(UserError) -> (String, ResolvedRecipe) {
    let recipes = workspace.recipeFiles.map(FileAccess.stem)
    if let source, ExperimentCatalogue.names.contains(source) {
      let text = JSONValue.record(["experiment": .text(source)]).pretty
      return (source, try RecipeFile.resolve(name: source, text: text, source: source))
    }
    if let source {
      if !recipes.contains(source), !source.contains("/"), !source.hasSuffix(".json") {
        let all = recipes + ExperimentCatalogue.names
        let nearest = Suggestion.sentence(Suggestion.nearest(to: source, among: all))
        throw .usage("--from \(source): neither a recipe nor an experiment\(nearest.isEmpty ? "; 'flowctl list' shows them" : nearest)")
      }
      return (FileAccess.stem(source), try RecipeFile.read(workspace.recipeFile(source)))
    }
    let nearest = nearest(to: name, among: recipes)
    return (nearest, try RecipeFile.read(workspace.recipeFile(nearest)))
  }

  /// The recipe that shares the most letters from the beginning, among equals the one with the fewest edits.
  static func nearest(to name: String, among recipes: [String]) -> String {
    func rank(_ recipe: String) -> (Int, Int) { (zip(recipe, name).prefix { $0 == $1 }.count, -Suggestion.distance(recipe, name)) }
    let standard = "nhf-gmm2d"
    guard let best = recipes.max(by: { rank($0) < rank($1) }), rank(best).0 >= 2 || !recipes.contains(standard) else { return standard }
    return best
  }
}
