import FlowctlKit
import Foundation
import Plotting

/// A test double: heavy-ball descent on a quadratic with noise from a counter, so that every bit depends on every step before.
final class DampedOscillator: Experiment {
  let metricNames = ["loss", "speed"]
  let facts = [(name: "parameters", value: "3")]
  private(set) var completedSteps = 0
  private(set) var position = [1.0, -2.0, 0.5]
  private var velocity = [0.0, 0.0, 0.0]
  private var noise: UInt64 = 42
  /// The step at which the loss becomes NaN.
  var brokenStep: Int?
  /// The step after which a parameter is infinite although the loss is not.
  var poisonedStep: Int?

  func advance() throws -> [Double] {
    for index in position.indices {
      noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let kick = Double(noise >> 11) / 9_007_199_254_740_992 - 0.5
      velocity[index] = 0.9 * velocity[index] - 0.01 * Double(index + 1) * position[index] + 0.001 * kick
      position[index] += velocity[index]
    }
    completedSteps += 1
    if completedSteps == brokenStep { position[1] = .nan }
    if completedSteps == poisonedStep { velocity[2] = .infinity }
    let loss = position.enumerated().reduce(0) { $0 + 0.5 * Double($1.offset + 1) * $1.element * $1.element }
    return [loss, velocity.reduce(0) { $0 + $1 * $1 }.squareRoot()]
  }

  func firstNonFiniteParameter() -> String? {
    if let index = position.firstIndex(where: { !$0.isFinite }) { return "position.\(index)" }
    return velocity.firstIndex { !$0.isFinite }.map { "velocity.\($0)" }
  }

  func capturedCheckpoint() throws -> PendingCheckpoint? { nil }

  func saveCheckpoint(to path: String) throws {
    let numbers = (position + velocity).map { String($0.bitPattern) } + [String(noise), String(completedSteps)]
    try FileAccess.write(numbers.joined(separator: " "), to: path)
  }

  func restoreCheckpoint(from path: String) throws {
    let words = try FileAccess.readText(path).split(separator: " ")
    guard words.count == 8 else { throw UserError.failure("\(path): damaged") }
    let numbers = words.compactMap { UInt64($0) }
    position = numbers[0..<3].map(Double.init(bitPattern:))
    velocity = numbers[3..<6].map(Double.init(bitPattern:))
    noise = numbers[6]
    completedSteps = Int(numbers[7])
  }

  func sample(count: Int, seed: Int) throws -> SampleSet {
    let values = (0..<count).flatMap { [position[0] + Double($0 % 7), position[1] - Double(($0 + seed) % 5)] }
    return SampleSet(names: ["a", "b"], values: values, logWeights: (0..<count).map { -0.01 * Double($0 % 3) })
  }

  func evaluate() throws -> Evaluation {
    Evaluation(
      comparisons: [
        Comparison(
          "distance from rest", ours: abs(position[0]), exact: 0, published: "0 ± 0.1",
          target: Target("absolute difference", achieved: abs(position[0]), .atMost, 0.5)),
        Comparison("steps", ours: Double(completedSteps), target: Target("steps", achieved: Double(completedSteps), .atLeast, 1)),
      ], remarks: ["The oscillator is <damped> & linear."])
  }

  func figures() throws -> [Figure] {
    let plot = Plot(x: Axis("a"), y: Axis("b"), marks: [.points(x: [position[0]], y: [position[1]])])
    return [Figure(name: "phase", title: "Phase space", caption: "Where it came to rest.", svg: plot.svg)]
  }
}

/// A run folder with a recipe for the double.
func makeRun(_ folder: TemporaryFolder, steps: Int, checkpointEvery: Int = 10) throws -> (RunFolder, TrainingSection) {
  let run = RunFolder(path: folder.path + "/run")
  let resolved = try RecipeFile.resolve(name: "double", text: "{}", source: "double.json")
  try run.create(recipe: resolved, environment: .record(["recipe": .text("double")]))
  var settings = TrainingSection()
  settings.steps = steps
  settings.checkpointEvery = checkpointEvery
  settings.metricsEvery = 1
  return (run, settings)
}

/// A display that keeps quiet.
func silence(_ steps: Int) -> ProgressDisplay { ProgressDisplay(style: .silent, total: steps) }
