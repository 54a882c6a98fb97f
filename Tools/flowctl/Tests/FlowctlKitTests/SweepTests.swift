import FlowctlKit
import Testing

@Suite struct SweepTests {
  @Test func valuesAreSplitAtCommasOutsideOfBrackets() throws {
    let axis = try SweepPlan.Axis(argument: "model.hidden=[64,64],[128, 128]")
    #expect(axis == SweepPlan.Axis(key: "model.hidden", values: ["[64,64]", "[128, 128]"]))
    #expect(try SweepPlan.Axis(argument: "seed=1, 2,3").values == ["1", "2", "3"])
  }

  @Test(arguments: [
    ("seed", "--over seed: expected key.path=values, for instance optimizer.learningRate=0.01,0.003"),
    ("seed=", "--over seed=: expected key.path=values, for instance optimizer.learningRate=0.01,0.003"),
    (
      "seed=1,,2",
      "--over seed=1,,2: expected values with commas between them, lists in brackets, for instance model.hidden=[64,64],[128,128]"
    ),
    (
      "model.hidden=[1,2",
      "--over model.hidden=[1,2: expected values with commas between them, lists in brackets, for instance model.hidden=[64,64],[128,128]"
    ),
  ])
  func aWrongListIsRefused(_ argument: String, _ sentence: String) {
    #expect(complaint { _ = try SweepPlan.Axis(argument: argument) }?.sentence == sentence)
  }

  @Test(arguments: ["x=1", "x=2..1", "x=a..b", "x=1..inf"])
  func aWrongIntervalIsRefused(_ argument: String) {
    let sentence = "--between \(argument): expected two numbers, the lower first, for instance optimizer.learningRate=1e-4..1e-2"
    #expect(complaint { _ = try SweepPlan.Interval(argument: argument) }?.sentence == sentence)
  }

  @Test func aGridGoesThroughEveryCombination() {
    let plan = SweepPlan.grid([.init(key: "a", values: ["1", "2"]), .init(key: "b", values: ["x", "y", "z"])])
    #expect(plan.points.map { $0.map(\.text).joined() } == ["1x", "1y", "1z", "2x", "2y", "2z"])
    #expect(plan.points.allSatisfy { $0.map(\.key) == ["a", "b"] })
  }

  @Test func drawsFillTheirIntervalAndRepeatWithTheirSeed() throws {
    let wide = try SweepPlan.Interval(argument: "rate=1e-4..1e-2")
    let narrow = try SweepPlan.Interval(argument: "width=2..3")
    func draws(_ seed: UInt64) -> SweepPlan { .random([wide, narrow], count: 400, seed: seed, axes: []) }
    #expect(draws(7) == draws(7) && draws(7) != draws(8))
    let rates = draws(7).points.compactMap { Double($0[0].text) }
    let widths = draws(7).points.compactMap { Double($0[1].text) }
    #expect(rates.count == 400 && rates.allSatisfy { (1e-4...1e-2).contains($0) } && widths.allSatisfy { (2...3).contains($0) })
    // Half of the draws below the geometric mean, half below the arithmetic one: five standard errors are 50 of 400.
    #expect(abs(rates.count { $0 < 1e-3 } - 200) < 50 && abs(widths.count { $0 < 2.5 } - 200) < 50)
    #expect(SweepPlan.random([wide], count: 3, seed: 1, axes: [.init(key: "seed", values: ["1", "2"])]).points.count == 6)
  }

  @Test func drawsOfWholeNumbersAreWhole() throws {
    var interval = try SweepPlan.Interval(argument: "training.batchSize=32..64")
    interval.isWhole = true
    let plan = SweepPlan.random([interval], count: 40, seed: 3, axes: [])
    let values = plan.points.compactMap { Int($0[0].text) }
    #expect(values.count == 40 && values.allSatisfy { (32...64).contains($0) } && Set(values).count > 10)
  }

  @Test func aSweepFolderReadsBackItsPlan() throws {
    let folder = TemporaryFolder()
    let plan = SweepPlan.grid([.init(key: "model.hidden", values: ["[8,8]", "[16]"])])
    let made = try SweepFolder.create(folder.path + "/sweep", recipeFile: "/r.json", plan: plan)
    let read = try SweepFolder.existing(folder.path + "/sweep")
    #expect(read.plan == plan && read.recipeFile == "/r.json" && read.run(1).path == made.path + "/002")
    #expect(
      complaint { _ = try SweepFolder.create(made.path, recipeFile: "/r.json", plan: plan) }?.sentence.contains("already holds files")
        == true)
    #expect(
      complaint { _ = try SweepFolder.existing(folder.path) }?.sentence == "\(folder.path): not the folder of a sweep: it has no sweep.json"
    )
  }
}
