import Testing

@testable import FlowctlKit

/// More broken recipes and the exact sentence each is refused with: what is no JSON, and keys of every experiment.
@Suite struct BrokenRecipeTests {
  @Test(arguments: [
    ("", "r.json: line 1, column 1: not valid JSON: the document ends where a value is expected"),
    ("{\"seed\" 1}", "r.json: line 1, column 9: not valid JSON: expected ':' after the key 'seed'"),
    (
      "{\"seed\": 1 \"precision\": \"float32\"}",
      "r.json: line 1, column 12: not valid JSON: expected ',' or '}' after the value of 'seed'"
    ),
    ("{\"model\": {\"hidden\": [64 64]}}", "r.json: line 1, column 26: not valid JSON: expected ',' or ']' in a list"),
    ("{\"title\": \"x}", "r.json: line 1, column 14: not valid JSON: text without its closing quote"),
    ("{\"title\": \"a\\qb\"}", "r.json: line 1, column 15: not valid JSON: unknown escape in text"),
    ("{} {}", "r.json: line 1, column 4: not valid JSON: unexpected text after the end of the document"),
    ("{\"seed\": NaN}", "r.json: line 1, column 10: not valid JSON: expected a value"),
    ("{\"title\": \"\\ud800\"}", "r.json: line 1, column 18: not valid JSON: half of a surrogate pair in text"),
    ("{\"title\": \"\\u12\"}", "r.json: line 1, column 14: not valid JSON: expected four hexadecimal digits after \\u"),
    ("{\"title\": \"a\nb\"}", "r.json: line 2, column 1: not valid JSON: a line break or control character inside text"),
    ("\"steps\"", "r.json: a recipe must be a JSON object, found text"),
    ("3", "r.json: a recipe must be a JSON object, found an integer"),
    ("null", "r.json: a recipe must be a JSON object, found null"),
    (
      "{\"experiment\": \"galaxies\"}",
      "r.json: 'experiment' must be 'supernova-posterior', 'gaussian-mixture', 'digit-images', 'energy-diffusion', 'markov-chains', 'planar-density', 'table-density', 'density-comparison', 'density-scaling', 'velocity-plane', 'velocity-rows' or 'hamiltonian-score-matching', found the text \"galaxies\""
    ),
    ("{\"seed\": 99999999999999999999}", "r.json: 'seed' must be an integer of at least 0, found 1e+20"),
    ("{\"training\": {\"keepBest\": \"yes\"}}", "r.json: 'training.keepBest' must be true or false, found the text \"yes\""),
    ("{\"training\": {\"batchSize\": 2000000}}", "r.json: 'training.batchSize' must be an integer from 1 to 1000000, found 2000000"),
    (
      "{\"optimizer\": {\"schedule\": {\"finalFraction\": 1.5}}}",
      "r.json: 'optimizer.schedule.finalFraction' must be a number from 0 to 1, found 1.5"
    ),
    ("{\"model\": {\"hidden\": [0]}}", "r.json: 'model.hidden' must be a list of 1 to 8 integers, each from 1 to 4096, found the list [0]"),
    (
      "{\"model\": {\"hidden\": [1, 1, 1, 1, 1, 1, 1, 1, 1]}}",
      "r.json: 'model.hidden' must be a list of 1 to 8 integers, each from 1 to 4096, found the list [1, 1, 1, 1, 1, 1, 1, 1, 1]"
    ),
    (
      "{\"experiment\": \"supernova-posterior\", \"posterior\": {\"h\": [0.5]}}",
      "r.json: 'posterior.h' must be a list of two numbers from 0.01 to 100, the lower first, found the list [0.5]"
    ),
    (
      "{\"experiment\": \"supernova-posterior\", \"data\": {\"path\": \"\"}}",
      "r.json: 'data.path' must be the path of a file, found the text \"\""
    ),
    (
      "{\"experiment\": \"energy-diffusion\", \"target\": {\"name\": \"mog3\"}}",
      "r.json: 'target.name' must be 'mog2', 'mog2i', 'mog6', 'mog9', 'ring', 'ring5', 'logistic-regression', 'ising', 'dw4' or 'lj13', found the text \"mog3\""
    ),
    (
      "{\"experiment\": \"energy-diffusion\", \"encoder\": {\"start\": 0.5}}",
      "r.json: 'encoder.start' must be a number from 1e-08 to 0.1, found 0.5"
    ),
    (
      "{\"experiment\": \"energy-diffusion\", \"annealing\": {\"from\": \"warm\"}}",
      "r.json: 'annealing.from' must be a number, found the text \"warm\""
    ),
    (
      "{\"experiment\": \"energy-diffusion\", \"decoder\": {\"gradientLimit\": 0}}",
      "r.json: 'decoder.gradientLimit' must be a number above 0, or null, found 0"
    ),
    (
      "{\"experiment\": \"velocity-plane\", \"sampler\": {\"spacing\": 0.5}}",
      "r.json: 'sampler.spacing' must be a number of at least 1, found 0.5"
    ),
    (
      "{\"experiment\": \"velocity-plane\", \"process\": {\"box\": [1, 1]}}",
      "r.json: 'process.box' must be a list of two numbers from -1000000 to 1000000, the lower first, found the list [1, 1]"
    ),
    (
      "{\"experiment\": \"velocity-rows\", \"evaluation\": {\"budgets\": []}}",
      "r.json: 'evaluation.budgets' must be a list of 1 to 16 integers, each from 1 to 100000, found the list []"
    ),
    (
      "{\"experiment\": \"velocity-rows\", \"processes\": \"oscillation\"}",
      "r.json: 'processes' must be a list of texts, found the text \"oscillation\""
    ),
    (
      "{\"experiment\": \"hamiltonian-score-matching\", \"matching\": {\"perturbed\": 2}}",
      "r.json: 'matching.perturbed' must be an integer from 3 to 1000, found 2"
    ),
    ("{\"experiment\": \"markov-chains\", \"model\": {\"hidden\": [64]}}", "r.json: unknown key 'model'"),
    ("{\"optimiser\": {\"learningRate\": 0.1}}", "r.json: unknown key 'optimiser'; did you mean 'optimizer'?"),
    (
      "{\"training.steps\": 5}",
      "r.json: a key is written as objects within objects, not with points; write {\"training\": {\"steps\": ...}} for 'training.steps'"
    ),
    ("{\"training\": [5]}", "r.json: 'training' must be an object with keys of its own, found the list [5]"),
    ("{\"precision\": 32}", "r.json: 'precision' must be 'float32' or 'float64', found 32"),
    ("{\"training\": {}, \"training\": {}}", "r.json: line 1, column 28: not valid JSON: the key 'training' appears twice"),
    ("{\"seed\": +1}", "r.json: line 1, column 10: not valid JSON: expected a value"),
    ("{\"seed\": .5}", "r.json: line 1, column 10: not valid JSON: expected a value"),
    (
      "{\"experiment\": [\"markov-chains\"]}",
      "r.json: 'experiment' must be 'supernova-posterior', 'gaussian-mixture', 'digit-images', 'energy-diffusion', 'markov-chains', 'planar-density', 'table-density', 'density-comparison', 'density-scaling', 'velocity-plane', 'velocity-rows' or 'hamiltonian-score-matching', found the list [\"markov-chains\"]"
    ),
    ("{\"optimizer\": {\"learningRate\": \"0.1\"}}", "r.json: 'optimizer.learningRate' must be a number above 0, found the text \"0.1\""),
    ("{\"data\": {\"name\": null}}", "r.json: 'data.name' must be 'four-corners', 'nine-grid' or 'ring', found null"),
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
}
