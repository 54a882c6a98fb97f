import Autodiff
import DataIO
import Foundation
import Testing

@testable import FlowctlKit

/// Two columns that depend on each other, 60 rows.
private func rows(_ count: Int = 60) -> [[Double]] {
  (0..<count).map { row in
    let t = Double(row)
    return [10 + 3 * sin(1.7 * t), 100 + 5 * cos(1.7 * t) + sin(2.9 * t)]
  }
}

private func csv(_ names: [String], _ rows: [[Double]]) -> String {
  ([names.joined(separator: ",")] + rows.map { row in row.map { "\($0)" }.joined(separator: ",") }).joined(separator: "\n") + "\n"
}

private func experiment(_ path: String, _ extra: String = "", architecture: String = "ff-glow", steps: Int = 30) throws -> any Experiment {
  let text = """
    { "title": "t", "reference": "r", "experiment": "table-density", "seed": 3,
      "training": { "steps": \(steps), "batchSize": 20 }, "optimizer": { "learningRate": 0.01 },
      "model": { "architecture": "\(architecture)", "layers": 2, "points": 12, "hidden": [8], "bins": 4 },
      "stopping": { "validationEvery": 5 }, "data": { "path": "\(path)"\(extra) } }
    """
  let resolved = try RecipeFile.resolve(name: "t", text: text, source: "t.json")
  return try ExperimentCatalogue.build(resolved, ExperimentContext(workspaceFolder: workspaceFolder, threads: 1))
}

struct KernelFlowExperimentTests {
  private let folder = TemporaryFolder()

  private func sentence(_ text: String, _ extra: String = "") throws -> String {
    try folder.write(text, to: "table.csv")
    let found = complaint { _ = try experiment("\(folder.path)/table.csv", extra) }
    return try #require(found).sentence
  }

  @Test func constantAndEqualColumnsAreNamed() throws {
    let constant = csv(["a", "b", "c"], rows().map { $0 + [4] })
    #expect(
      try sentence(constant).contains(
        "column 'c' is constant in the training rows, so it has no density; leave it out with --set data.drop=c"))
    let equal = csv(["a", "b", "twin"], rows().map { $0 + [$0[0]] })
    #expect(try sentence(equal).contains("columns 'a' and 'twin' are equal in every training row"))
    try folder.write(constant, to: "table.csv")
    #expect(try experiment("\(folder.path)/table.csv", ", \"drop\": \"c\"").facts.contains { $0 == ("columns", "2") })
    #expect(try sentence(constant, ", \"drop\": \"bb\"").contains("has no column 'bb'"))
  }

  /// A checkpoint says how its columns were standardised, and is not loaded beside a table that would be standardised otherwise.
  @Test func standardisationIsSaved() throws {
    let (path, checkpoint) = (folder.path + "/table.csv", folder.path + "/a.h5")
    try folder.write(csv(["a", "b"], rows()), to: "table.csv")
    let run = try experiment(path)
    _ = try run.advance()
    try run.saveCheckpoint(to: checkpoint)
    let scaling = try #require(try CheckpointFile(contentsOf: checkpoint).data?.scaling)
    // The first column is 10 + 3 sin, the second about 100 + 5 cos.
    #expect(abs(scaling.mean[0] - 10) < 1 && abs(scaling.mean[1] - 100) < 1)
    #expect(abs(scaling.deviation[0] - 3 / 2.0.squareRoot()) < 0.3 && abs(scaling.deviation[1] - 5 / 2.0.squareRoot()) < 0.5)
    let resumed = try experiment(path)
    try resumed.restoreCheckpoint(from: checkpoint)
    let (ours, theirs) = (try run.sample(count: 500, seed: 1), try resumed.sample(count: 500, seed: 1))
    #expect(ours.values == theirs.values)
    // Draws are in the units of the table, near its moments, whatever the flow has learned in one step.
    for column in 0..<2 {
      let values = ours.column(column)
      #expect(abs(values.reduce(0, +) / 500 - scaling.mean[column]) < scaling.deviation[column])
    }
    try folder.write(csv(["a", "b"], rows().map { [$0[0], 2 * $0[1]] }), to: "table.csv")
    let other = try experiment(path)
    #expect(complaint { try other.restoreCheckpoint(from: checkpoint) }?.sentence.contains("other means or deviations") == true)
  }

  @Test func textInAColumnIsNamed() throws {
    let text = csv(["a", "b"], rows()).replacing("\n10.0,", with: "\nhigh,")
    let found = try sentence(text)
    #expect(found.contains("line 2, column 1 (a)") && found.contains("'high'") && found.contains("expected a finite number"), "\(found)")
  }

  @Test func incompleteRowsAreCountedAndRefusedUnlessDropped() throws {
    var table = rows()
    table[7][1] = .nan
    table[9][0] = .infinity
    let text = csv(["a", "b"], table)
    #expect(try sentence(text).contains("2 rows hold a missing or infinite number, the first is line 9"))
    try folder.write(text, to: "table.csv")
    let section = {
      var section = TableDataSection()
      section.dropIncomplete = true
      return section
    }()
    let data = try DensityData.table(section, path: "\(folder.path)/table.csv", key: Key(seed: 1))
    #expect(data.warnings.count == 1 && data.warnings[0].contains("left out 2 rows with missing or infinite numbers"))
    let kept = try experiment("\(folder.path)/table.csv", ", \"dropIncomplete\": true")
    #expect(kept.facts.contains { $0 == ("training rows", "48") })
  }

  @Test func oneColumnIsRefused() throws {
    #expect(try sentence(csv(["a"], rows().map { [$0[0]] })).contains("rows have 1 column, expected at least 2"))
  }

  @Test func thereAreNoMorePointsThanRows() throws {
    try folder.write(csv(["a", "b"], rows(20)), to: "table.csv")
    // 17 training rows with batches of 20 are refused by name; with 10 rows there are 10 points.
    #expect(complaint { _ = try experiment("\(folder.path)/table.csv") }?.sentence.contains("training.batchSize is 20") == true)
    try folder.write(csv(["a", "b"], rows()), to: "table.csv")
    let few = try experiment("\(folder.path)/table.csv", ", \"rows\": 20")
    #expect(few.facts.contains { $0 == ("training rows", "20") })
  }

  @Test(arguments: ["ff-realnvp", "ff-glow", "ff-spline", "realnvp", "glow", "neural-spline", "maf"])
  func resumedTrainingIsUninterruptedTraining(_ architecture: String) throws {
    try folder.write(csv(["a", "b"], rows()), to: "table.csv")
    let make = { try experiment("\(folder.path)/table.csv", architecture: architecture) }
    let whole = try make()
    let losses = try (0..<20).map { _ in try whole.advance()[0] }
    let first = try make()
    for _ in 0..<10 { _ = try first.advance() }
    try first.saveCheckpoint(to: "\(folder.path)/c.h5")
    let second = try make()
    try second.restoreCheckpoint(from: "\(folder.path)/c.h5")
    #expect(try (0..<10).map { _ in try second.advance()[0] } == Array(losses[10...]))
    let points = [10.0, 100, 12, 97]
    #expect(try second.logDensities(points, names: ["a", "b"]) == whole.logDensities(points, names: ["a", "b"]))
    #expect(try second.sample(count: 5, seed: 1).values == whole.sample(count: 5, seed: 1).values)
  }

  @Test func densityIntegratesToOneInUnitsOfTheData() throws {
    try folder.write(csv(["a", "b"], rows()), to: "table.csv")
    let run = try experiment("\(folder.path)/table.csv")
    for _ in 0..<20 { _ = try run.advance() }
    let (nodes, width) = (160, 0.4)
    let offset = { (place: Int) -> Double in (Double(place) - 79.5) * width }
    let grid = (0..<nodes * nodes).flatMap { (node: Int) -> [Double] in [10 + offset(node % nodes), 100 + offset(node / nodes)] }
    let mass = try run.logDensities(grid, names: ["a", "b"]).reduce(0) { $0 + exp($1) } * width * width
    #expect(abs(mass - 1) < 0.02, "\(mass)")
    let evaluation = try run.evaluate()
    #expect(evaluation.comparisons.contains { $0.quantity == "log likelihood per test row, nats" && $0.ours.isFinite })
    #expect(try run.figures().map(\.name) == ["samples", "density"])
    #expect(
      complaint { _ = try run.logDensities([1, 2, 3], names: ["a", "b", "c"]) }?.sentence.contains(
        "the rows have 3 columns, expected the 2") == true)
  }

  @Test func comparisonCountsItsTrainings() throws {
    try folder.write(csv(["a", "b"], rows(200)), to: "table.csv")
    let text = { (steps: Int) in
      """
      { "title": "t", "reference": "r", "experiment": "density-comparison", "training": { "steps": \(steps) },
        "comparison": { "tables": "\(folder.path)/table.csv", "models": "ff-realnvp,realnvp", "rows": 100, "seeds": 2 },
        "kernel": { "model": { "layers": 2, "points": 10 }, "steps": 20 },
        "neural": { "model": { "layers": 2, "hidden": [64, 64] }, "steps": 20 } }
      """
    }
    let context = ExperimentContext(workspaceFolder: workspaceFolder, threads: 1)
    let wrong = complaint { _ = try ExperimentCatalogue.build(RecipeFile.resolve(name: "t", text: text(5), source: "t"), context) }
    #expect(wrong?.sentence.contains("training.steps is 5, but there are 4 trainings") == true)
    let run = try ExperimentCatalogue.build(RecipeFile.resolve(name: "t", text: text(4), source: "t"), context)
    let metrics = try (0..<4).map { _ in try run.advance() }
    #expect(metrics.allSatisfy { $0.allSatisfy { $0.isFinite } } && metrics[0][2] * 10 < metrics[1][2])
    try run.saveCheckpoint(to: "\(folder.path)/c.h5")
    let again = try ExperimentCatalogue.build(RecipeFile.resolve(name: "t", text: text(4), source: "t"), context)
    try again.restoreCheckpoint(from: "\(folder.path)/c.h5")
    let (first, second) = (try run.evaluate(), try again.evaluate())
    #expect(first.comparisons.map(\.ours) == second.comparisons.map(\.ours) && first.remarks == second.remarks)
    #expect(first.remarks.contains { $0.contains("spread over seeds") })
    #expect(abs(first.comparisons[0].ours + (metrics[0][0] + metrics[2][0]) / 2) < 1e-12)
  }

  private func build(_ text: String) throws -> any Experiment {
    let context = ExperimentContext(workspaceFolder: workspaceFolder, threads: 1)
    return try ExperimentCatalogue.build(RecipeFile.resolve(name: "t", text: text, source: "t"), context)
  }

  @Test func trainingsOfOneTimeLastAboutEquallyLong() throws {
    try folder.write(csv(["a", "b"], rows(200)), to: "table.csv")
    let run = try build(
      """
      { "title": "t", "reference": "r", "experiment": "density-comparison", "training": { "steps": 4 },
        "comparison": { "tables": "\(folder.path)/table.csv", "models": "ff-glow,realnvp", "rows": 0, "seeds": 2, "seconds": 0.3 },
        "kernel": { "model": { "layers": 2, "points": 10 }, "validationEvery": 5, "patience": 1000000 },
        "neural": { "model": { "layers": 2, "hidden": [32] }, "validationEvery": 5, "patience": 1000000 } }
      """)
    let metrics = try (0..<4).map { _ in try run.advance() }
    // Bounds far apart, so that a busy machine passes.
    #expect(metrics.allSatisfy { (0.01...30).contains($0[4]) && $0[3] >= 5 }, "\(metrics)")
    #expect(metrics[0][3] != metrics[1][3], "equal numbers of steps are not equal times")
    let evaluation = try run.evaluate()
    #expect(evaluation.comparisons.last?.quantity.contains("after the same time") == true)
    #expect(evaluation.comparisons.last?.target?.limit == 1)
  }

  @Test func scalingMeasuresEpochsAndWhatFeaturesGiveAway() throws {
    let text = { (steps: Int, rows: String) in
      """
      { "title": "t", "reference": "r", "experiment": "density-scaling", "training": { "steps": \(steps) },
        "scaling": { "rows": \(rows), "batchSize": 100, "comparisonRows": 500, "comparisonSteps": 30 },
        "model": { "layers": 2, "points": 20 } }
      """
    }
    #expect(
      complaint { _ = try build(text(3, "[1000, 2000]")) }?.sentence.contains("training.steps is 3, but there are 4 trainings") == true)
    #expect(complaint { _ = try build(text(4, "[2000, 1000]")) }?.sentence.contains("give ascending numbers") == true)
    let run = try build(text(4, "[1000, 2000]"))
    let metrics = try (0..<4).map { _ in try run.advance() }
    #expect(metrics.map { $0[1] } == [1000, 2000, 500, 500] && metrics.allSatisfy { $0[2] > 0 })
    try run.saveCheckpoint(to: "\(folder.path)/c.h5")
    let again = try build(text(4, "[1000, 2000]"))
    try again.restoreCheckpoint(from: "\(folder.path)/c.h5")
    #expect(try again.evaluate().comparisons.map(\.ours) == run.evaluate().comparisons.map(\.ours))
    let other = try build(text(4, "[1000, 3000]"))
    #expect(complaint { try other.restoreCheckpoint(from: "\(folder.path)/c.h5") }?.sentence.contains("made with another recipe") == true)
    let targets = try run.evaluate().comparisons.compactMap(\.target)
    #expect(targets.map(\.measure) == ["exponent", "nats behind auxiliary points"])
    // Through two points the line is exact.
    #expect(abs(targets[0].achieved - log(metrics[1][2] / metrics[0][2]) / log(2)) < 1e-9)
    #expect(targets[1].achieved == metrics[2][0] - metrics[3][0])
    #expect(try run.figures().map(\.name) == ["time"])
  }
}
