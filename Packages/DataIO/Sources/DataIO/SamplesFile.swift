import HDF5

/// Samples drawn from a model, in physical units, with weights where they are known. Layout: FORMAT.md, section 5.
public struct SamplesFile: Sendable, Equatable {
  public var provenance: Provenance
  /// `[N, features]`, float32 or float64.
  public var x: HostArray
  /// One name per feature.
  public var names: [String]
  /// `[N]`: log of target over proposal density, up to a constant. Importance weights are proportional to its exponential.
  public var logWeight: HostArray?
  /// Attributes of the group, such as the recipe's name and the checkpoint's step.
  public var attributes: [String: AttributeValue]

  public init(
    provenance: Provenance, x: HostArray, names: [String], logWeight: HostArray? = nil, attributes: [String: AttributeValue] = [:]
  ) {
    self.provenance = provenance
    self.x = x
    self.names = names
    self.logWeight = logWeight
    self.attributes = attributes
  }

  /// Writes the file atomically.
  public func write(to path: String) throws {
    try check(path)
    try FormatFile.write(.samples, provenance, to: path) { root in
      let group = try root.createGroup("samples")
      for (name, value) in attributes.sorted(by: { $0.key < $1.key }) { try group.attributes.write(value, to: name) }
      try x.writeChecksummed(to: "x", in: group).attributes.write(names, to: "names")
      if let logWeight { _ = try logWeight.writeChecksummed(to: "log_weight", in: group) }
    }
  }

  public init(contentsOf path: String) throws {
    let tree = try FormatFile.open(path)
    let provenance = try FormatFile.provenance(tree, .samples)
    let dataset = try tree.dataset("samples/x")
    self.init(
      provenance: provenance, x: try HostArray(dataset), names: try dataset.attributes.strings("names"),
      logWeight: try tree.datasets["samples/log_weight"].map { try HostArray($0) },
      attributes: try FormatFile.additionalAttributes(try tree.group("samples").attributes, except: []))
    try check(path)
  }

  private func check(_ path: String) throws {
    guard x.elementType.isFloatingPoint, x.shape.count == 2 else {
      throw DataFileError(.wrongShape, file: path, place: "/samples/x", found: "\(x)", expected: "float32 or float64 [N, features]")
    }
    guard names.count == x.shape[1] else {
      throw DataFileError(
        .inconsistent, file: path, place: "/samples/x@names", found: "\(names.count) names", expected: "\(x.shape[1]), one per feature")
    }
    if let logWeight, logWeight.shape != [x.shape[0]] || !logWeight.elementType.isFloatingPoint {
      throw DataFileError(
        .inconsistent, file: path, place: "/samples/log_weight", found: "\(logWeight)", expected: "float32 or float64 [\(x.shape[0])]")
    }
  }
}
