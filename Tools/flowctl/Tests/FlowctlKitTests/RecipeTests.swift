import FlowctlKit
import Testing

/// Broken recipes and the exact sentence each is refused with.
@Suite struct RecipeTests {

  @Test(arguments: [
    ("training.steps=abc", "--set training.steps=abc: 'training.steps' must be an integer from 1 to 100000000, found 'abc'"),
    ("training.stpes=5", "--set training.stpes=5: unknown key 'training.stpes'; did you mean 'training.steps'?"),
    ("batchSize=5", "--set batchSize=5: unknown key 'batchSize'; did you mean 'training.batchSize'?"),
    ("qqq=5", "--set qqq=5: unknown key 'qqq'; 'flowctl train RECIPE --dry-run' shows all keys"),
    ("model=5", "--set model: this is a group of keys; set one of them, for instance 'model.kind'"),
    ("training.steps", "--set training.steps: expected key.path=value, for instance training.steps=200"),
    ("=5", "--set =5: expected key.path=value, for instance training.steps=200"),
    ("model.kind=fixed", "--set model.kind=fixed: 'model.kind' must be 'fixedKinetic' or 'learnedKinetic', found 'fixed'"),
    (
      "model.hidden=64;64", "--set model.hidden=64;64: 'model.hidden' must be a list of 1 to 8 integers, each from 1 to 4096, found '64;64'"
    ),
  ])
  func refusesOverridesAsUsageErrors(_ argument: String, _ sentence: String) {
    let found = complaint {
      _ = try RecipeFile.resolve(name: "r", text: "{}", source: "r.json", overrides: [Override(argument: argument)])
    }
    #expect(found?.sentence == sentence)
    #expect(found?.code == 64)
  }

  @Test func overridesAreTypedAndTheLastOneWins() throws {
    let arguments = [
      "training.steps=5", "training.steps=7", "model.hidden=[16, 8]", "optimizer.clipNorm=null", "optimizer.learningRate=3e-4",
      "precision=float64", "title=a=b", "data.deviation=1",
    ]
    let resolved = try RecipeFile.resolve(
      name: "r", text: "{\"training\": {\"steps\": 3, \"batchSize\": 9}, \"optimizer\": {\"clipNorm\": 2}}", source: "r.json",
      overrides: arguments.map { try Override(argument: $0) })
    let recipe = resolved.recipe
    let settings = try #require(recipe.settings as? MixtureSettings)
    #expect(recipe.training.steps == 7 && recipe.training.batchSize == 9 && settings.model.hidden == [16, 8])
    #expect(settings.learning.optimizer.clipNorm == nil && settings.learning.optimizer.learningRate == 3e-4 && recipe.precision == .float64)
    #expect(recipe.title == "a=b" && settings.data.deviation == 1)
  }

  @Test func pathsOfOverridesStartAtTheCurrentFolder() throws {
    let text = "{\"experiment\": \"digit-images\"}"
    let plain = try RecipeFile.resolve(name: "r", text: text, source: "r.json")
    #expect((plain.recipe.settings as? DigitSettings)?.data.path == "Data/images/digits.h5")
    let set = try RecipeFile.resolve(name: "r", text: text, source: "r.json", overrides: [Override(key: "data.path", text: "mine.h5")])
    #expect((set.recipe.settings as? DigitSettings)?.data.path == FileAccess.absolute("mine.h5"))
    let context = ExperimentContext(workspaceFolder: "/w", threads: 1)
    #expect(context.resolve("Data/digits.h5") == "/w/Data/digits.h5" && context.resolve("/a/b.h5") == "/a/b.h5")
  }

  @Test func everyShippedRecipeResolvesAndReadsBackUnchanged() throws {
    let workspace = try Workspace.read(folder: workspaceFolder)
    #expect(workspace.recipeFiles.count >= 3)
    for file in workspace.recipeFiles {
      let resolved = try RecipeFile.read(file)
      let again = try RecipeFile.resolve(name: resolved.name, text: resolved.document.pretty, source: "recipe.json")
      #expect(again.document == resolved.document)
      #expect(!resolved.recipe.title.isEmpty && !resolved.recipe.reference.isEmpty)
      #expect(resolved.fields.allSatisfy { !$0.help.isEmpty })
    }
  }

  /// Editors read the file in the tree; `flowctl list --schema > Recipes/schema/recipe.json` writes it anew.
  @Test func theSchemaInTheTreeIsThatOfTheDecoder() throws {
    #expect(try FileAccess.readText("\(workspaceFolder)/Recipes/schema/recipe.json") == RecipeSchema.document().pretty)
  }

  @Test func theSchemaKnowsEveryKeyWithItsBoundsAndMeaning() throws {
    let cases = try #require(RecipeSchema.document()["allOf"]?.list)
    let mixture = try #require(cases.first { $0["if"]?["properties"]?["experiment"]?["const"]?.text == "gaussian-mixture" })
    let steps = mixture["then"]?["properties"]?["training"]?["properties"]?["steps"]
    #expect(steps?["type"]?.text == "integer" && steps?["minimum"]?.integer == 1 && steps?["description"]?.text?.isEmpty == false)
    #expect(mixture["then"]?["properties"]?["model"]?["additionalProperties"] == .flag(false))
    let text = "{\"$schema\": \"schema/recipe.json\", \"seed\": 3}"
    #expect(try RecipeFile.resolve(name: "r", text: text, source: "r.json").recipe.seed == 3)
  }
}
