import HDF5

extension DatasetFile {
  /// Checks the data as the reader would and writes the file atomically: whole-row chunks, deflate, fletcher32.
  public func write(to path: String, provenance: Provenance) throws {
    try check(path)
    try FormatFile.write(.dataset, provenance, to: path) { root in
      let own = ["software", "software_version", "created"]
      for (name, value) in attributes.sorted(by: { $0.key < $1.key }) where !own.contains(name) {
        try root.attributes.write(value, to: name)
      }
      try root.attributes.write(DatasetFile.schema, to: "schema")
      try root.attributes.write(Int32(train.x.rowLength), to: "n_features")
      if !featureNames.isEmpty { try root.attributes.write(featureNames.joined(separator: ","), to: "feature_names") }
      if !sampleShape.isEmpty { try root.attributes.write(sampleShape.map { "\($0)" }.joined(separator: ","), to: "sample_shape") }
      for (name, split) in splits {
        try put(split.x, to: name + "/x", in: root)
        if let y = split.y { try put(y, to: name + "/y", in: root) }
        for (item, array) in split.more.sorted(by: { $0.key < $1.key }) { try put(array, to: "\(name)/\(item)", in: root) }
      }
      if let scaling {
        try put(HostArray(scaling.mean), to: "scaling/mean", in: root)
        try put(HostArray(scaling.deviation), to: "scaling/std", in: root)
      }
      for (name, array) in arrays.sorted(by: { $0.key < $1.key }) { try put(array, to: name, in: root) }
      for (name, lines) in texts.sorted(by: { $0.key < $1.key }) { try root.write(lines, to: name) }
    }
  }

  private func put(_ array: HostArray, to path: String, in root: Group) throws {
    let storage =
      array.shape.isEmpty
      ? Storage.contiguous
      : .rowChunks(of: array.shape, array.elementType, deflate: 6, shuffle: array.elementType.byteCount > 1, fletcher32: true)
    let dataset = try root.createDataset(path, array.elementType, shape: array.shape, storage: storage)
    try array.bytes.withUnsafeBytes { try dataset.writeBytes($0, as: array.elementType) }
  }
}
