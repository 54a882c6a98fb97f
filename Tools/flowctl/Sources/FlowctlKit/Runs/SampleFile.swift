import DataIO
import HDF5

/// The files that `flowctl sample` writes.
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

  /// Reference points in float64, each array at its path.
  package static func write(_ arrays: [ReferenceArray], to path: String) throws {
    let file = try File.createInMemory()
    for array in arrays {
      let group = array.path.split(separator: "/").dropLast().joined(separator: "/")
      if try !group.isEmpty && !file.root.contains(group) { _ = try file.root.createGroup(group) }
      _ = try file.root.write(array.values, shape: array.shape, to: array.path)
    }
    let image = try file.image()
    try AtomicWrite.write([image], to: FileAccess.absolute(path))
  }
}
