import FlowctlKit
import Testing

@Suite struct RunComparisonTests {
  /// A finished run of the double, with its report.
  private func finished(_ folder: TemporaryFolder, _ name: String, steps: Int, set overrides: [Override]) throws -> RunSummary {
    let resolved = try RecipeFile.resolve(
      name: "double", text: "{\"training\": {\"steps\": \(steps)}}", source: "double.json", overrides: overrides)
    let context = ExperimentContext(workspaceFolder: folder.path, threads: 1)
    let session = try RunSession.start(resolved, out: "\(folder.path)/\(name)", context: context, arguments: []) { _, _ in
      DampedOscillator()
    }
    _ = try session.train(display: silence(steps), stopSignal: { nil })
    _ = try session.report()
    return try RunSummary("\(folder.path)/\(name)")
  }

  @Test func showsWhatDiffersAndWhatCameOut() throws {
    let folder = TemporaryFolder()
    let short = try finished(folder, "short", steps: 10, set: [])
    let long = try finished(folder, "long", steps: 200, set: [Override(key: "optimizer.learningRate", text: "0.5")])
    let comparison = RunComparison([short, long])
    #expect(comparison.differingKeys == ["training.steps", "optimizer.learningRate"])
    #expect(comparison.quantities == ["distance from rest", "steps"])
    let rows = comparison.rows
    #expect(rows.contains(["training.steps", "10", "200"]) && rows.contains(["steps", "10 ✓", "200 ✓"]))
    #expect(rows.contains(["steps", "complete", "complete"]) && rows.contains { $0[0] == "targets met" && $0[2] == "2 of 2" })
    #expect(comparison.text.contains("optimizer.learningRate"))
    #expect(comparison.page.contains("2 runs side by side") && comparison.page.components(separatedBy: "<svg xmlns").count == 3)
    #expect(comparison.text.split(separator: "\n")[0].split(separator: " ") == ["short", "long"])
    #expect(RunSummary.all(below: folder.path).map(\.steps) == [200, 10])
  }

  @Test func aRunWithoutReportIsListedAsFarAsItCame() throws {
    let folder = TemporaryFolder()
    _ = try makeRun(folder, steps: 5)
    let summary = try RunSummary(folder.path + "/run")
    #expect(summary.verdict == nil && summary.figures.isEmpty && summary.recordedSteps == 0 && summary.state.hasPrefix("step 0 of"))
    let found = complaint { _ = try RunSummary(folder.path) }
    #expect(
      found?.sentence
        == "\(folder.path): not a run folder: it has no recipe.json; give one of the runs in it, for instance \(folder.path)/run")
  }
}
