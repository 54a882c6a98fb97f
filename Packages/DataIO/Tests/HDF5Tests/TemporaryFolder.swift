#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder that goes, with all it holds, when the value goes.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/dataio-tests-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template)!)
  }

  func file(_ name: String) -> String { path + "/" + name }

  deinit {
    let remove = { (path: String) -> Void in _ = unlink(path) }
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { remove(path + "/" + name) }
      }
      closedir(folder)
    }
    rmdir(path)
  }
}

/// The whole file at `path`.
func contents(of path: String) -> [UInt8] {
  let descriptor = open(path, O_RDONLY)
  precondition(descriptor >= 0, "cannot open \(path)")
  defer { close(descriptor) }
  let size = Int(lseek(descriptor, 0, SEEK_END))
  return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in count = pread(descriptor, buffer.baseAddress, size, 0) }
}

/// Makes `bytes` the file at `path`.
func put(_ bytes: some Collection<UInt8>, at path: String) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  precondition(descriptor >= 0, "cannot write \(path)")
  defer { close(descriptor) }
  let array = Array(bytes)
  precondition(write(descriptor, array, array.count) == array.count, "short write of \(path)")
}
