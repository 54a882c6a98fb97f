import Autodiff
import DataIO
import ModelIO

extension ResolvedRecipe {
  /// A checkpoint of `model` alone, for experiments without an optimiser.
  func checkpoint(of model: some Module, step: Int, randomKeys: [CheckpointFile.RandomKey] = []) -> PendingCheckpoint {
    let file = CheckpointFile(
      provenance: Provenance(software: "flowctl", softwareVersion: flowctlVersion), model: model, randomKeys: randomKeys,
      progress: .init(step: step), recipe: document.pretty, environment: environment)
    return { file }
  }

  /// The checkpoint at `path`. Throws where another recipe made it.
  func checkpoint(at path: String) throws -> CheckpointFile {
    let file = try CheckpointFile(contentsOf: path)
    if let difference = firstDifference(fromRecipeText: file.recipe) {
      throw UserError.failure("\(FileAccess.display(path)): made with another recipe than the run folder's recipe.json: \(difference)")
    }
    return file
  }
}
