#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file system of 64 KiB in memory; it can be mounted by root only.
public final class TinyDisk {
  public let path: String
  private let folder = TemporaryFolder()

  public init?() {
    path = folder.file("disk")
    #if os(Linux)
      guard mkdir(path, 0o755) == 0 else { return nil }
      guard mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0 else {
        rmdir(path)
        return nil
      }
    #else
      return nil
    #endif
  }

  /// From here on nothing can be written, whoever asks.
  public func makeReadOnly() {
    #if os(Linux)
      precondition(mount(nil, path, nil, UInt(MS_REMOUNT | MS_RDONLY), nil) == 0, "cannot remount \(path)")
    #endif
  }

  /// Whether this process may mount one.
  public static let isAvailable: Bool = TinyDisk() != nil

  deinit {
    #if os(Linux)
      umount2(path, Int32(MNT_DETACH))
      rmdir(path)
    #endif
  }
}

/// Whether permissions bind this process; they do not bind root.
public let permissionsBind = geteuid() != 0

/// The names in a folder, hidden ones included.
public func names(in folder: String) -> [String] {
  var names: [String] = []
  guard let stream = opendir(folder) else { return names }
  defer { closedir(stream) }
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}
