import Autodiff
import DataIO
import HGF
import NeuralNetworks
import Plotting
import Probability

/// Keys of `hamiltonian-score-matching`.
public struct ScoreMatchingSettings: ExperimentSettings {
  public enum Form: String, CaseIterable, Sendable { case free, energy }

  public var learning = LearningSettings()
  public var form = Form.free
  public var width = 128
  public var depth = 2
  public var duration = 0.4
  public var leapfrogSteps = 3
  public var perturbed = 20
  public var diagnosticSteps = 400
  public var sampleCount: Int { 100 }

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try learning.walk(&keys)
    var section = MatchingSection(settings: self)
    try keys.section("matching", &section)
    self = section.settings
  }

  private struct MatchingSection: RecipeSection {
    var settings: ScoreMatchingSettings

    mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
      try keys.choice("form", &settings.form, "the force as a network, or as minus the gradient of an energy network")
      try keys.integer("width", &settings.width, 1...4096, "width of the hidden layers of both networks")
      try keys.integer("depth", &settings.depth, 1...16, "hidden layers of both networks")
      try keys.number("duration", &settings.duration, .positive, "T, up to which the motion is followed")
      try keys.integer("leapfrogSteps", &settings.leapfrogSteps, 1...1000, "leapfrog steps to each time")
      try keys.integer("perturbed", &settings.perturbed, 3...1000, "perturbed scores whose discrepancies are ranked by `evaluate`")
      try keys.integer("diagnosticSteps", &settings.diagnosticSteps, 1...1_000_000, "steps that a predictor is trained for each of them")
    }
  }
}

typealias Matcher = ScoreMatchingGame<ScoreNetwork, MLP>

/// A force as a network of its own, or as the gradient of one.
enum ScoreNetwork: Layer {
  case free(MLP)
  case energy(EnergyForce<MLP>)

  mutating func walk(_ walker: inout some Walker) {
    switch self {
    case .free(var network):
      walker.child("", &network)
      self = .free(network)
    case .energy(var force):
      walker.child("", &force)
      self = .energy(force)
    }
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .free(let network): network(x)
    case .energy(let force): force(x)
    }
  }
}

/// The score of four Gaussians in the plane, learned from draws by Hamiltonian score matching, and the discrepancy as a judge of scores.
final class ScoreMatchingExperiment: Experiment {
  let metricNames = ModelTrainer<Matcher>.metricNames
  private let recipe: Recipe
  private let settings: ScoreMatchingSettings
  private let keys: RunKeys
  private let law: ToyLaw
  private let matching: HamiltonianScoreMatching
  private let trainer: ModelTrainer<Matcher>

  init(_ settings: ScoreMatchingSettings, _ resolved: ResolvedRecipe, _ context: ExperimentContext) throws {
    self.settings = settings
    recipe = resolved.recipe
    keys = RunKeys(seed: recipe.seed)
    let law = ToyLaw(name: .fourCorners, dtype: recipe.precision.dtype)
    self.law = law
    do { matching = try HamiltonianScoreMatching(duration: settings.duration, steps: settings.leapfrogSteps) } catch {
      throw UserError.failure("the recipe's matching cannot be built: \(error)")
    }
    let dtype = recipe.precision.dtype
    let hidden = [Int](repeating: settings.width, count: settings.depth)
    let network = { (inputs: Int, outputs: Int, last: Initializer?, key: Key) in
      MLP(sizes: [inputs] + hidden + [outputs], activation: .silu, lastInitializer: last, key: key, dtype: dtype)
    }
    let networkKeys = keys.initial.split()
    let force: ScoreNetwork =
      settings.form == .free
      ? .free(network(2, 2, nil, networkKeys[0])) : .energy(EnergyForce(network(2, 1, nil, networkKeys[0])))
    let judge = network(3, 2, .zeros, networkKeys[1])
    let (matching, count) = (matching, recipe.training.batchSize)
    trainer = ModelTrainer(
      Matcher(force: force, judge: judge), resolved, settings.learning, key: keys.training, threads: context.threads
    ) { game, _, key in
      let stepKeys = key.split()
      return game.loss(matching, data: law.sample(count, key: stepKeys[0]), key: stepKeys[1])
    }
  }

  var completedSteps: Int { trainer.completedSteps }
  var facts: [(name: String, value: String)] {
    let model = trainer.state.model
    return [
      ("parameters of the force", "\(model.force.parameterCount)"), ("parameters of the judge", "\(model.judge.parameterCount)"),
      ("kernels", Execution.instructionSet),
    ]
  }

  func advance() throws -> [Double] { trainer.advance(Tensor.zeros([0], dtype: recipe.precision.dtype)) }
  func firstNonFiniteParameter() -> String? { trainer.firstNonFiniteParameter() }
  func capturedCheckpoint() throws -> PendingCheckpoint? { trainer.capturedCheckpoint() }
  func restoreCheckpoint(from path: String) throws { _ = try trainer.restore(from: path) }

  /// Points of the data with the learned score there.
  func sample(count: Int, seed: Int) throws -> SampleSet {
    let x = law.sample(count, key: RunKeys.drawing(seed))
    let values = Tensor.concatenated([x, trainer.evaluated.force(x)], axis: 1)
    return SampleSet(names: ["x", "y", "score_x", "score_y"], values: values.doubles)
  }

  func evaluate() throws -> Evaluation {
    let mixture = law.mixture!
    let x = law.sample(10_000, key: keys.evaluation.folded(0))
    let exact = DensityEnergy(mixture).score(x)
    let relative = (square(trainer.evaluated.force(x) - exact).sum() / square(exact).sum()).item().squareRoot()
    let pairs = discrepancies(mixture)
    let correlation = rankCorrelation(pairs.map(\.explicit), pairs.map(\.discrepancy))
    return Evaluation(
      comparisons: [
        Comparison(
          "relative error of the learned score", ours: relative, exact: 0,
          target: Target("relative error", achieved: relative, .atMost, 0.1)),
        Comparison(
          "rank correlation of discrepancy and explicit score-matching error", ours: correlation, exact: 1,
          target: Target("correlation over \(pairs.count) perturbed scores", achieved: correlation, .atLeast, 0.95)),
      ],
      remarks: [
        "The discrepancy divided by T³/3 tends to the explicit score-matching error as T goes to 0; T is \(settings.duration) here."
      ])
  }

  /// For true scores with smooth errors of different sizes and directions: the explicit error, which needs the true score, and the
  /// discrepancy, which does not.
  private func discrepancies(_ mixture: GaussianMixture) -> [(explicit: Double, discrepancy: Double)] {
    let x = law.sample(8_000, key: keys.evaluation.folded(1))
    let hidden = [Int](repeating: 64, count: 2)
    return (0..<settings.perturbed).map { index in
      let parts = keys.evaluation.folded(100 + index).split(3)
      let fault = MLP(sizes: [2, 16, 2], activation: .tanh, key: parts[0], dtype: x.dtype)
      let size = 0.5 + 3.5 * Double(index) / Double(settings.perturbed - 1)
      let force = KnownForce { y in DensityEnergy(mixture).score(y) + size * fault(y) }
      let explicit = square(size * fault(x)).sum(axis: 1).mean().item()
      let predictor = ShortTimePredictor(
        MLP(sizes: [3] + hidden + [2], activation: .silu, lastInitializer: .zeros, key: parts[1], dtype: x.dtype),
        duration: matching.duration)
      let found = matching.discrepancy(
        of: force, data: x, predictor: predictor, trainingSteps: settings.diagnosticSteps, key: parts[2])
      return (explicit, found.value)
    }
  }

  func figures() throws -> [Figure] {
    let side = 21
    let ticks = (0..<side).map { -3.5 + 0.35 * Double($0) }
    let nodes: [Double] = ticks.flatMap { y in ticks.flatMap { x in [x, y] } }
    let points = Tensor(nodes, shape: [side * side, 2], dtype: recipe.precision.dtype)
    func arrows(_ field: Tensor, _ title: String) -> Plot {
      let (x, v) = (points.columns, field.columns)
      let longest = (v[0] + v[1]).map { abs($0) }.max() ?? 1
      // A value that is not finite ends each stroke.
      let strokes = (0..<2).map { axis in x[axis].indices.flatMap { [x[axis][$0], x[axis][$0] + 0.6 * v[axis][$0] / longest, .nan] } }
      return Plot(
        title: title, x: Axis("x", range: -4...4), y: Axis("y", range: -4...4), aspect: 1,
        marks: [
          .line(x: strokes[0], y: strokes[1], style: .thin), .points(x: x[0], y: x[1], radius: 1, opacity: 1),
        ])
    }
    let row = PlotRow([
      arrows(DensityEnergy(law.mixture!).score(points), "true score"), arrows(trainer.evaluated.force(points), "learned force"),
    ])
    return [
      Figure(
        name: "score", title: "Score",
        caption: "The score of the mixture, and the force learned from draws alone: a stroke from each dot along the field there.",
        svg: row.svg)
    ]
  }
}

/// Spearman's correlation of two lists without ties.
func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double {
  func ranks(_ values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: values.count)
    for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() { result[index] = Double(rank) }
    return result
  }
  let (x, y, n) = (ranks(a), ranks(b), Double(a.count))
  let squares = zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return 1 - 6 * squares / (n * (n * n - 1))
}
