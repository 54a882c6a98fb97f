import HDF5

extension DatasetFile {
  /// Throws unless shapes agree and every number is finite; `declaredFeatures` is the root attribute `n_features`.
  func check(_ path: String, declaredFeatures: Int? = nil) throws {
    let features = train.x.rowLength
    if let declaredFeatures, declaredFeatures != features {
      throw shapeError(path, "/train/x", "\(features) numbers a row", "\(declaredFeatures), the attribute n_features")
    }
    if !featureNames.isEmpty && featureNames.count != features {
      throw shapeError(path, "@feature_names", "\(featureNames.count) names", "\(features), one per column of /train/x")
    }
    let inner = sampleShape.reduce(1, *)
    if !sampleShape.isEmpty && inner != features {
      throw shapeError(path, "@sample_shape", "\(sampleShape)", "a shape of \(features) elements, the numbers in a row of /train/x")
    }
    for (name, split) in splits { try check(split, name, path) }
    for (name, array) in arrays { try checkFinite(array, "/" + name, path) }
    if let scaling {
      for (name, values) in [("mean", scaling.mean), ("std", scaling.deviation)] {
        guard values.count == features else {
          throw shapeError(path, "/scaling/\(name)", "\(values.count) values", "\(features), one per column of /train/x")
        }
        try checkFinite(HostArray(values), "/scaling/\(name)", path)
      }
    }
  }

  private func check(_ split: DataSplit, _ name: String, _ path: String) throws {
    guard split.x.shape.count >= 2, split.x.shape[0] > 0, split.x.rowLength > 0 else {
      throw shapeError(path, "/\(name)/x", "shape \(split.x.shape)", "[rows, features] with at least one of each")
    }
    guard split.x.shape.dropFirst() == train.x.shape.dropFirst() else {
      throw shapeError(
        path, "/\(name)/x", "rows of shape \(Array(split.x.shape.dropFirst()))", "\(Array(train.x.shape.dropFirst())) as in /train/x")
    }
    try checkFinite(split.x, "/\(name)/x", path)
    if let y = split.y {
      guard y.rowCount == split.rowCount else { throw rowError(path, "/\(name)/y", y, split) }
      try checkFinite(y, "/\(name)/y", path)
    }
    for (item, array) in split.more.sorted(by: { $0.key < $1.key }) {
      guard array.rowCount == split.rowCount else { throw rowError(path, "/\(name)/\(item)", array, split) }
      try checkFinite(array, "/\(name)/\(item)", path)
    }
    if let error = split.more["y_err"]?.doubles, let row = error.firstIndex(where: { $0 <= 0 }) {
      throw DataFileError(
        .inconsistent, file: path, place: "/\(name)/y_err, row \(row)", found: "\(error[row])", expected: "a positive standard deviation",
        remedy: "correct or remove the row")
    }
  }

  private func checkFinite(_ array: HostArray, _ place: String, _ path: String) throws {
    guard let index = array.firstNonFinite else { return }
    let row = index / max(array.rowLength, 1)
    let column = index % max(array.rowLength, 1)
    var position = "\(place), row \(row)"
    if array.shape.count > 1 {
      position += ", column \(column)"
      if place.hasSuffix("/x") && column < featureNames.count { position += " (\(featureNames[column]))" }
    }
    throw DataFileError(
      .notFinite, file: path, place: position, found: "\(array.doubles[index])", expected: "a finite number",
      remedy: "correct or remove the row")
  }

  private func rowError(_ path: String, _ place: String, _ array: HostArray, _ split: DataSplit) -> DataFileError {
    shapeError(path, place, "\(array.rowCount) rows", "\(split.rowCount) as in x")
  }

  private func shapeError(_ path: String, _ place: String, _ found: String, _ expected: String) -> DataFileError {
    DataFileError(.wrongShape, file: path, place: place, found: found, expected: expected)
  }
}
