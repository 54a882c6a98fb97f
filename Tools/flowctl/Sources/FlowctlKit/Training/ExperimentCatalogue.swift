/// Every experiment that recipes can name.
public enum ExperimentCatalogue {
  /// One line per experiment.
  private static let entries: [Entry] = [
    Entry("supernova-posterior", SupernovaExperiment.init),
    Entry("gaussian-mixture", MixtureExperiment.init),
    Entry("digit-images", DigitExperiment.init),
    Entry("energy-diffusion", EnergyDiffusionExperiment.init),
    Entry("markov-chains", MarkovChainExperiment.init),
    Entry("planar-density", KernelFlowExperiment.planar),
    Entry("table-density", KernelFlowExperiment.table),
    Entry("density-comparison", DensityComparisonExperiment.init),
    Entry("density-scaling", DensityScalingExperiment.init),
    Entry("velocity-plane", PlaneVelocityExperiment.init),
    Entry("velocity-rows", RowVelocityExperiment.init),
    Entry("hamiltonian-score-matching", ScoreMatchingExperiment.init),
  ]

  /// The experiment of a recipe that names none.
  static let standard = "gaussian-mixture"

  static var names: [String] { entries.map(\.name) }

  /// The keys of an experiment with their defaults. `name` is one of `names`.
  static func settings(of name: String) -> any ExperimentSettings { entry(name).settings() }

  /// Builds the experiment of a recipe: reads its data and initialises its model.
  public static func build(_ resolved: ResolvedRecipe, _ context: ExperimentContext) throws -> any Experiment {
    try entry(resolved.recipe.experiment).build(resolved, context)
  }

  private static func entry(_ name: String) -> Entry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      preconditionFailure("no experiment is called '\(name)'; the strict decoder lets only \(names.joined(separator: ", ")) pass")
    }
    return entry
  }

  /// A name in recipes, the keys that belong to it, and how it is built from them.
  private struct Entry: Sendable {
    let name: String
    let settings: @Sendable () -> any ExperimentSettings
    let build: ExperimentBuilder

    init<Settings: ExperimentSettings>(
      _ name: String, _ build: @escaping @Sendable (Settings, ResolvedRecipe, ExperimentContext) throws -> any Experiment
    ) {
      self.name = name
      settings = { Settings() }
      self.build = { resolved, context in
        guard let settings = resolved.recipe.settings as? Settings else {
          preconditionFailure("the recipe of '\(name)' was resolved with the keys of another experiment")
        }
        return try build(settings, resolved, context)
      }
    }
  }
}
