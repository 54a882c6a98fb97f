import Autodiff
import DataIO
import Foundation
import NHF
import Plotting
import Probability

/// The density of a mixture of equal round Gaussians in the plane, learned from draws.
final class MixtureExperiment: Experiment {
  private static let block = 2_000

  let metricNames = ModelTrainer<NeuralHamiltonianFlow>.metricNames
  private let recipe: Recipe
  private let settings: MixtureSettings
  private let keys: RunKeys
  private let mixture: GaussianMixture
  private let centres: [[Double]]
  private let density: DensityTrainer<NeuralHamiltonianFlow>
  private let draw: @Sendable (NeuralHamiltonianFlow, Key) -> Tensor
  private let bounds: @Sendable (NeuralHamiltonianFlow, Tensor, Key) -> (Tensor, Tensor)

  init(_ settings: MixtureSettings, _ resolved: ResolvedRecipe, _ context: ExperimentContext) throws {
    self.settings = settings
    recipe = resolved.recipe
    keys = RunKeys(seed: recipe.seed)
    centres = settings.data.centres
    mixture = GaussianMixture(means: centres, standardDeviation: settings.data.deviation, dtype: .float64)
    let rows = mixture.sample(settings.data.count, key: keys.data.folded(0))
    let flow = try settings.model.flow(dimension: 2, key: keys.initial, precision: recipe.precision)
    density = try DensityTrainer(
      flow, resolved, settings.learning, keys, threads: context.threads, data: HostArray(rows.doubles, shape: rows.shape),
      source: "the mixture \(settings.data.name.rawValue)"
    ) { flow, batch, key in flow.loss(batch, key: key) }
    draw = compile { (flow: NeuralHamiltonianFlow, key: Key) -> Tensor in flow.sample(MixtureExperiment.block, key: key) }
    let importanceSamples = settings.evaluation.importanceSamples
    bounds = compile { (flow: NeuralHamiltonianFlow, rows: Tensor, key: Key) -> (Tensor, Tensor) in
      (flow.elbo(rows, key: key.folded(0)), flow.iwae(rows, samples: importanceSamples, key: key.folded(1)))
    }
  }

  var completedSteps: Int { density.trainer.completedSteps }
  var facts: [(name: String, value: String)] { density.trainer.state.model.facts + [("modes", "\(centres.count)")] }

  func advance() throws -> [Double] { try density.advance() }
  func firstNonFiniteParameter() -> String? { density.trainer.firstNonFiniteParameter() }
  func capturedCheckpoint() throws -> PendingCheckpoint? { density.capturedCheckpoint() }
  var dataSeconds: Double? { density.dataSeconds }
  func restoreCheckpoint(from path: String) throws { try density.restore(from: path) }

  func sample(count: Int, seed: Int) throws -> SampleSet { samples(count, key: RunKeys.drawing(seed)) }

  func referencePoints(count: Int, seed: Int) throws -> [ReferenceArray] {
    density.trainer.state.model.referencePoints(count: count, key: RunKeys.drawing(seed))
  }

  private func samples(_ count: Int, key: Key) -> SampleSet {
    let flow = density.trainer.evaluated
    let columns = inBlocks(count, of: MixtureExperiment.block) { draw(flow, key.folded($0)).columns }
    return SampleSet(names: ["x", "y"], values: (0..<count).flatMap { [columns[0][$0], columns[1][$0]] })
  }

  func evaluate() throws -> Evaluation {
    let flow = density.trainer.evaluated
    let test = mixture.sample(2_000, key: keys.evaluation.folded(0))
    let (elbo, iwae) = bounds(flow, test.cast(to: recipe.precision.dtype), keys.evaluation.folded(1))
    let exact = RowMean(mixture.logDensity(test).doubles)
    let gaps = RowMean(zip(mixture.logDensity(test).doubles, iwae.doubles).map { $0 - $1 })
    let draws = samples(settings.evaluation.samples, key: keys.evaluation.folded(2))
    let shares = modeShares(draws)
    let few = min(2_000, draws.count)
    let own = Tensor(Array(draws.values.prefix(2 * few)), shape: [few, 2])
    let floor = energyDistance(mixture.sample(few, key: keys.evaluation.folded(3)), test)
    let distance = energyDistance(own, test)
    let reach = settings.data.spread + 3 * settings.data.deviation
    let wells = flow.potentialLandscape(x: -reach...reach, y: -reach...reach, resolution: 101).localMinima.count
    return Evaluation(
      comparisons: [
        Comparison(
          "log likelihood per point (IWAE-\(settings.evaluation.importanceSamples))", ours: RowMean(iwae.doubles).value, exact: exact.value,
          target: Target("gap in nats", achieved: gaps.value, .atMost, 0.1)),
        Comparison("evidence lower bound per point", ours: RowMean(elbo.doubles).value, exact: exact.value),
        Comparison(
          "smallest share of a mode, times the number of modes", ours: (shares.min() ?? 0) * Double(centres.count), exact: 1,
          target: Target("share", achieved: (shares.min() ?? 0) * Double(centres.count), .atLeast, 0.8)),
        Comparison("energy distance to the mixture", ours: distance, exact: 0, published: nil),
        Comparison("energy distance of two exact samples", ours: floor, exact: 0),
        Comparison(
          "wells of V", ours: Double(wells), exact: Double(centres.count),
          target: Target("wells too many or too few", achieved: abs(Double(wells - centres.count)), .atMost, 0)),
      ],
      remarks: [
        "Exact values are those of the mixture's own density on the same 2,000 fresh test points; the gap has standard error \(Formatting.tidy(gaps.error, digits: 2)).",
        "The energy distance of two exact samples of this size is the floor below which nothing can be told apart.",
      ])
  }

  /// The fraction of draws nearest to each centre and within four deviations of it.
  private func modeShares(_ draws: SampleSet) -> [Double] {
    var counts = [Int](repeating: 0, count: centres.count)
    let (x, y) = (draws.column(0), draws.column(1))
    for index in 0..<draws.count {
      let distances = centres.map { hypot(x[index] - $0[0], y[index] - $0[1]) }
      guard let nearest = distances.min(), nearest <= 4 * settings.data.deviation else { continue }
      counts[distances.firstIndex(of: nearest)!] += 1
    }
    return counts.map { Double($0) / Double(draws.count) }
  }

  func figures() throws -> [Figure] {
    let reach = settings.data.spread + 4 * settings.data.deviation
    let draws = samples(4_000, key: keys.evaluation.folded(2))
    let data = mixture.sample(4_000, key: keys.evaluation.folded(4)).columns
    let axis = { (name: String) in Axis(name, range: -reach...reach) }
    let clouds = ScatterPair(
      left: .init(title: "data", x: data[0], y: data[1]), right: .init(title: "samples", x: draws.column(0), y: draws.column(1)),
      x: axis("x"), y: axis("y"))
    return [
      Figure(
        name: "samples", title: "Samples beside data", caption: "4,000 points of the mixture, and as many draws of the flow.",
        svg: clouds.svg),
      FlowFigures.potential(
        density.trainer.evaluated, range: -reach...reach, points: settings.evaluation.gridPoints, names: ("q₁", "q₂"),
        caption: "The learned potential V. With a position prior wide enough to cover the data, it has one well per mode."),
    ]
  }
}

extension MixtureDataSection {
  /// Where the modes lie.
  var centres: [[Double]] {
    switch name {
    case .fourCorners: [[-1, -1], [-1, 1], [1, -1], [1, 1]].map { $0.map { $0 * spread } }
    case .nineGrid: [-1, 0, 1].flatMap { x in [-1, 0, 1].map { [Double(x) * spread, Double($0) * spread] } }
    case .ring: (0..<8).map { [spread * cos(Double($0) * .pi / 4), spread * sin(Double($0) * .pi / 4)] }
    }
  }
}
