import CHDF5

/// How a dataset lies on disk.
public struct Storage: Sendable, Equatable {
  /// Extents of one chunk; nil stores the array in one contiguous block.
  public var chunk: [Int]?
  /// Deflate level 1 to 9; nil stores plain bytes.
  public var deflate: Int?
  /// Groups the bytes of equal significance before deflate.
  public var shuffle: Bool
  /// A checksum on every chunk, verified at each read.
  public var fletcher32: Bool
  /// Lets the first axis grow.
  public var extendable: Bool

  public init(chunk: [Int]?, deflate: Int? = nil, shuffle: Bool = false, fletcher32: Bool = false, extendable: Bool = false) {
    self.chunk = chunk
    self.deflate = deflate
    self.shuffle = shuffle
    self.fletcher32 = fletcher32
    self.extendable = extendable
  }

  public static let contiguous = Storage(chunk: nil)

  /// Chunks of whole rows of about `bytes`.
  public static func rowChunks(
    of shape: [Int], _ type: ElementType, bytes: Int = 1 << 17, deflate: Int? = nil, shuffle: Bool = false, fletcher32: Bool = false,
    extendable: Bool = false
  ) -> Storage {
    guard let first = shape.first, !shape.dropFirst().contains(0), first > 0 || extendable else { return .contiguous }
    let rowBytes = max(shape.dropFirst().reduce(type.byteCount, *), 1)
    let rows = max(1, min(extendable ? Int.max : first, bytes / rowBytes))
    return Storage(
      chunk: [rows] + shape.dropFirst(), deflate: deflate, shuffle: shuffle, fletcher32: fletcher32, extendable: extendable)
  }

  /// One checksummed layout for any array: chunks of about 1 MiB under fletcher32.
  /// Scalars and empty arrays cannot be chunked; a scalar lies in its checksummed header instead.
  public static func checksummed(_ shape: [Int], _ type: ElementType) -> Storage {
    rowChunks(of: shape, type, bytes: 1 << 20, fletcher32: true)
  }

  /// The creation properties. Call with the lock held.
  func properties(rank: Int, _ scope: inout Scope, _ location: Location) throws -> hid_t {
    let list = try scope.keep(H5Pcreate(chdf5_dataset_create_class()), H5Pclose, "describe the storage", location)
    // The same content gives the same bytes: no time stamps.
    try check(H5Pset_obj_track_times(list, false), "turn time stamps off", location)
    guard rank > 0 else {
      try check(H5Pset_layout(list, H5D_COMPACT), "choose compact storage", location)
      return list
    }
    guard let chunk else {
      guard deflate == nil, !shuffle, !fletcher32, !extendable else {
        throw HDF5Error.refused(location, reason: "filters and growth need chunks; give Storage(chunk:)")
      }
      return list
    }
    let extents = chunk.map(hsize_t.init)
    try check(H5Pset_chunk(list, Int32(extents.count), extents), "set chunks of \(chunk)", location)
    if shuffle { try check(H5Pset_shuffle(list), "turn shuffle on", location) }
    if let deflate { try check(H5Pset_deflate(list, UInt32(deflate)), "turn deflate on", location) }
    if fletcher32 { try check(H5Pset_fletcher32(list), "turn fletcher32 on", location) }
    return list
  }
}

/// How a stored dataset lies on disk, as far as a careful reader asks.
public struct StorageReport: Sendable, Equatable {
  /// How HDF5 places the elements in the file.
  public enum Layout: String, Sendable { case compact, contiguous, chunked, virtual, unknown }
  /// What HDF5 does to each chunk.
  public enum Filter: Sendable, Equatable {
    case deflate, shuffle, fletcher32
    case other(Int)
  }
  public var layout: Layout
  public var filters: [Filter]
  /// Number of raw files outside this one that hold the data.
  public var externalFileCount: Int
  /// Bytes the data takes in the file.
  public var storedByteCount: Int
}
