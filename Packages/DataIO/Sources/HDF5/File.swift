import CHDF5

/// An open HDF5 file. It closes when the last value that refers to it goes, or at `close`.
public struct File: Sendable {
  public enum Access: Sendable { case readOnly, readWrite }

  let handle: Handle
  public let path: String
  public let root: Group

  /// Throws when `path` is missing, unreadable, not HDF5, or shorter than its header says; the C library is not asked.
  public static func checkSignature(_ path: String) throws { try Superblock.check(path) }

  /// Opens an existing file after checking its signature and length.
  public static func open(_ path: String, _ access: Access = .readOnly) throws -> File {
    try Superblock.check(path)
    return try Library.synchronized { _ in
      let flags = access == .readOnly ? chdf5_read_only() : chdf5_read_write()
      return try File(owning: H5Fopen(path, flags, chdf5_default()), path, "open the file")
    }
  }

  /// Creates a file on disk; an existing one is an error unless `replacing`.
  public static func create(_ path: String, replacing: Bool = false) throws -> File {
    try Library.synchronized { scope in
      let access = try accessForCreation(&scope, path)
      let flags = replacing ? chdf5_truncate() : chdf5_exclusive()
      return try File(creating: H5Fcreate(path, flags, timelessRoot(&scope, path), access), path)
    }
  }

  /// Creates a file in memory; `image` gives its bytes. A full disk cannot leave it in a half-closed state.
  public static func createInMemory(named name: String = "memory") throws -> File {
    try Library.synchronized { scope in
      let access = try accessForCreation(&scope, name)
      try check(H5Pset_fapl_core(access, 1 << 20, false), "keep the file in memory", Location(file: name))
      // The library takes two files in memory for one when their names agree.
      memoryFileCount += 1
      let creation = try timelessRoot(&scope, name)
      return try File(creating: H5Fcreate("\(name) #\(memoryFileCount)", chdf5_truncate(), creation, access), name)
    }
  }

  /// Read and written under the library's lock only.
  private nonisolated(unsafe) static var memoryFileCount = 0

  private static func accessForCreation(_ scope: inout Scope, _ path: String) throws -> hid_t {
    let access = try scope.keep(H5Pcreate(chdf5_file_access_class()), H5Pclose, "describe the file", Location(file: path))
    try check(chdf5_use_plain_superblock(access), "choose the format", Location(file: path))
    return access
  }

  /// The root group without time stamps: the same contents give the same bytes whenever they are written.
  private static func timelessRoot(_ scope: inout Scope, _ path: String) throws -> hid_t {
    let creation = try scope.keep(H5Pcreate(chdf5_file_create_class()), H5Pclose, "describe the file", Location(file: path))
    try check(H5Pset_obj_track_times(creation, false), "turn time stamps off", Location(file: path))
    return creation
  }

  private init(creating id: hid_t, _ path: String) throws {
    try self.init(owning: id, path, "create the file")
    try check(chdf5_use_checksummed_metadata(id), "choose the format", Location(file: path))
  }

  private init(owning id: hid_t, _ path: String, _ action: String) throws {
    let location = Location(file: path)
    try check(id, action, location)
    handle = Handle(id, H5Fclose)
    self.path = path
    let group = try check(H5Gopen2(id, "/", chdf5_default()), "open the root group", location)
    root = Group(handle: Handle(group, H5Gclose), location: location)
  }

  /// Hands over the bytes of a file created in memory as they would lie on disk, uncopied: the head, and all that follows it.
  /// The library is not locked meanwhile; the file must not be used until `body` returns.
  public func withImage<R>(_ body: (_ head: [UInt8], _ rest: UnsafeRawBufferPointer) throws -> R) throws -> R {
    let image = try Library.synchronized(handle) { _, id in
      let location = Location(file: path)
      try check(H5Fflush(id, H5F_SCOPE_GLOBAL), "flush", location)
      let size = try check(H5Fget_file_image(id, nil, 0), "measure the file", location)
      // The handle of a file in memory is the place where the library keeps the address of its bytes.
      var place: UnsafeMutableRawPointer?
      try check(H5Fget_vfd_handle(id, chdf5_default(), &place), "find the file's bytes", location)
      guard let bytes = place?.load(as: UnsafeRawPointer?.self), size >= Superblock.byteCount else {
        throw HDF5Error.refused(location, reason: "it does not lie in memory")
      }
      return UnsafeRawBufferPointer(start: bytes, count: size)
    }
    return try withExtendedLifetime(handle) {
      var head = Array(image[..<Superblock.byteCount])
      Superblock.markClosed(&head)
      return try body(head, UnsafeRawBufferPointer(rebasing: image[Superblock.byteCount...]))
    }
  }

  /// The bytes of a file created in memory, as they would lie on disk.
  public func image() throws -> [UInt8] { try withImage { head, rest in head + rest } }

  /// How many identifiers of this file are open: itself, groups, datasets, attributes and named types.
  public func openObjectCount() throws -> Int {
    try Library.synchronized(handle) { _, id in try check(chdf5_open_objects(id), "count open objects", Location(file: path)) }
  }

  public func flush() throws {
    try Library.synchronized(handle) { _, id in
      _ = try check(H5Fflush(id, H5F_SCOPE_GLOBAL), "flush", Location(file: path))
    }
  }

  /// Closes the file now and reports what the last writes ran into. Objects of it must not be used afterwards.
  public func close() throws {
    try Library.synchronized { _ in
      try check(root.handle.closeNow(), "close the root group", Location(file: path))
      try check(handle.closeNow(), "close the file", Location(file: path))
    }
  }
}
