import Foundation

/// A Markdown file of sections in the order of their headings, some of which are written anew while the others stay.
struct SectionedDocument {
  private let path: String
  private let preface: String
  private var sections: [String: String] = [:]

  /// The sections of the file at `path`; none where there is no file.
  init(path: String, preface: String) throws(UserError) {
    self.path = path
    self.preface = preface
    let text = FileAccess.exists(path) ? try FileAccess.readText(path) : ""
    for part in "\n\(text)".components(separatedBy: "\n## ").dropFirst() {
      guard let heading = part.split(separator: "\n", maxSplits: 1).first else { continue }
      replace(String(heading), with: "## \(part)")
    }
  }

  /// `text` begins with its heading.
  mutating func replace(_ heading: String, with text: String) {
    sections[heading] = String(text.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// Writes the file and returns its path.
  func write() throws(UserError) -> String {
    let text = ([preface] + sections.sorted { $0.key < $1.key }.map(\.value)).joined(separator: "\n\n") + "\n"
    try FileAccess.createFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    try FileAccess.write(text, to: path)
    return path
  }
}
