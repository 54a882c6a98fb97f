import Foundation
import Testing

/// The articles and what they show cannot drift apart: every block of Swift, and every expression in the column `here` of a
/// table, stands in the test file named after the article, where it is compiled and run.
@Suite struct ArticleTests {
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Articles")

  /// The read-me file and the pages of every catalogue.
  static let articles: [URL] = {
    let sources = FileManager.default.enumerator(at: package.appendingPathComponent("Sources"), includingPropertiesForKeys: nil)
    let pages = (sources?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "md" && $0.path.contains(".docc/") }
    return [package.appendingPathComponent("README.md")] + pages.sorted { $0.path < $1.path }
  }()

  static func name(_ file: URL) -> String { file.deletingPathExtension().lastPathComponent }

  static func lines(_ file: URL) throws -> [Substring] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test func everyTestFileHasAnArticle() throws {
    let files = try FileManager.default.contentsOfDirectory(at: ArticleTests.tests, includingPropertiesForKeys: nil)
    #expect(Set(files.map(ArticleTests.name)).isSubset(of: ArticleTests.articles.map(ArticleTests.name)))
    #expect(files.count >= 6)
  }

  @Test(arguments: articles.map(name)) func everyBlockIsCompiledAndRun(_ name: String) throws {
    let article = try Article(ArticleTests.lines(#require(ArticleTests.articles.first { ArticleTests.name($0) == name })))
    guard !article.blocks.isEmpty || !article.expressions.isEmpty else { return }
    let source = try ArticleTests.lines(ArticleTests.tests.appendingPathComponent("\(name).swift"))
    for block in article.blocks {
      #expect(contains(source, block), "this block of \(name).md is not in Articles/\(name).swift:\n\(block.joined(separator: "\n"))")
    }
    for expression in article.expressions {
      let isCompiled = source.contains { $0.contains(expression) }
      #expect(isCompiled, "'\(expression)' in a table of \(name).md is not in Articles/\(name).swift")
    }
  }

  /// Whether `source` has `block` in consecutive lines under one indentation. Imports may stand apart.
  private func contains(_ source: [Substring], _ block: [Substring]) -> Bool {
    let imports = block.prefix { $0.hasPrefix("import ") }
    guard imports.allSatisfy(source.contains) else { return false }
    let body = Array(block.dropFirst(imports.count).drop { $0.isEmpty })
    guard let first = body.first, source.count >= body.count else { return false }
    return (0...source.count - body.count).contains { start in
      guard source[start].hasSuffix(first) else { return false }
      let indentation = source[start].dropLast(first.count)
      guard indentation.allSatisfy({ $0 == " " }) else { return false }
      return zip(source[start...], body).allSatisfy { $0 == ($1.isEmpty ? "" : indentation + $1) }
    }
  }
}

/// What an article shows.
struct Article {
  /// The lines of each block of Swift.
  private(set) var blocks: [[Substring]] = []
  /// The code in the column `here` of its tables.
  private(set) var expressions: [Substring] = []

  init(_ lines: [Substring]) {
    var language: Substring?
    var column: Int?
    for line in lines {
      if line.hasPrefix("```") {
        language = language == nil ? line.dropFirst(3) : nil
        if language == "swift" { blocks.append([]) }
      } else if language == "swift" {
        blocks[blocks.count - 1].append(line)
      } else if line.hasPrefix("|") {
        let cells = Article.cells(line)
        if let column, column < cells.count {
          expressions += cells[column].split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 && !$0.element.isEmpty }.map(\.element)
        } else {
          column = column ?? cells.firstIndex { $0.filter { $0 != " " } == "here" } ?? cells.count
        }
      } else {
        column = nil
      }
    }
  }

  /// The cells of a row; a bar within code or after a backslash ends none.
  private static func cells(_ row: Substring) -> [Substring] {
    var cells: [Substring] = []
    var (start, isCode, isEscaped) = (row.startIndex, false, false)
    for index in row.indices {
      if row[index] == "`" { isCode.toggle() }
      if row[index] == "|" && !isCode && !isEscaped {
        cells.append(row[start..<index])
        start = row.index(after: index)
      }
      isEscaped = row[index] == "\\"
    }
    return cells
  }
}
