import HDF5

/// A named array of a model, its moving average, or an optimiser: `layers.0.weight`.
public struct StoredArray: Sendable, Equatable {
  public enum Role: String, Sendable {
    /// Trained.
    case parameter
    /// Saved, not trained.
    case buffer
  }

  public var path: String
  public var array: HostArray
  public var role: Role
  /// Axis names, slowest first; empty when unnamed.
  public var axes: [String]

  public init(path: String, array: HostArray, role: Role = .parameter, axes: [String] = []) {
    self.path = path
    self.array = array
    self.role = role
    self.axes = axes
  }
}

extension [StoredArray] {
  public subscript(path: String) -> HostArray? { first { $0.path == path }?.array }
  public var paths: [String] { map(\.path) }
}

/// Arrays in a group, one checksummed dataset each, under their dotted path.
enum ArrayGroup {
  /// The name of the one array whose path is empty: HDF5 has no empty names.
  static let rootName = "@"

  static func write(_ arrays: [StoredArray], to group: Group, file: String) throws {
    for stored in arrays {
      guard !stored.path.contains("/"), stored.path != ".", stored.path != rootName else {
        throw DataFileError(
          .refused, file: file, place: stored.path, found: "a path that HDF5 would read otherwise", expected: "names joined by dots",
          remedy: "rename the module or the parameter")
      }
      let array = stored.array
      let dataset = try group.createDataset(
        stored.path.isEmpty ? rootName : stored.path, array.elementType, shape: array.shape,
        storage: .checksummed(array.shape, array.elementType))
      try array.bytes.withUnsafeBytes { try dataset.writeBytes($0, as: array.elementType) }
      try dataset.attributes.write(stored.role.rawValue, to: "role")
      if array.elementType != .bool { try dataset.attributes.write("array", to: "encoding") }
      if !stored.axes.isEmpty { try dataset.attributes.write(stored.axes.joined(separator: ","), to: "axes") }
    }
  }

  /// The arrays directly in group `path`, in alphabetical order.
  static func read(_ tree: SafeTree, _ path: String) throws -> [StoredArray] {
    try tree.datasets(in: path).map { name, dataset in
      let attributes = dataset.attributes
      let role = try attributes.contains("role") ? attributes.string("role") : "parameter"
      guard let known = StoredArray.Role(rawValue: role) else {
        throw DataFileError(
          .inconsistent, file: tree.file.path, place: "/\(path)/\(name)@role", found: "\"\(role)\"", expected: "\"parameter\" or \"buffer\""
        )
      }
      let axes = try attributes.contains("axes") ? attributes.string("axes").split(separator: ",").map(String.init) : []
      return StoredArray(path: name == rootName ? "" : name, array: try HostArray(dataset), role: known, axes: axes)
    }
  }
}
