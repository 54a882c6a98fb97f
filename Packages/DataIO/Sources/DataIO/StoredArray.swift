import HDF5

/// A named array of a model, its moving average, or an optimiser: `layers.0.weight`.
public struct StoredArray: Sendable, Equatable {
  /// What training does to an array.
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
      let dataset = try array.writeChecksummed(to: stored.path.isEmpty ? rootName : stored.path, in: group)
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
      return StoredArray(
        path: name == rootName ? "" : name, array: try HostArray(dataset, isVerified: tree.isVerified), role: known, axes: axes)
    }
  }
}

extension HostArray {
  /// Arrays from this size on go past the library into a file in memory.
  private static let lentByteCount = 1 << 18

  /// Makes the dataset `name` in `group` of a file in memory, under fletcher32; a large array is not copied.
  func writeChecksummed(to name: String, in group: Group) throws -> Dataset {
    let storage = Storage.checksummed(shape, elementType)
    let dataset = try group.createDataset(name, elementType, shape: shape, storage: storage)
    guard let chunk = storage.chunk, bytes.count >= HostArray.lentByteCount, 1.littleEndian == 1 else {
      try bytes.withUnsafeBytes { try dataset.writeBytes($0, as: elementType) }
      return dataset
    }
    let chunkBytes = chunk.reduce(elementType.byteCount, *)
    let wholeCount = bytes.count / chunkBytes
    let checksums = Checksums(wholeCount)
    let bytes = bytes
    try Parallel.forEach(wholeCount, threads: Parallel.coreCount) { index in
      bytes.withUnsafeBytes {
        checksums.values[index] = ChunkFilters.fletcher32(
          UnsafeRawBufferPointer(rebasing: $0[index * chunkBytes..<(index + 1) * chunkBytes]))
      }
    }
    func lend(_ array: [UInt8], _ range: Range<Int>, _ checksum: UInt32, _ index: Int) throws {
      let trailer = withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
      try dataset.lendChunk(array, range, followedBy: trailer, at: [index * chunk[0]] + Array(repeating: 0, count: shape.count - 1))
    }
    for index in 0..<wholeCount { try lend(bytes, index * chunkBytes..<(index + 1) * chunkBytes, checksums.values[index], index) }
    if wholeCount * chunkBytes < bytes.count {
      // The last chunk is stored whole though the array ends inside it.
      let padding = repeatElement(UInt8(0), count: (wholeCount + 1) * chunkBytes - bytes.count)
      let last = Array(bytes[(wholeCount * chunkBytes)...]) + padding
      try lend(last, 0..<chunkBytes, last.withUnsafeBytes { ChunkFilters.fletcher32($0) }, wholeCount)
    }
    return dataset
  }

  /// One number a chunk, each written by one thread.
  private final class Checksums: @unchecked Sendable {
    let values: UnsafeMutableBufferPointer<UInt32>

    init(_ count: Int) {
      values = .allocate(capacity: count)
      values.initialize(repeating: 0)
    }

    deinit { values.deallocate() }
  }
}
