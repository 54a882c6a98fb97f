import DataIO

/// The file that `flowctl sample` writes.
package enum SampleFile {
  /// Values are stored in the precision of the recipe; weights in float64.
  package static func write(_ samples: SampleSet, to path: String, recipe resolved: ResolvedRecipe) throws {
    let shape = [samples.count, samples.names.count]
    let x =
      switch resolved.recipe.precision {
      case .float32: HostArray(samples.values.map { Float($0) }, shape: shape)
      case .float64: HostArray(samples.values, shape: shape)
      }
    let file = SamplesFile(
      provenance: Provenance(software: "flowctl", softwareVersion: flowctlVersion), x: x, names: samples.names,
      logWeight: samples.logWeights.map { HostArray($0) }, attributes: ["recipe": .string(resolved.name)])
    try file.write(to: FileAccess.absolute(path))
  }
}
