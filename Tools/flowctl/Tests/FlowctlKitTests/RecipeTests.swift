import FlowctlKit
import Testing

/// Broken recipes and the exact sentence each is refused with.
@Suite struct RecipeTests {
  @Test(arguments: [
    ("{", "r.json: line 1, column 2: not valid JSON: expected a key in double quotes"),
    ("[1]", "r.json: a recipe must be a JSON object, found a list"),
    ("{\"seed\": 1, \"seed\": 2}", "r.json: line 1, column 19: not valid JSON: the key 'seed' appears twice"),
    ("{\n  \"seed\": 01\n}", "r.json: line 2, column 11: not valid JSON: expected a value"),
    ("{\"seed\": 1,}", "r.json: line 1, column 12: not valid JSON: expected a key in double quotes"),
    ("{\"sede\": 1}", "r.json: unknown key 'sede'; did you mean 'seed'?"),
    ("{\"training\": {\"step\": 5}}", "r.json: unknown key 'training.step'; did you mean 'training.steps'?"),
    ("{\"steps\": 5}", "r.json: unknown key 'steps'; did you mean 'training.steps'?"),
    ("{\"trainng\": {\"steps\": 5}}", "r.json: unknown key 'trainng'; did you mean 'training'?"),
    ("{\"xyzzy\": 5}", "r.json: unknown key 'xyzzy'"),
    ("{\"model\": 5}", "r.json: 'model' must be an object with keys of its own, found 5"),
    ("{\"training\": {\"steps\": \"many\"}}", "r.json: 'training.steps' must be an integer from 1 to 100000000, found the text \"many\""),
    ("{\"training\": {\"steps\": 1.5}}", "r.json: 'training.steps' must be an integer from 1 to 100000000, found 1.5"),
    ("{\"training\": {\"steps\": 0}}", "r.json: 'training.steps' must be an integer from 1 to 100000000, found 0"),
    ("{\"training\": {\"batchSize\": null}}", "r.json: 'training.batchSize' must be an integer from 1 to 1000000, found null"),
    ("{\"seed\": -1}", "r.json: 'seed' must be an integer of at least 0, found -1"),
    ("{\"seed\": true}", "r.json: 'seed' must be an integer of at least 0, found true"),
    ("{\"precision\": \"float16\"}", "r.json: 'precision' must be 'float32' or 'float64', found the text \"float16\""),
    ("{\"optimizer\": {\"learningRate\": 0}}", "r.json: 'optimizer.learningRate' must be a number above 0, found 0"),
    ("{\"optimizer\": {\"clipNorm\": -2}}", "r.json: 'optimizer.clipNorm' must be a number above 0, or null, found -2"),
    ("{\"ema\": {\"decay\": 1}}", "r.json: 'ema.decay' must be a number from 0 up to but not 1, found 1"),
    (
      "{\"optimizer\": {\"schedule\": {\"kind\": \"linear\"}}}",
      "r.json: 'optimizer.schedule.kind' must be 'constant' or 'cosine', found the text \"linear\""
    ),
    (
      "{\"model\": {\"hidden\": 128}}", "r.json: 'model.hidden' must be a list of 1 to 8 integers, each from 1 to 4096, found 128"
    ),
    (
      "{\"model\": {\"hidden\": []}}", "r.json: 'model.hidden' must be a list of 1 to 8 integers, each from 1 to 4096, found the list []"
    ),
    (
      "{\"model\": {\"hidden\": [64, \"x\"]}}",
      "r.json: 'model.hidden' must be a list of 1 to 8 integers, each from 1 to 4096, found the list [64, \"x\"]"
    ),
    ("{\"model\": {\"mass\": \"ful\"}}", "r.json: 'model.mass' must be 'scalar', 'diagonal' or 'full', found the text \"ful\""),
    ("{\"model\": {\"prior\": \"gaussian\"}}", "r.json: 'model.prior' must be an object with keys of its own, found the text \"gaussian\""),
    ("{\"posterior\": {\"h\": [0, 1]}}", "r.json: unknown key 'posterior'"),
    (
      "{\"experiment\": \"supernova-posterior\", \"posterior\": {\"h\": [1, 0]}}",
      "r.json: 'posterior.h' must be a list of two numbers from 0.01 to 100, the lower first, found the list [1, 0]"
    ),
    ("{\"data\": {\"path\": \"x.h5\"}}", "r.json: unknown key 'data.path'"),
    ("{\"about\": [1]}", "r.json: 'about' must be a list of texts, found the list [1]"),
    ("{\"title\": {}}", "r.json: 'title' must be text, found an object"),
  ])
  func refusesWithTheSentence(_ text: String, _ sentence: String) {
    let found = complaint { _ = try RecipeFile.resolve(name: "r", text: text, source: "r.json") }
    #expect(found?.sentence == sentence)
    #expect(found?.code == 1)
  }

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
