import HDF5

extension DatasetFile {
  /// Reads the file and checks shapes, names and that every number is finite.
  public init(contentsOf path: String) throws {
    let tree = try FormatFile.open(path)
    let root = tree.file.root.attributes
    let found = try root.contains("schema") ? root.string("schema") : "none"
    guard found == DatasetFile.schema else {
      throw DataFileError(
        .wrongKind, file: path, place: "@schema", found: "\"\(found)\"", expected: "\"\(DatasetFile.schema)\"",
        remedy: "write data sets as FORMAT.md, section 4, says")
    }
    guard tree.groups["train"] != nil else {
      throw DataFileError(
        .missing, file: path, place: "/train", found: "no such group", expected: "the training rows in /train/x",
        remedy: "the file has \(tree.groups.keys.sorted().joined(separator: ", "))")
    }
    let splitNames = ["train", "validation", "test"]
    var arrays: [String: HostArray] = [:]
    var texts: [String: [String]] = [:]
    for (name, dataset) in tree.datasets where !splitNames.contains(where: { name.hasPrefix($0 + "/") }) && !name.hasPrefix("scaling/") {
      if dataset.holdsStrings {
        texts[name] = try dataset.readStrings()
      } else if dataset.elementType != nil {
        arrays[name] = try HostArray(dataset)
      }
    }
    let known = ["schema", "feature_names", "sample_shape", "n_features", "format", "format_version", "kind", "sealed", "digest"]
    self.init(
      train: try DatasetFile.split(tree, "train"),
      validation: try tree.groups["validation"] == nil ? nil : DatasetFile.split(tree, "validation"),
      test: try tree.groups["test"] == nil ? nil : DatasetFile.split(tree, "test"),
      featureNames: try root.contains("feature_names") ? DatasetFile.list(try root.string("feature_names")) : [],
      sampleShape: try root.contains("sample_shape") ? DatasetFile.extents(try root.string("sample_shape"), path) : [],
      scaling: try Scaling(tree, "scaling"), arrays: arrays, texts: texts,
      attributes: try FormatFile.additionalAttributes(root, except: known))
    try check(path, declaredFeatures: try root.contains("n_features") ? Int(root.scalar("n_features", as: Int64.self)) : nil)
  }

  private static func split(_ tree: SafeTree, _ name: String) throws -> DataSplit {
    var split = DataSplit(x: try HostArray(try tree.dataset(name + "/x")))
    for (item, dataset) in tree.datasets(in: name) where item != "x" && dataset.elementType != nil {
      if item == "y" { split.y = try HostArray(dataset) } else { split.more[item] = try HostArray(dataset) }
    }
    return split
  }

  private static func list(_ text: String) -> [String] { text.isEmpty ? [] : text.split(separator: ",").map(String.init) }

  private static func extents(_ text: String, _ path: String) throws -> [Int] {
    let extents = list(text).map { Int($0) ?? -1 }
    guard extents.allSatisfy({ $0 > 0 }) else {
      throw DataFileError(.wrongShape, file: path, place: "@sample_shape", found: "\"\(text)\"", expected: "positive integers and commas")
    }
    return extents
  }
}
