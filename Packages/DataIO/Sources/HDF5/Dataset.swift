import CHDF5

/// An array in a file, row-major.
public struct Dataset: Sendable {
  let handle: Handle
  public let location: Location
  public let shape: [Int]
  let stored: StoredType

  public var attributes: Attributes { Attributes(handle: handle, location: location) }

  /// The numeric type, or nil for strings and for what this library does not read.
  public var elementType: ElementType? {
    switch stored {
    case .number(let type): type
    case .booleanEnumeration: .bool
    default: nil
    }
  }

  public var holdsStrings: Bool {
    switch stored {
    case .variableString, .fixedString: true
    default: false
    }
  }

  /// The stored type in words.
  public var typeDescription: String { stored.description }

  /// Takes over an open identifier. Call with the lock held.
  init(owning id: hid_t, _ location: Location) throws {
    handle = Handle(id, H5Dclose)
    self.location = location
    var scope = Scope()
    defer { scope.close() }
    let type = try scope.keep(H5Dget_type(id), H5Tclose, "read the type", location)
    let space = try scope.keep(H5Dget_space(id), H5Sclose, "read the shape", location)
    stored = StoredType(type)
    shape = try HDF5.shape(ofSpace: space, location)
  }

  /// All elements, or those of `selection`, widened to `E` where that loses nothing.
  public func read<E: Element>(_ type: E.Type = E.self, _ selection: Hyperslab? = nil) throws -> [E] {
    try transferring(E.elementType, selection) { count, transfer in try readElements(count: count, location, transfer) }
  }

  /// As `read`, giving the bytes of elements of `type` in native order.
  public func readBytes(as type: ElementType, _ selection: Hyperslab? = nil) throws -> [UInt8] {
    try transferring(type, selection) { count, transfer in
      let size = count * type.byteCount
      return try [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
        try HDF5.readBytes(into: UnsafeMutableRawBufferPointer(buffer), type, location, transfer)
        initialized = size
      }
    }
  }

  /// All strings, or those of `selection`, stored in either form.
  public func readStrings(_ selection: Hyperslab? = nil) throws -> [String] {
    try Library.synchronized(handle) { scope, id in
      let type = try scope.keep(H5Dget_type(id), H5Tclose, "read the type", location)
      let (memory, file) = try spaces(selection, id, &scope)
      let space = selection == nil ? try scope.keep(H5Dget_space(id), H5Sclose, "read the shape", location) : memory
      let count = try checkedCount(of: selection?.count ?? shape, elementBytes: max(H5Tget_size(type), 1), id)
      return try Strings.read(type: type, space: space, count: count, location) {
        H5Dread(id, $0, memory, file, chdf5_default(), $1)
      }
    }
  }

  /// Writes all elements, or those of `selection`.
  public func write<E: Element>(_ values: [E], _ selection: Hyperslab? = nil) throws {
    try values.withUnsafeBytes { try writeBytes($0, as: E.elementType, selection) }
  }

  /// Writes elements of `type` given by their bytes in native order.
  public func writeBytes(_ bytes: UnsafeRawBufferPointer, as type: ElementType, _ selection: Hyperslab? = nil) throws {
    let extents = selection?.count ?? shape
    guard let count = elementCount(of: extents), count * type.byteCount == bytes.count else {
      throw HDF5Error.wrongShape(location, found: extents, expected: "\(bytes.count / type.byteCount) elements, as many as are given")
    }
    guard case .number(let target) = stored, type == target || (type == .bool && target == .uint8) else {
      throw HDF5Error.wrongType(location, found: stored.description, expected: type.rawValue)
    }
    guard count > 0, let base = bytes.baseAddress else { return }
    try Library.synchronized(handle) { scope, id in
      let (memory, file) = try spaces(selection, id, &scope)
      try check(H5Dwrite(id, type.native, memory, file, chdf5_default(), base), "write", location)
    }
  }

  /// Writes strings into a dataset of strings.
  func writeStrings(_ values: [String]) throws {
    try Library.synchronized(handle) { scope, id in
      guard !values.isEmpty else { return }
      let type = try Strings.variableType(&scope, location)
      try Strings.withCStrings(values, location) { pointers in
        _ = try check(H5Dwrite(id, type, chdf5_all(), chdf5_all(), chdf5_default(), pointers), "write", location)
      }
    }
  }

  /// A dataset grown, or cut, to `rows` along its first axis.
  public func resized(rows: Int) throws -> Dataset {
    try Library.synchronized(handle) { _, id in
      let extents = ([rows] + Array(shape.dropFirst())).map { hsize_t($0) }
      try check(H5Dset_extent(id, extents), "resize to \(rows) rows", location)
      try check(H5Iinc_ref(id), "share the dataset", location)
      return try Dataset(owning: id, location)
    }
  }

  /// How the elements lie on disk.
  public func storage() throws -> StorageReport {
    try Library.synchronized(handle) { scope, id in
      let list = try scope.keep(H5Dget_create_plist(id), H5Pclose, "read the storage", location)
      let layout: StorageReport.Layout =
        switch H5Pget_layout(list) {
        case H5D_COMPACT: .compact
        case H5D_CONTIGUOUS: .contiguous
        case H5D_CHUNKED: .chunked
        case H5D_VIRTUAL: .virtual
        default: .unknown
        }
      let filterCount = try check(H5Pget_nfilters(list), "read the filters", location)
      let filters = try (0..<UInt32(filterCount)).map { index -> StorageReport.Filter in
        var flags: UInt32 = 0
        var valueCount = 0
        var configuration: UInt32 = 0
        let filter = try check(
          H5Pget_filter2(list, index, &flags, &valueCount, nil, 0, nil, &configuration), "read the filters", location)
        switch filter {
        case H5Z_FILTER_DEFLATE: return .deflate
        case H5Z_FILTER_SHUFFLE: return .shuffle
        case H5Z_FILTER_FLETCHER32: return .fletcher32
        default: return .other(Int(filter))
        }
      }
      let external = layout == .virtual ? 0 : try check(H5Pget_external_count(list), "read the storage", location)
      let bytes = layout == .virtual ? 0 : H5Dget_storage_size(id)
      return StorageReport(
        layout: layout, filters: filters, externalFileCount: Int(external), storedByteCount: Int(clamping: bytes))
    }
  }

  private func transferring<R>(
    _ wanted: ElementType, _ selection: Hyperslab?, _ body: (Int, (UnsafeMutableRawPointer) -> herr_t) throws -> R
  ) throws -> R {
    try Library.synchronized(handle) { scope, id in
      let type = try scope.keep(H5Dget_type(id), H5Tclose, "read the type", location)
      let memory = try memoryType(for: wanted, stored: stored, storedID: type, location)
      let (memorySpace, fileSpace) = try spaces(selection, id, &scope)
      let count = try checkedCount(of: selection?.count ?? shape, elementBytes: wanted.byteCount, id)
      return try body(count) { H5Dread(id, memory, memorySpace, fileSpace, chdf5_default(), $0) }
    }
  }

  private func spaces(_ selection: Hyperslab?, _ id: hid_t, _ scope: inout Scope) throws -> (memory: hid_t, file: hid_t) {
    guard let selection else { return (chdf5_all(), chdf5_all()) }
    let file = try scope.keep(H5Dget_space(id), H5Sclose, "read the shape", location)
    try select(selection, of: shape, in: file, location)
    return (try makeSpace(selection.count, &scope, location), file)
  }

  /// Throws for a shape that declares far more bytes, at `elementBytes` each, than the file stores.
  public func refuseShapeBomb(elementBytes: Int) throws {
    _ = try Library.synchronized(handle) { _, id in try checkedCount(of: shape, elementBytes: elementBytes, id) }
  }

  /// The number of elements to read, after refusing shapes that declare far more than the file stores.
  private func checkedCount(of extents: [Int], elementBytes: Int, _ id: hid_t) throws -> Int {
    // The size of a row counts too where there is none.
    guard let full = elementCount(of: extents.filter { $0 != 0 }), !full.multipliedReportingOverflow(by: elementBytes).overflow else {
      throw HDF5Error.refused(location, reason: "the shape \(extents) is absurd")
    }
    let count = extents.contains(0) ? 0 : full
    let declared = count * elementBytes
    guard declared > Dataset.unquestionedByteCount else { return count }
    let storedBytes = Int(clamping: H5Dget_storage_size(id))
    guard declared / Dataset.largestExpansion <= storedBytes else {
      throw HDF5Error.refused(location, reason: "it declares \(declared) bytes but stores \(storedBytes), a shape bomb")
    }
    return count
  }

  /// Arrays up to this size are read without comparing declared and stored sizes.
  public static let unquestionedByteCount = 1 << 20
  /// Deflate cannot shrink data more than 1032 times.
  public static let largestExpansion = 1100
}
