import Foundation

/// What a recipe costs on this machine, found by taking its first steps without keeping them.
package struct CostEstimate {
  package let facts: [(name: String, value: String)]
  /// Building the experiment: reading data, first parameters.
  package let buildSeconds: Double
  /// The first step, which compiles the program.
  package let firstSeconds: Double
  package let steps: Int
  /// Steps after the first that were timed; none where the first took all the time there was.
  package let measuredSteps: Int
  package let measuredSeconds: Double
  /// The most memory that this process held, in bytes.
  package let residentBytes: Int
  package let threads: Int

  /// Takes steps for about `budget` seconds, at least one and at most `limit` after it.
  package static func measure(
    _ resolved: ResolvedRecipe, _ context: ExperimentContext, budget: Double = 3, limit: Int = 200,
    builder: ExperimentBuilder = ExperimentCatalogue.build
  ) throws -> CostEstimate {
    let start = ProgressDisplay.wallSeconds()
    let experiment = try builder(resolved, context)
    let built = ProgressDisplay.wallSeconds()
    _ = try experiment.advance()
    let first = ProgressDisplay.wallSeconds()
    var last = first
    let steps = resolved.recipe.training.steps
    while last - built < budget, experiment.completedSteps <= limit, experiment.completedSteps < steps {
      _ = try experiment.advance()
      last = ProgressDisplay.wallSeconds()
    }
    return CostEstimate(
      facts: experiment.facts, buildSeconds: built - start, firstSeconds: first - built, steps: steps,
      measuredSteps: experiment.completedSteps - 1, measuredSeconds: last - first, residentBytes: peakResidentBytes(),
      threads: context.threads)
  }

  package var stepsPerSecond: Double {
    measuredSteps > 0 ? Double(measuredSteps) / measuredSeconds : 1 / firstSeconds
  }

  /// One line per figure, each with where it is from.
  package var text: String {
    let hands = threads == 1 ? "1 thread" : "\(threads) threads"
    let rate =
      measuredSteps > 0
      ? "measured on \(measuredSteps) step\(measuredSteps == 1 ? "" : "s") with \(hands)"
      : "measured on the first step alone, with \(hands)"
    let whole = Double(steps - 1) / stepsPerSecond + firstSeconds
    let rows =
      facts + [
        (
          "start",
          "\(Formatting.duration(buildSeconds)) to read data and make the model, \(Formatting.duration(firstSeconds)) for the first step"
        ),
        ("rate", "\(Formatting.number(stepsPerSecond, digits: 3)) steps a second, \(rate)"),
        ("whole run", "\(steps) steps in about \(Formatting.duration(whole)), evaluation and report not counted"),
        ("memory", "\(Formatting.bytes(residentBytes)), the most that this process held while it was measured"),
      ]
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }.joined(separator: "\n")
  }

  private static func peakResidentBytes() -> Int {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #else
      getrusage(RUSAGE_SELF.rawValue, &usage)
      return usage.ru_maxrss * 1024
    #endif
  }
}
