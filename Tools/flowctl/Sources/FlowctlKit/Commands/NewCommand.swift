import ArgumentParser

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Begin a package or a recipe that works.",
    discussion: """
      flowctl new package RingFlows
      flowctl new recipe ring-flow                    from the recipe it resembles
      flowctl new recipe ring-flow --from nhf-gmm2d   from that recipe
      flowctl new recipe ./mine.json --from markov-chains
                                                      an experiment's defaults

      A package gets its manifest, an energy with its tests, a read-me file and a
      change log, and is declared in workspace.json and in the root manifest. A
      recipe gets every key with its value; editors explain each by its schema.
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument { case package, recipe }

  @Argument(help: "package or recipe.") var kind: Kind
  @Argument(help: "Its name; a recipe may also be the path of a JSON file.") var name: String
  @Option(
    help: ArgumentHelp("Recipe or experiment that a recipe takes its keys from.", valueName: "RECIPE"), completion: Completions.recipes)
  var from: String?
  @Flag(help: "Show what would be written and stop.") var dryRun = false

  func run() throws {
    let workspace = try Workspace.current()
    switch kind {
    case .package:
      if from != nil { throw UserError.usage("--from: a package takes none; it goes with 'flowctl new recipe'") }
      try makePackage(in: workspace)
    case .recipe: try makeRecipe(in: workspace)
    }
  }

  private func makePackage(in workspace: Workspace) throws {
    let files = try PackageSkeleton(name, in: workspace).files(in: workspace)
    for file in files {
      let path = "\(workspace.folder)/\(file.path)"
      if !dryRun {
        try FileAccess.createFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
        try FileAccess.write(file.text, to: path)
      }
      Terminal.note("\(dryRun ? "would write" : "wrote") \(FileAccess.display(path))")
    }
    if dryRun { return Terminal.note("dry run: nothing written") }
    Terminal.print(
      """
      \(name) 0.1.0 is a model family: it may import the engine, the integrators and Probability, and no other family.
      Next: flowctl test --package \(name), then your own code in Packages/\(name)/Sources/\(name);
            git add Packages/\(name) before it is published; a line for it in the table of README.md
      """)
  }

  private func makeRecipe(in workspace: Workspace) throws {
    let recipe = try RecipeSkeleton(name, from: from, in: workspace)
    if dryRun {
      Terminal.print(String(recipe.text.dropLast()))
      return Terminal.note("dry run: nothing written")
    }
    try FileAccess.createFolder(String(recipe.path[..<(recipe.path.lastIndex(of: "/") ?? recipe.path.endIndex)]))
    try FileAccess.write(recipe.text, to: recipe.path)
    var table = TextTable(["key", "value", "meaning"])
    for field in recipe.fields where !["title", "about", "reference"].contains(field.key) {
      table.append([field.key, field.value.compact, field.help])
    }
    Terminal.print(table.text)
    let path = FileAccess.display(recipe.path)
    let isNamed = recipe.path == "\(workspace.recipeFolder)/\(name).json"
    Terminal.print(
      "\nNext: change what you like in \(path), then flowctl train \(isNamed ? name : path.contains("/") ? path : "./" + path)")
    Terminal.note("wrote \(path) with the \(recipe.fields.count) keys of \(recipe.model)")
  }
}
