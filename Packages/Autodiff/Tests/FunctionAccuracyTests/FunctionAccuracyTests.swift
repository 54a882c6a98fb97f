import FunctionAccuracy
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Every function stays within its line of ULP.md, at the instruction set in use.
struct FunctionAccuracyTests {
  @Test(arguments: MeasuredFunction.all.map(\.title))
  func staysWithinItsPublishedError(title: String) throws {
    let function = try #require(MeasuredFunction.all.first { $0.title == title })
    let published = try #require(Self.published[title], "ULP.md has no line for \(title)")
    for float64 in hasDoubleReferences ? [false, true] : [false] {
      let largest = function.largestErrors(float64: float64, count: 20_000, levels: [])[0]
      let bound = float64 ? published.float64 : published.float32
      #expect(largest.units <= bound, "\(title), \(float64 ? "float64" : "float32"), at \(largest.argument)")
    }
  }

  @Test func nothingPublishedExceedsTwoUnitsButNearZeros() {
    for function in MeasuredFunction.all where !function.isAbsoluteBelowOne {
      let published = Self.published[function.title]
      #expect((published?.float32 ?? .infinity) <= 2 && (published?.float64 ?? .infinity) <= 2, "\(function.title)")
    }
  }

  /// The lines `| title | float32 | float64 |`.
  private static let published: [String: (float32: Double, float64: Double)] = {
    let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    var table: [String: (float32: Double, float64: Double)] = [:]
    for line in contents(of: here + "/ULP.md").split(separator: "\n") {
      let cells = line.split(separator: "|").map { $0.drop { $0 == " " } }.map { cell in
        String(cell.reversed().drop { $0 == " " }.reversed())
      }
      guard cells.count == 3, let single = Double(cells[1]), let double = Double(cells[2]) else { continue }
      table[cells[0]] = (single, double)
    }
    return table
  }()

  private static func contents(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var text = [UInt8](repeating: 0, count: 65_536)
    let count = fread(&text, 1, text.count, file)
    return String(decoding: text[..<count], as: UTF8.self)
  }
}
