import HDF5

extension CheckpointFile {
  /// Reads and checks the whole file; nothing in it is executed or followed out of it.
  public init(contentsOf path: String) throws {
    let tree = try FormatFile.open(path)
    let provenance = try FormatFile.provenance(tree, .checkpoint)
    _ = try tree.group("model")
    let model = try ArrayGroup.read(tree, "model")
    let ema = try ArrayGroup.read(tree, "ema")
    for average in ema {
      guard let parameter = model[average.path] else {
        throw DataFileError(
          .inconsistent, file: path, place: "/ema/\(average.path)", found: "an average of nothing",
          expected: "an array of that name in /model")
      }
      guard parameter.shape == average.array.shape else {
        throw DataFileError(
          .inconsistent, file: path, place: "/ema/\(average.path)", found: "shape \(average.array.shape)",
          expected: "\(parameter.shape) as in /model")
      }
    }
    self.init(
      provenance: provenance, model: model, ema: ema, optimizer: try CheckpointFile.optimizer(tree),
      randomKeys: try CheckpointFile.randomKeys(tree), data: try CheckpointFile.data(tree), progress: try CheckpointFile.progress(tree),
      recipe: try tree.datasets["recipe"] == nil ? "{}" : tree.string("recipe"),
      environment: try tree.datasets["environment"] == nil ? "{}" : tree.string("environment"))
  }

  private static func optimizer(_ tree: SafeTree) throws -> Optimizer? {
    guard let attributes = tree.groups["optimizer"]?.attributes else { return nil }
    return Optimizer(
      kind: try attributes.string("kind"), step: try counter("step", of: attributes, tree, "optimizer"),
      attributes: try FormatFile.additionalAttributes(attributes, except: ["kind", "step"]), arrays: try ArrayGroup.read(tree, "optimizer"))
  }

  private static func randomKeys(_ tree: SafeTree) throws -> [RandomKey] {
    guard let dataset = tree.datasets["random/keys"] else { return [] }
    let found = try dataset.attributes.contains("generator") ? dataset.attributes.string("generator") : generator
    guard found == generator else {
      throw DataFileError(
        .wrongType, file: tree.file.path, place: "/random/keys@generator", found: "\"\(found)\"", expected: "\"\(generator)\"")
    }
    guard dataset.shape.count == 2, dataset.shape[1] == 2 else {
      throw DataFileError(.wrongShape, file: tree.file.path, place: "/random/keys", found: "shape \(dataset.shape)", expected: "[n, 2]")
    }
    let words = try dataset.read(UInt32.self)
    let names = try dataset.attributes.contains("names") ? dataset.attributes.strings("names") : (0..<dataset.shape[0]).map { "\($0)" }
    guard names.count == dataset.shape[0] else {
      throw DataFileError(
        .inconsistent, file: tree.file.path, place: "/random/keys@names", found: "\(names.count) names", expected: "\(dataset.shape[0])")
    }
    return names.enumerated().map { RandomKey(name: $1, words: KeyWords(words[$0 * 2], words[$0 * 2 + 1])) }
  }

  private static func data(_ tree: SafeTree) throws -> Data? {
    guard let attributes = tree.groups["data"]?.attributes else { return nil }
    let order = try attributes.contains("order") ? attributes.string("order") : "whole"
    guard ["whole", "windows"].contains(order) else {
      throw DataFileError(
        .inconsistent, file: tree.file.path, place: "/data@order", found: "\"\(order)\"", expected: "\"whole\" or \"windows\"")
    }
    let words = try tree.dataset("data/shuffle_key").read(UInt32.self)
    guard words.count == 2 else {
      throw DataFileError(.wrongShape, file: tree.file.path, place: "/data/shuffle_key", found: "\(words.count) words", expected: "2")
    }
    let position = BatchPosition(
      key: KeyWords(words[0], words[1]), epoch: try counter("epoch", of: attributes, tree, "data"),
      cursor: try counter("cursor", of: attributes, tree, "data"))
    return Data(
      source: try attributes.string("source"), sha256: try attributes.contains("sha256") ? attributes.string("sha256") : "",
      position: position,
      attributes: try FormatFile.additionalAttributes(attributes, except: ["source", "sha256", "epoch", "cursor"]),
      scaling: try Scaling(tree, "data/scaling"))
  }

  private static func progress(_ tree: SafeTree) throws -> Progress {
    let attributes = try tree.group("progress").attributes
    return Progress(
      step: try counter("step", of: attributes, tree, "progress"), metrics: try MetricsHistory(tree, "progress/metrics"),
      attributes: try FormatFile.additionalAttributes(attributes, except: ["step"]))
  }

  private static func counter(_ name: String, of attributes: Attributes, _ tree: SafeTree, _ group: String) throws -> Int {
    let value = try attributes.scalar(name, as: Int64.self)
    guard value >= 0 else {
      throw DataFileError(.inconsistent, file: tree.file.path, place: "/\(group)@\(name)", found: "\(value)", expected: "a count from 0 on")
    }
    return Int(value)
  }
}
