import Foundation

/// Files that come from users and strangers.
enum DataFiles {
  /// The file that `name` names: itself, or the newest checkpoint of a run folder.
  static func path(of name: String) throws(UserError) -> String {
    let path = FileAccess.absolute(name)
    guard FileAccess.isFolder(path) else { return path }
    return try RunFolder.existing(path).checkpoint(named: path)
  }

  /// The last part of the name after a dot, in lower case.
  static func suffix(of path: String) -> String { URL(fileURLWithPath: path).pathExtension.lowercased() }

  /// The folder that holds the file.
  static func folder(of path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

  /// At most `count` bytes of the start of the file.
  static func head(of path: String, _ count: Int) throws(UserError) -> [UInt8] {
    try requireFile(path)
    guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: count) else {
      throw FileAccess.failure(path, "cannot be read")
    }
    return Array(data)
  }

  private static func requireFile(_ path: String) throws(UserError) {
    guard FileAccess.exists(path) else { throw .failure("\(FileAccess.display(path)): no such file") }
    if FileAccess.isFolder(path) { throw .failure("\(FileAccess.display(path)): is a folder, expected a file") }
  }

  /// The whole file.
  static func contents(of path: String) throws(UserError) -> [UInt8] {
    try requireFile(path)
    guard let data = FileManager.default.contents(atPath: path) else { throw FileAccess.failure(path, "cannot be read") }
    return Array(data)
  }

  /// Text of a file without what could steer a terminal; line breaks and tabs stay.
  static func printable(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      result.append(isControl && scalar != "\n" && scalar != "\t" ? "\u{FFFD}" : scalar)
    }
    return String(result)
  }
}
