/// One picture of a report: a complete SVG document with what a reader needs beside it.
public struct Figure: Sendable {
  /// File name without extension: `corner`.
  public let name: String
  public let title: String
  /// What is seen and how to read it, one or two sentences.
  public let caption: String
  public let svg: String

  public init(name: String, title: String, caption: String, svg: String) {
    self.name = name
    self.title = title
    self.caption = caption
    self.svg = svg
  }
}
