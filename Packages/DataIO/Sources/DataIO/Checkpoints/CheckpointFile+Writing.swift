import HDF5

extension CheckpointFile {
  /// Writes the file atomically: after a crash or on a full disk, `path` holds the old file or the new one.
  public func write(to path: String) throws {
    try FormatFile.write(.checkpoint, provenance, to: path) { root in
      try ArrayGroup.write(model, to: try root.createGroup("model"), file: path)
      if !ema.isEmpty { try ArrayGroup.write(ema, to: try root.createGroup("ema"), file: path) }
      if let optimizer { try write(optimizer, to: try root.createGroup("optimizer"), path) }
      try writeRandomKeys(to: try root.createGroup("random"))
      if let data { try write(data, to: try root.createGroup("data")) }
      try writeProgress(to: try root.createGroup("progress"))
      try root.write(recipe, to: "recipe")
      try root.write(environment, to: "environment")
    }
  }

  private func write(_ optimizer: Optimizer, to group: Group, _ path: String) throws {
    for (name, value) in optimizer.attributes.sorted(by: { $0.key < $1.key }) { try group.attributes.write(value, to: name) }
    try group.attributes.write(optimizer.kind, to: "kind")
    try group.attributes.write(Int64(optimizer.step), to: "step")
    try ArrayGroup.write(optimizer.arrays, to: group, file: path)
  }

  private func writeRandomKeys(to group: Group) throws {
    let words = randomKeys.flatMap { [$0.words.first, $0.words.second] }
    let shape = [randomKeys.count, 2]
    let keys = try group.write(words, shape: shape, to: "keys", storage: .checksummed(shape, .uint32))
    try keys.attributes.write(CheckpointFile.generator, to: "generator")
    try keys.attributes.write(randomKeys.map(\.name), to: "names")
  }

  private func write(_ data: Data, to group: Group) throws {
    for (name, value) in data.attributes.sorted(by: { $0.key < $1.key }) { try group.attributes.write(value, to: name) }
    try group.attributes.write(data.source, to: "source")
    try group.attributes.write(data.sha256, to: "sha256")
    try group.attributes.write(Int64(data.position.epoch), to: "epoch")
    try group.attributes.write(Int64(data.position.cursor), to: "cursor")
    let key = data.position.key
    try group.write([key.first, key.second], to: "shuffle_key", storage: .checksummed([2], .uint32))
    if let scaling = data.scaling {
      let shape = [scaling.mean.count]
      try group.write(scaling.mean, to: "scaling/mean", storage: .checksummed(shape, .float64))
      try group.write(scaling.deviation, to: "scaling/std", storage: .checksummed(shape, .float64))
    }
  }

  private func writeProgress(to group: Group) throws {
    for (name, value) in progress.attributes.sorted(by: { $0.key < $1.key }) { try group.attributes.write(value, to: name) }
    try group.attributes.write(Int64(progress.step), to: "step")
    try progress.metrics.write(to: try group.createGroup("metrics"))
  }
}
