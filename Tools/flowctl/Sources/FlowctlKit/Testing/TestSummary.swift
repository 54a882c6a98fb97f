/// How many tests a test runner says it ran.
public struct TestSummary: Equatable, Sendable {
  public var passed: Int
  public var failed: Int

  public init(passed: Int, failed: Int) {
    self.passed = passed
    self.failed = failed
  }

  public var total: Int { passed + failed }

  /// Reads the output of `swift test`: the totals of XCTest and of Swift Testing together.
  public static func ofSwiftTest(_ output: String) -> TestSummary {
    var summary = TestSummary(passed: 0, failed: 0)
    var legacy = TestSummary(passed: 0, failed: 0)
    for line in output.split(separator: "\n") {
      if let run = line.firstMatch(of: /Test run with (\d+) tests?\b/) {
        summary.passed += Int(run.1) ?? 0
      } else if line.contains(#/^.\s+Test .+ failed after /#), !line.contains("Test run with") {
        summary.failed += 1
      } else if let run = line.firstMatch(of: /Executed (\d+) tests?, with (?:\d+ tests? skipped and )?(\d+) failures?/) {
        // Each enclosing suite repeats the count of what it holds; the last line is the whole.
        legacy = TestSummary(passed: (Int(run.1) ?? 0) - (Int(run.2) ?? 0), failed: Int(run.2) ?? 0)
      }
    }
    summary.passed = max(0, summary.passed - summary.failed)
    return TestSummary(passed: summary.passed + max(0, legacy.passed), failed: summary.failed + legacy.failed)
  }

  /// Reads the output of `python3 -m unittest`. Skipped tests count as neither.
  public static func ofUnittest(_ output: String) -> TestSummary {
    let ran = output.firstMatch(of: /Ran (\d+) tests? in/).flatMap { Int($0.1) } ?? 0
    func count(_ pattern: Regex<(Substring, Substring)>) -> Int { output.firstMatch(of: pattern).flatMap { Int($0.1) } ?? 0 }
    let failed = count(/failures=(\d+)/) + count(/errors=(\d+)/)
    return TestSummary(passed: max(0, ran - failed - count(/skipped=(\d+)/)), failed: failed)
  }
}
