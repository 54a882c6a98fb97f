import CHDF5

extension Dataset {
  /// Extents of one chunk; nil when the array does not lie in chunks.
  public func chunkShape() throws -> [Int]? {
    try Library.synchronized(handle) { scope, id in
      let list = try scope.keep(H5Dget_create_plist(id), H5Pclose, "read the storage", location)
      guard H5Pget_layout(list) == H5D_CHUNKED else { return nil }
      var extents = [hsize_t](repeating: 0, count: shape.count)
      try check(H5Pget_chunk(list, Int32(shape.count), &extents), "read the chunks", location)
      return try extents.map { extent in
        guard let value = Int(exactly: extent), value > 0 else {
          throw HDF5Error.refused(location, reason: "chunks of \(extents) are absurd")
        }
        return value
      }
    }
  }

  /// Whether the numbers lie in the file as they lie in memory, so that raw chunks need no conversion.
  public func isStoredInNativeOrder() throws -> Bool {
    guard case .number(let type) = stored else { return false }
    return try Library.synchronized(handle) { scope, id in
      let storedID = try scope.keep(H5Dget_type(id), H5Tclose, "read the type", location)
      return try check(H5Tequal(storedID, type.native), "compare types", location) > 0
    }
  }

  /// Puts the stored bytes of the chunk that begins at `offset` into `bytes`, filters not undone, and returns which filters it
  /// skipped, a bit each; nil when the chunk was never written. A chunk of more than `limit` bytes is refused.
  public func readRawChunk(at offset: [Int], into bytes: inout [UInt8], limit: Int) throws -> UInt32? {
    try Library.synchronized(handle) { _, id in
      let start = offset.map(hsize_t.init)
      var size: hsize_t = 0
      try check(H5Dget_chunk_storage_size(id, start, &size), "measure the chunk at \(offset)", location)
      guard size > 0 else { return nil }
      guard size <= hsize_t(limit) else {
        throw HDF5Error.refused(location, reason: "the chunk at \(offset) takes \(size) bytes, more than the \(limit) it may")
      }
      var skipped: UInt32 = 0
      bytes = try [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, initialized in
        try check(chdf5_read_chunk(id, start, &skipped, buffer.baseAddress, Int(size)), "read the chunk at \(offset)", location)
        initialized = Int(size)
      }
      return skipped
    }
  }

  /// The system's descriptor of the file; nil where another driver than that for plain files reads it.
  public func descriptor() throws -> Int32? {
    try Library.synchronized(handle) { scope, id in
      let file = try scope.keep(H5Iget_file_id(id), H5Fclose, "find the file", location)
      guard chdf5_driver(file) == chdf5_plain_driver() else { return nil }
      var place: UnsafeMutableRawPointer?
      try check(H5Fget_vfd_handle(file, chdf5_default(), &place), "find the descriptor", location)
      return place?.load(as: Int32.self)
    }
  }

  /// Where the chunk that begins at `offset` lies in the file, as it is stored, and which filters it skipped, a bit each; nil when it was
  /// never written, or the library cannot tell.
  public func chunkPlace(at offset: [Int]) throws -> (address: Int, byteCount: Int, skipped: UInt32)? {
    try Library.synchronized(handle) { _, id in
      var skipped: UInt32 = 0
      var address = chdf5_no_address()
      var size: hsize_t = 0
      try check(
        chdf5_chunk_place(id, offset.map(hsize_t.init), &skipped, &address, &size), "find the chunk at \(offset)", location)
      guard address != chdf5_no_address(), let place = Int(exactly: address), let count = Int(exactly: size) else { return nil }
      return (place, count, skipped)
    }
  }

  /// Puts the stored bytes of the chunk that begins at `offset` into a file created in memory: `range` of `array`, which is not copied,
  /// and `rest`, which follows it.
  public func lendChunk(_ array: [UInt8], _ range: Range<Int>, followedBy rest: [UInt8], at offset: [Int]) throws {
    try Library.synchronized(handle) { scope, id in
      let file = try scope.keep(H5Iget_file_id(id), H5Fclose, "find the file", location)
      let isWhole = try MemoryDriver.image(of: file, location).lending(array, range, rest) { token in
        try check(
          H5Dwrite_chunk(id, chdf5_default(), 0, offset.map(hsize_t.init), range.count + rest.count, token),
          "write the chunk at \(offset)", location)
      }
      guard isWhole else { throw HDF5Error.failed("write the chunk at \(offset)", location, reason: "the library changed it on its way") }
    }
  }
}
