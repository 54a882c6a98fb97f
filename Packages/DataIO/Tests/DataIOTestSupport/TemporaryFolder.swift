#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder that goes, with all it holds, when the value goes.
public final class TemporaryFolder {
  public let path: String

  public init() {
    var template = Array("/tmp/dataio-tests-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template)!)
  }

  public func file(_ name: String) -> String { path + "/" + name }

  deinit {
    for name in names(in: path) { unlink(file(name)) }
    rmdir(path)
  }
}

/// The whole file at `path`.
public func contents(of path: String) -> [UInt8] {
  let descriptor = open(path, O_RDONLY)
  precondition(descriptor >= 0, "cannot open \(path)")
  defer { close(descriptor) }
  let size = Int(lseek(descriptor, 0, SEEK_END))
  return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in count = pread(descriptor, buffer.baseAddress, size, 0) }
}

/// At most `count` bytes of the start of a file whose size nobody knows.
public func contents(of path: String, upTo count: Int) -> [UInt8] {
  let descriptor = open(path, O_RDONLY)
  precondition(descriptor >= 0, "cannot open \(path)")
  defer { close(descriptor) }
  return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    initialized = max(0, read(descriptor, buffer.baseAddress, count))
  }
}

/// Makes `bytes` the file at `path`.
public func put(_ bytes: some Collection<UInt8>, at path: String) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  precondition(descriptor >= 0, "cannot write \(path)")
  defer { close(descriptor) }
  let array = Array(bytes)
  precondition(write(descriptor, array, array.count) == array.count, "short write of \(path)")
}
