import Foundation

/// Files and folders, with the system's reason folded into one sentence.
public enum FileAccess {
  public static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// The path as a person in the current folder would write it.
  public static func display(_ path: String) -> String {
    let folder = FileManager.default.currentDirectoryPath + "/"
    let full = absolute(path)
    return full.hasPrefix(folder) ? String(full.dropFirst(folder.count)) : full
  }

  /// The last component without its extension.
  public static func stem(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }

  public static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  public static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Names in a folder, sorted; empty when there is no such folder.
  public static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// Paths of the files under a folder, at any depth, with that extension, sorted.
  public static func files(under folder: String, extension suffix: String) -> [String] {
    guard let walk = FileManager.default.enumerator(atPath: folder) else { return [] }
    return walk.compactMap { $0 as? String }.filter { $0.hasSuffix("." + suffix) }.sorted().map { "\(folder)/\($0)" }
  }

  public static func readText(_ path: String) throws(UserError) -> String {
    guard let text = String(validating: try readBytes(path), as: UTF8.self) else { throw .failure("\(display(path)): not UTF-8 text") }
    return text
  }

  static func readBytes(_ path: String) throws(UserError) -> [UInt8] {
    guard exists(path) else { throw .failure("\(display(path)): no such file") }
    if isFolder(path) { throw .failure("\(display(path)): is a folder, expected a file") }
    guard access(path, R_OK) == 0 else { throw failure(path, "cannot be read") }
    guard let data = FileManager.default.contents(atPath: path) else { throw .failure("\(display(path)): cannot be read") }
    return Array(data)
  }

  public static func createFolder(_ path: String) throws(UserError) {
    var parents: [String] = []
    var folder = absolute(path)
    while !exists(folder) {
      parents.append(folder)
      folder = URL(fileURLWithPath: folder).deletingLastPathComponent().path
    }
    for folder in parents.reversed() where mkdir(folder, 0o777) != 0 && errno != EEXIST {
      throw failure(path, "the folder cannot be made")
    }
    guard isFolder(path) else { throw .failure("\(display(path)): not a folder") }
  }

  /// Writes beside the file, flushes, and renames, so that a reader sees the old file or the new one and never half of one.
  public static func write(_ text: String, to path: String) throws(UserError) {
    let temporary = "\(path).partial-\(getpid())"
    do throws(UserError) {
      let file = try OutputFile(path: temporary, flags: O_WRONLY | O_CREAT | O_TRUNC, shownAs: path)
      try file.write(text)
      try file.synchronise()
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let reason = systemReason()
      unlink(temporary)
      throw .failure("\(display(path)): cannot be written: \(reason)")
    }
  }

  /// `path: what: reason`; the system's reason is read first, because naming the path asks the system too.
  static func failure(_ path: String, _ what: String) -> UserError {
    let reason = systemReason()
    return .failure("\(display(path)): \(what): \(reason)")
  }

  static func systemReason() -> String { String(cString: strerror(errno)).lowercased() }
}

/// A file descriptor that is written to and closed with its last reference.
package final class OutputFile {
  package let descriptor: Int32
  private let shownAs: String

  package init(path: String, flags: Int32, shownAs: String) throws(UserError) {
    self.shownAs = FileAccess.display(shownAs)
    descriptor = open(path, flags, 0o666)
    if descriptor < 0 { throw .failure("\(self.shownAs): cannot be written: \(FileAccess.systemReason())") }
  }

  deinit { close(descriptor) }

  package func write(_ text: String) throws(UserError) { try write(Array(text.utf8)) }

  /// Leaves the first `length` bytes.
  package func truncate(to length: Int) throws(UserError) {
    if ftruncate(descriptor, length) != 0 { throw .failure("\(shownAs): cannot be written: \(FileAccess.systemReason())") }
  }

  package func write(_ bytes: [UInt8]) throws(UserError) {
    var remaining = bytes[...]
    while !remaining.isEmpty {
      let count = remaining.withUnsafeBytes { bytes in posixWrite(descriptor, bytes.baseAddress, bytes.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { throw .failure("\(shownAs): cannot be written: \(FileAccess.systemReason())") }
      remaining = remaining.dropFirst(count)
    }
  }

  /// Waits until the data is on the disk.
  package func synchronise() throws(UserError) {
    if fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS {
      throw .failure("\(shownAs): cannot be written: \(FileAccess.systemReason())")
    }
  }
}

private func posixWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
  #else
    Darwin.write(descriptor, bytes, count)
  #endif
}
