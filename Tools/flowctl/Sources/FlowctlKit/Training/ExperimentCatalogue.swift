/// Every experiment that recipes can name.
public enum ExperimentCatalogue {
  /// One line per experiment.
  static let builders: [Recipe.ExperimentName: ExperimentBuilder] = [
    .supernovaPosterior: { try SupernovaExperiment($0, $1) },
    .gaussianMixture: { try MixtureExperiment($0, $1) },
    .digitImages: { try DigitExperiment($0, $1) },
  ]

  /// Builds the experiment of a recipe: reads its data and initialises its model.
  public static func build(_ resolved: ResolvedRecipe, _ context: ExperimentContext) throws -> any Experiment {
    guard let builder = builders[resolved.recipe.experiment] else {
      throw UserError.failure("the experiment '\(resolved.recipe.experiment.rawValue)' is not part of this build of flowctl")
    }
    return try builder(resolved, context)
  }
}
