import FlowctlKit
import Testing

@Suite struct TestCountingTests {
  private let passing = """
    Test Suite 'All tests' passed at 2026-01-01 00:00:00.000.
    \t Executed 0 tests, with 0 failures (0 unexpected) in 0.000 (0.000) seconds
    ◇ Test run started.
    ✔ Test a() passed after 0.001 seconds.
    ✔ Test run with 9 tests in 4 suites passed after 0.131 seconds.
    """
  private let failing = """
    ✘ Test b(_:) recorded an issue with 1 argument x → 1 at A.swift:9:5: Expectation failed: 1 == 2
    ✘ Test b(_:) with 7 test cases failed after 0.067 seconds with 1 issue.
    ✘ Test "named test" failed after 0.067 seconds with 2 issues.
    ✘ Suite S failed after 0.068 seconds with 1 issue.
    ✘ Test run with 9 tests in 4 suites failed after 0.131 seconds with 3 issues.
    """

  @Test func countsSwiftTests() {
    #expect(TestSummary.ofSwiftTest(passing) == TestSummary(passed: 9, failed: 0))
    #expect(TestSummary.ofSwiftTest(failing) == TestSummary(passed: 7, failed: 2))
    let both = "Executed 3 tests, with 1 failure (0 unexpected)\nExecuted 4 tests, with 1 failure (0 unexpected)\n" + passing
    #expect(TestSummary.ofSwiftTest("Executed 4 tests, with 1 failure (0 unexpected)\n") == TestSummary(passed: 3, failed: 1))
    #expect(TestSummary.ofSwiftTest(both) == TestSummary(passed: 9, failed: 0))
    #expect(TestSummary.ofSwiftTest("") == TestSummary(passed: 0, failed: 0))
  }

  @Test func countsUnittest() {
    #expect(TestSummary.ofUnittest("Ran 5 tests in 0.1s\n\nOK") == TestSummary(passed: 5, failed: 0))
    #expect(TestSummary.ofUnittest("Ran 5 tests in 0.1s\n\nFAILED (failures=1, errors=2, skipped=1)") == TestSummary(passed: 1, failed: 3))
  }

  @Test func noTestAtAllIsAFailure() {
    let none = TestOutcome.judge("g", summary: TestSummary(passed: 0, failed: 0), status: 0, seconds: 1)
    #expect(none.complaint == "no test ran" && none.summary.failed == 1)
    let crashed = TestOutcome.judge("g", summary: TestSummary(passed: 0, failed: 0), status: 1, seconds: 1)
    #expect(crashed.complaint == "ended with exit code 1" && crashed.summary.failed == 1)
    let good = TestOutcome.judge("g", summary: TestSummary(passed: 3, failed: 0), status: 0, seconds: 1)
    #expect(good.complaint.isEmpty)
  }

  @Test func theLastLineHasTheTotals() {
    let outcomes = [
      TestOutcome(group: "libraries", summary: TestSummary(passed: 7, failed: 0), seconds: 61, complaint: ""),
      TestOutcome(group: "tool", summary: TestSummary(passed: 2, failed: 1), seconds: 1.5, complaint: "1 failed"),
    ]
    #expect(
      TestRun.table(outcomes, notRun: ["not run: interoperability (needs python3 with numpy and h5py)"]) == """
        tests      passed  failed        time
        ---------  ------  ------  ----------  --------
        libraries       7       0  1 min 01 s
        tool            2       1       1.5 s  1 failed
        not run: interoperability (needs python3 with numpy and h5py)
        9 passed, 1 failed
        """)
  }

  @Test func onlyWhatMattersIsShown() {
    #expect(
      TestRun.matters("✘ Test b() failed after 1 seconds") && TestRun.matters("[3/9] Compiling X")
        && TestRun.matters("a.swift:1:2: error: no"))
    #expect(!TestRun.matters("✔ Test a() passed after 0.001 seconds.") && !TestRun.matters("◇ Test a() started."))
  }
}
