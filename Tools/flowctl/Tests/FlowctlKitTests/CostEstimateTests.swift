import FlowctlKit
import Testing

@Suite struct CostEstimateTests {
  private func cost(steps: Int, budget: Double) throws -> CostEstimate {
    let overrides = [Override(key: "training.steps", text: "\(steps)")]
    let resolved = try RecipeFile.resolve(name: "double", text: "{}", source: "d.json", overrides: overrides)
    return try CostEstimate.measure(resolved, ExperimentContext(workspaceFolder: "/", threads: 1), budget: budget, limit: 50) { _, _ in
      DampedOscillator()
    }
  }

  @Test func itSaysWhatWasMeasured() throws {
    let long = try cost(steps: 1_000_000, budget: 60)
    #expect(long.measuredSteps == 50 && long.stepsPerSecond > 1000 && long.residentBytes > 1_000_000)
    #expect(long.text.hasPrefix("parameters  3\n") && long.text.contains("measured on 50 steps with 1 thread"))
    #expect(try cost(steps: 3, budget: 60).measuredSteps == 2)
    let alone = try cost(steps: 100, budget: 0)
    #expect(alone.measuredSteps == 0 && alone.text.contains("measured on the first step alone"))
  }
}
