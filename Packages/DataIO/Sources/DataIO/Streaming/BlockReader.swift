import CDigest
import HDF5

/// Reads blocks of whole rows of one dataset into memory; safe to use from several threads.
///
/// Where a block is a chunk of the file, its stored bytes are fetched raw and decoded by the calling thread; otherwise the library reads
/// it, one thread at a time.
struct BlockReader: Sendable {
  let dataset: Dataset
  let elementType: ElementType
  let rowBytes: Int
  /// Rows of a chunk, where raw chunks can be decoded here.
  let chunkRows: Int?
  private let filters: ChunkFilters?
  /// Of the file, where chunks hold the numbers as they are in memory, with or without a checksum behind them.
  private let descriptor: Int32?
  private let isVerified: Bool

  /// `isVerified`: the bytes of the file have been checked already.
  init(_ dataset: Dataset, isVerified: Bool = false) throws {
    self.isVerified = isVerified
    guard let type = try HostArray.storedType(of: dataset) else {
      throw HDF5Error.wrongType(dataset.location, found: dataset.typeDescription, expected: "numbers or booleans")
    }
    try dataset.refuseShapeBomb(elementBytes: type.byteCount)
    guard !dataset.shape.isEmpty, let rowBytes = byteCount(of: Array(dataset.shape.dropFirst()), type.byteCount) else {
      throw HDF5Error.wrongShape(dataset.location, found: dataset.shape, expected: "rows along the first axis")
    }
    self.dataset = dataset
    elementType = type
    self.rowBytes = rowBytes
    let report = try dataset.storage()
    let chunk = try dataset.chunkShape()
    let decoder = ChunkFilters(report.filters, elementBytes: type.byteCount)
    let isWholeRows = chunk.map { $0.dropFirst().elementsEqual(dataset.shape.dropFirst()) } ?? false
    let isSmall = (chunk.flatMap { byteCount(of: $0, type.byteCount) } ?? .max) <= StreamColumns.largestBlock
    if let chunk, let decoder, isWholeRows, isSmall, type != .bool, try dataset.isStoredInNativeOrder() {
      chunkRows = chunk[0]
      filters = decoder
      descriptor = decoder.filters.isEmpty || decoder.filters == [.fletcher32] ? try dataset.descriptor() : nil
    } else {
      chunkRows = nil
      filters = nil
      descriptor = nil
    }
  }

  /// Fills `target` with `rows`.
  func read(_ rows: Range<Int>, into target: UnsafeMutableRawBufferPointer) throws {
    precondition(target.count == rows.count * rowBytes, "BlockReader: \(target.count) bytes for \(rows.count) rows of \(rowBytes)")
    if let chunkRows, let filters, rows.lowerBound % chunkRows == 0, rows.count <= chunkRows,
      try readChunk(rows, chunkRows, filters, target)
    {
      return
    }
    let bytes = try dataset.readBytes(as: elementType, Hyperslab(rows: rows, of: dataset.shape))
    bytes.withUnsafeBytes { target.copyMemory(from: $0) }
  }

  /// Arrays from this size on are read chunk by chunk, on all cores.
  private static let largeByteCount = 1 << 21

  /// All bytes of `dataset`.
  static func bytes(of dataset: Dataset, _ type: ElementType, isVerified: Bool) throws -> [UInt8] {
    let size = byteCount(of: dataset.shape, type.byteCount)
    guard let size, size >= largeByteCount, let reader = try? BlockReader(dataset, isVerified: isVerified), let chunkRows = reader.chunkRows
    else {
      return try dataset.readBytes(as: type)
    }
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      nonisolated(unsafe) let target = UnsafeMutableRawBufferPointer(buffer)
      cdigest_prefer_large_pages(target.baseAddress, target.count)
      let rows = dataset.shape[0]
      try Parallel.forEach((rows - 1) / chunkRows + 1, threads: Parallel.coreCount) { chunk in
        let part = chunk * chunkRows..<min((chunk + 1) * chunkRows, rows)
        let bytes = part.lowerBound * reader.rowBytes..<part.upperBound * reader.rowBytes
        try reader.read(part, into: UnsafeMutableRawBufferPointer(rebasing: target[bytes]))
      }
      initialized = size
    }
  }

  /// False when the chunk was never written, so that the library's fill value counts.
  private func readChunk(
    _ rows: Range<Int>, _ chunkRows: Int, _ filters: ChunkFilters, _ target: UnsafeMutableRawBufferPointer
  ) throws -> Bool {
    let start = [rows.lowerBound] + Array(repeating: 0, count: dataset.shape.count - 1)
    let chunkBytes = chunkRows * rowBytes
    if let descriptor, chunkBytes == target.count, let place = try dataset.chunkPlace(at: start), place.skipped == 0 {
      let trailer = filters.filters.isEmpty ? 0 : 4
      if place.byteCount == chunkBytes + trailer {
        try RawFile.read(descriptor, at: place.address, into: target, dataset.location.file)
        if trailer > 0 && !isVerified {
          var checksum: UInt32 = 0
          try withUnsafeMutableBytes(of: &checksum) {
            try RawFile.read(descriptor, at: place.address + chunkBytes, into: $0, dataset.location.file)
          }
          guard UInt32(littleEndian: checksum) == ChunkFilters.fletcher32(UnsafeRawBufferPointer(target)) else {
            throw damaged(rows, ChunkFilters.wrongChecksum)
          }
        }
        return true
      }
    }
    var stored: [UInt8] = []
    // Deflate adds a few bytes to what it cannot shrink.
    guard let skipped = try dataset.readRawChunk(at: start, into: &stored, limit: chunkBytes + chunkBytes / 8 + 1024) else { return false }
    let problem: String? = stored.withUnsafeBytes { bytes in
      if chunkBytes == target.count { return filters.decode(bytes, skipped: skipped, into: target) }
      // The last chunk is stored whole though the array ends inside it.
      let whole = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkBytes, alignment: 16)
      defer { whole.deallocate() }
      let problem = filters.decode(bytes, skipped: skipped, into: whole)
      if problem == nil { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: whole[..<target.count])) }
      return problem
    }
    if let problem { throw damaged(rows, problem) }
    return true
  }

  private func damaged(_ rows: Range<Int>, _ found: String) -> DataFileError {
    DataFileError(
      .damaged, file: dataset.location.file, place: "\(dataset.location.object), rows \(rows.lowerBound) to \(rows.upperBound - 1)",
      found: found, expected: "the bytes that were written", remedy: "get the file again")
  }
}
