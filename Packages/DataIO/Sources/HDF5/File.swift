import CHDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open HDF5 file. It closes when the last value that refers to it goes, or at `close`.
public struct File: Sendable {
  /// What may be done with an open file.
  public enum Access: Sendable { case readOnly, readWrite }

  let handle: Handle
  public let path: String
  public let root: Group

  /// Throws when `path` is missing, unreadable, not HDF5, or shorter than its header says; the C library is not asked.
  public static func checkSignature(_ path: String) throws { try Superblock.check(path) }

  /// Opens an existing file after checking its signature and length. Throws when another process keeps it locked.
  public static func open(_ path: String, _ access: Access = .readOnly) throws -> File {
    try Superblock.check(path)
    // A child process that a thread is just starting still has our descriptors, and so the lock of a file that was closed a moment ago.
    var pause: UInt32 = 1000
    while true {
      do { return try openOnce(path, access) } catch let error as HDF5Error where pause < 1_000_000 && "\(error)".contains("unable to lock")
      {
        usleep(pause)
        pause *= 3
      }
    }
  }

  private static func openOnce(_ path: String, _ access: Access) throws -> File {
    try Library.synchronized { _ in
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
      try MemoryDriver.use(in: access, Location(file: name))
      return try File(creating: H5Fcreate(name, chdf5_truncate(), timelessRoot(&scope, name), access), name)
    }
  }

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

  /// The bytes of a file created in memory as they would lie on disk, in their order; arrays whose chunks were lent are not copied.
  public func imagePieces() throws -> [ImagePiece] {
    try Library.synchronized(handle) { _, id in
      let location = Location(file: path)
      try check(H5Fflush(id, H5F_SCOPE_GLOBAL), "flush", location)
      let image = try MemoryDriver.image(of: id, location)
      guard image.end >= Superblock.byteCount else { throw HDF5Error.refused(location, reason: "it is empty") }
      var head = [UInt8](repeating: 0, count: Superblock.byteCount)
      try head.withUnsafeMutableBytes { bytes in
        guard image.read(bytes.baseAddress!, bytes.count, at: 0) else { throw HDF5Error.refused(location, reason: "its start is lent") }
      }
      Superblock.markClosed(&head)
      head.withUnsafeBytes { _ = image.write($0.baseAddress!, $0.count, at: 0) }
      return image.pieces()
    }
  }

  /// The bytes of a file created in memory, as they would lie on disk.
  public func image() throws -> [UInt8] {
    try imagePieces().reduce(into: []) { all, piece in piece.withUnsafeBytes { all.append(contentsOf: $0) } }
  }

  /// How many identifiers of this file are open: itself, groups, datasets, attributes and named types.
  public func openObjectCount() throws -> Int {
    try Library.synchronized(handle) { _, id in try check(chdf5_open_objects(id), "count open objects", Location(file: path)) }
  }

  /// Hands everything written so far to the system.
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
