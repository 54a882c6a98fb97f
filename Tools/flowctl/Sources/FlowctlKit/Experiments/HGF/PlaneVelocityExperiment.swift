import Autodiff
import DataIO
import HGF
import NeuralNetworks
import Plotting
import Probability

/// A Hamiltonian generative flow of a law whose velocities, density and draws are known.
final class PlaneVelocityExperiment: Experiment {
  private static let block = 5_000

  let metricNames = ModelTrainer<VelocityFlow>.metricNames
  private let recipe: Recipe
  private let settings: PlaneVelocitySettings
  private let keys: RunKeys
  private let law: ToyLaw
  private let process: HamiltonianProcess
  private let trainer: ModelTrainer<VelocityFlow>
  private let launches: @Sendable (Key) -> (Tensor, Tensor)
  private let draw: @Sendable (VelocityFlow, Key) -> Tensor

  init(_ settings: PlaneVelocitySettings, _ resolved: ResolvedRecipe, _ context: ExperimentContext) throws {
    self.settings = settings
    recipe = resolved.recipe
    keys = RunKeys(seed: recipe.seed)
    law = ToyLaw(name: settings.data.name, dtype: recipe.precision.dtype)
    let (law, batchSize) = (law, recipe.training.batchSize)
    process = try settings.process.process(dimension: law.dimension, dataScale: law.scale)
    try process.checked(law.sample(1_000, key: keys.data))
    let coupling = process.coupling
    launches = { key in
      let keys = key.split()
      let rows = law.sample(batchSize, key: keys[0])
      return (rows, coupling.noise(for: rows, key: keys[1]))
    }
    let flow = try settings.model.flow(process, dataScale: law.scale, key: keys.initial, precision: recipe.precision)
    let d = law.dimension
    trainer = ModelTrainer(flow, resolved, settings.learning, key: keys.training, threads: context.threads) { flow, batch, key in
      flow.loss(flow.process.launch(batch.slice(axis: 1, 0..<d), noise: batch.slice(axis: 1, d..<2 * d)), key: key)
    }
    let sampler = try settings.sampler.sampler(for: process)
    let dtype = recipe.precision.dtype
    draw = compile { (flow: VelocityFlow, key: Key) -> Tensor in
      flow.sample(PlaneVelocityExperiment.block, with: sampler, key: key, dtype: dtype)
    }
  }

  var completedSteps: Int { trainer.completedSteps }
  var facts: [(name: String, value: String)] {
    [
      ("parameters", "\(trainer.state.model.parameterCount)"), ("process", settings.process.kind.rawValue),
      ("kernels", Execution.instructionSet),
    ]
  }

  /// The rows and noise of step t are a function of the seed and t alone.
  func advance() throws -> [Double] {
    let (rows, noise) = launches(keys.data.folded(completedSteps))
    return trainer.advance(.concatenated([rows, noise], axis: 1))
  }

  func firstNonFiniteParameter() -> String? { trainer.firstNonFiniteParameter() }
  func capturedCheckpoint() throws -> PendingCheckpoint? { trainer.capturedCheckpoint() }
  func restoreCheckpoint(from path: String) throws { _ = try trainer.restore(from: path) }

  func sample(count: Int, seed: Int) throws -> SampleSet {
    SampleSet(names: names, values: draws(count, key: RunKeys.drawing(seed)).doubles)
  }

  func referencePoints(count: Int, seed: Int) throws -> [ReferenceArray] {
    trainer.state.model.referencePoints(count: count, with: try settings.sampler.sampler(for: process), key: RunKeys.drawing(seed))
  }

  private var names: [String] { law.dimension == 1 ? ["x"] : ["x", "y"] }

  private func draws(_ count: Int, key: Key) -> Tensor {
    let flow = trainer.evaluated
    let columns = inBlocks(count, of: PlaneVelocityExperiment.block) { draw(flow, key.folded($0)).columns }
    return Tensor((0..<count).flatMap { row in columns.map { $0[row] } }, shape: [count, law.dimension])
  }

  func evaluate() throws -> Evaluation {
    let count = settings.evaluation.samples
    let own = draws(count, key: keys.evaluation.folded(0))
    let real = law.sample(count, key: keys.evaluation.folded(1)).cast(to: .float64)
    // Under one law the energy distance falls as 1/n: floors of fewer points are brought to this size.
    let few = min(count, law.dimension == 1 ? count : 4_000)
    let floors = (0..<20).map { pair in
      let pairKeys = keys.evaluation.folded(100 + pair).split()
      let (a, b) = (law.sample(few, key: pairKeys[0]), law.sample(few, key: pairKeys[1]))
      return energyDistance(a, b) * Double(few) / Double(count)
    }
    let error = bootstrapStandardError(
      own.slice(axis: 0, 0..<min(count, 2_000)), real.slice(axis: 0, 0..<min(count, 2_000)), resamples: 20, key: keys.evaluation.folded(2),
      statistic: energyDistance)
    let distance = SampleFidelity(value: energyDistance(own, real), standardError: error, floors: floors)
    var rows = [
      Comparison(
        "energy distance, \(count) points", ours: distance.value, exact: 0,
        target: Target("deviations of the real-versus-real floor above it", achieved: distance.excess, .atMost, 3)),
      Comparison("energy distance of two real samples: largest of 20", ours: floors.max() ?? 0),
      Comparison("energy distance of two real samples: standard deviation", ours: distance.floorDeviation),
    ]
    if let mixture = law.mixture, let path = process.path { rows += exactComparisons(mixture, path) }
    if law.name == .checkerboard {
      let inside = RowMean(PlaneVelocityExperiment.onBlack(own)).value
      rows.append(
        Comparison(
          "share of draws on black squares", ours: inside, exact: 1, target: Target("share", achieved: inside, .atLeast, 0.95)))
    }
    let cost = try settings.sampler.sampler(for: process).evaluations
    return Evaluation(
      comparisons: rows,
      remarks: [
        "Draws took \(cost) evaluations of the predictor each.",
        "The floor is the energy distance between real samples of the same size, 20 pairs; the bootstrap error at 2,000 points is \(Formatting.tidy(error, digits: 2)).",
      ])
  }

  /// 1 for points on the black squares of the checkerboard, 0 for others.
  private static func onBlack(_ points: Tensor) -> [Double] {
    let columns = points.columns
    return zip(columns[0], columns[1]).map { x, y in
      guard abs(x) < 4, abs(y) < 4 else { return 0 }
      return (Int((x + 4) / 2) + Int((y + 4) / 2)) % 2 == 0 ? 1 : 0
    }
  }

  private func exactComparisons(_ mixture: GaussianMixture, _ path: LinearPath) -> [Comparison] {
    let flow = trainer.evaluated
    let rows = 20_000
    let pointKeys = keys.evaluation.folded(3).split(3)
    let data = mixture.sample(rows, key: pointKeys[0])
    let time = TimeDistribution.stratified.sample(
      rows, from: process.minimumTime, to: process.duration, key: pointKeys[1], dtype: recipe.precision.dtype)
    // The exact velocity is that of independent ends, which optimal transport does not have.
    let plain = Coupling.endpoint(noiseScale: path.coupling.noiseScale)
    let noise = (settings.process.kind == .optimalTransport ? plain : path.coupling).noise(for: data, key: pointKeys[2])
    let point = process.force.state(from: process.launch(data, noise: noise), at: time)
    let exact = MixtureVelocity(mixture, along: path)(point.position, at: time)
    let error = square(flow.predictor(point.position, at: time) - exact).sum() / square(exact).sum()
    let relative = error.item().squareRoot()
    let test = mixture.sample(settings.evaluation.likelihoodRows, key: keys.evaluation.folded(4))
    let likelihood = compile { (flow: VelocityFlow, x: Tensor) -> Tensor in flow.logDensity(x, steps: 100) }
    let ours = RowMean(likelihood(flow, test).doubles)
    let known = RowMean(mixture.logDensity(test).doubles)
    let velocity =
      settings.process.kind == .optimalTransport
      ? []
      : [
        Comparison(
          "relative error of the velocity under p_t", ours: relative, exact: 0,
          target: Target("relative error", achieved: relative, .atMost, 0.05))
      ]
    return velocity + [
      Comparison(
        "log likelihood per point", ours: ours.value, exact: known.value,
        target: Target("difference in nats", achieved: abs(ours.value - known.value), .atMost, 0.02))
    ]
  }

  func figures() throws -> [Figure] {
    let few = 4_000
    let (own, real) = (draws(few, key: keys.evaluation.folded(0)).columns, law.sample(few, key: keys.evaluation.folded(1)).columns)
    let svg: String
    if law.dimension == 1 {
      let edges = (0...60).map { -6 + Double($0) * 0.2 }
      let heights = { (values: [Double]) in
        (0..<60).map { bin in Double(values.filter { edges[bin] <= $0 && $0 < edges[bin + 1] }.count) / (0.2 * Double(few)) }
      }
      svg =
        PlotRow([
          Plot(
            x: Axis("x", range: -6...6), y: Axis("density"), aspect: 0.7,
            marks: [
              .histogram(edges: edges, heights: heights(real[0]), label: "data"),
              .histogram(edges: edges, heights: heights(own[0]), series: 1, label: "draws"),
            ])
        ]).svg
    } else {
      let axis = { (name: String) in Axis(name, range: -4.5...4.5) }
      let clouds = ScatterPair(
        left: .init(title: "data", x: real[0], y: real[1]), right: .init(title: "draws", x: own[0], y: own[1]), x: axis("x"), y: axis("y"))
      svg = clouds.svg
    }
    return [Figure(name: "samples", title: "Draws beside data", caption: "4,000 points of the law, and as many draws.", svg: svg)]
  }
}

extension HamiltonianProcess {
  /// `validate(data:)` with an error for users.
  func checked(_ data: Tensor) throws(UserError) {
    do { try validate(data: data) } catch { throw UserError.failure("training data: \(error)") }
  }
}

extension HamiltonianGenerativeFlow {
  /// Noise and the draws made of it, and velocities there, for another implementation to compare with.
  func referencePoints(count: Int, with sampler: Sampler, key: Key) -> [ReferenceArray] {
    let dtype = predictor.namedTensors()[0].tensor.dtype
    let noise = process.terminal.distribution(dimension: dimension, dtype: dtype).sample(count, key: key)
    let half = Tensor.full([count], 0.5 * process.duration, dtype: dtype)
    let named = [
      ("noise/position", noise), ("data/position", generated(from: noise, with: sampler, key: key)),
      ("noise/velocity", predictor(noise, at: half)),
    ]
    return named.map { ReferenceArray(path: $0.0, shape: $0.1.shape, values: $0.1.doubles) }
  }
}
