import FlowctlKit
import Foundation
import Plotting
import Testing

@Suite struct TrainingLoopTests {
  private func finished(_ folder: TemporaryFolder, _ name: String = "run") throws -> (checkpoint: String, metrics: [String]) {
    let metrics = try folder.read("\(name)/metrics.csv").split(separator: "\n").map { line in
      line.split(separator: ",").dropLast().joined(separator: ",")
    }
    return (try folder.read("\(name)/checkpoints/latest.h5"), metrics)
  }

  private func uninterrupted(steps: Int) throws -> (checkpoint: String, metrics: [String]) {
    let folder = TemporaryFolder()
    let (run, settings) = try makeRun(folder, steps: steps)
    let loop = TrainingLoop(
      experiment: DampedOscillator(), folder: run, settings: settings, display: silence(steps), stopSignal: { nil })
    #expect(try loop.run() == .completed)
    return try finished(folder)
  }

  private struct PowerCut: Error {}

  /// Ends the loop without any cleaning up, as `kill -9` does, then resumes from what is on the disk.
  @Test(arguments: [1, 9, 10, 11, 25, 36]) func resumedEqualsUninterruptedBitForBit(_ lostAfter: Int) throws {
    let reference = try uninterrupted(steps: 37)
    let folder = TemporaryFolder()
    let (run, settings) = try makeRun(folder, steps: 37)
    final class Dying: Experiment {
      let inner = DampedOscillator()
      let last: Int
      init(last: Int) { self.last = last }
      var metricNames: [String] { inner.metricNames }
      var completedSteps: Int { inner.completedSteps }
      var facts: [(name: String, value: String)] { inner.facts }
      func advance() throws -> [Double] {
        if completedSteps == last { throw PowerCut() }
        return try inner.advance()
      }
      func firstNonFiniteParameter() -> String? { inner.firstNonFiniteParameter() }
      func capturedCheckpoint() throws -> PendingCheckpoint? { nil }
      func saveCheckpoint(to path: String) throws { try inner.saveCheckpoint(to: path) }
      func restoreCheckpoint(from path: String) throws { try inner.restoreCheckpoint(from: path) }
      func sample(count: Int, seed: Int) throws -> SampleSet { try inner.sample(count: count, seed: seed) }
      func evaluate() throws -> Evaluation { try inner.evaluate() }
      func figures() throws -> [Figure] { try inner.figures() }
    }
    let first = TrainingLoop(
      experiment: Dying(last: lostAfter), folder: run, settings: settings, display: silence(37), stopSignal: { nil })
    #expect(throws: PowerCut.self) { try first.run() }
    let torn = try FileAccess.readText(run.metrics) + "99,0.1"
    try torn.write(toFile: run.metrics, atomically: true, encoding: .utf8)

    let resumed = DampedOscillator()
    try resumed.restoreCheckpoint(from: run.latestCheckpoint)
    #expect(resumed.completedSteps == lostAfter / 10 * 10)
    let second = TrainingLoop(experiment: resumed, folder: run, settings: settings, display: silence(37), stopSignal: { nil })
    #expect(try second.run() == .completed)
    #expect(try finished(folder) == reference)
  }

  @Test func aColdStartGivesOtherBits() throws {
    let reference = try uninterrupted(steps: 37)
    let folder = TemporaryFolder()
    let (run, settings) = try makeRun(folder, steps: 27)
    let loop = TrainingLoop(
      experiment: DampedOscillator(), folder: run, settings: settings, display: silence(27), stopSignal: { nil })
    #expect(try loop.run() == .completed)
    #expect(try finished(folder).checkpoint != reference.checkpoint)
  }

  @Test func aSignalFinishesTheStepAndSavesIt() throws {
    let reference = try uninterrupted(steps: 37)
    let folder = TemporaryFolder()
    let (run, settings) = try makeRun(folder, steps: 37)
    let experiment = DampedOscillator()
    let loop = TrainingLoop(
      experiment: experiment, folder: run, settings: settings, display: silence(37),
      stopSignal: { experiment.completedSteps == 23 ? .terminate : nil })
    #expect(try loop.run() == .interrupted(.terminate))
    let resumed = DampedOscillator()
    try resumed.restoreCheckpoint(from: run.latestCheckpoint)
    #expect(resumed.completedSteps == 23)
    let rest = TrainingLoop(experiment: resumed, folder: run, settings: settings, display: silence(37), stopSignal: { nil })
    #expect(try rest.run() == .completed)
    #expect(try finished(folder) == reference)
  }

  @Test func aNaNLossStopsAndKeepsTheLastGoodCheckpoint() throws {
    let folder = TemporaryFolder()
    let (run, settings) = try makeRun(folder, steps: 37)
    let experiment = DampedOscillator()
    experiment.brokenStep = 25
    let loop = TrainingLoop(experiment: experiment, folder: run, settings: settings, display: silence(37), stopSignal: { nil })
    let found = complaint { _ = try loop.run() }
    #expect(found?.code == 1)
    #expect(
      found?.sentence
        == "training stopped at step 25: the loss became not a number; the first parameter that is not finite is 'position.1'; the "
        + "last good checkpoint, of step 20, is kept in \(run.latestCheckpoint); try a smaller optimizer.learningRate or set optimizer.clipNorm"
    )
    let kept = DampedOscillator()
    try kept.restoreCheckpoint(from: run.latestCheckpoint)
    #expect(kept.completedSteps == 20 && kept.firstNonFiniteParameter() == nil)
  }

  @Test func aCheckpointNeverHoldsAnInfiniteParameter() throws {
    let folder = TemporaryFolder()
    let (run, settings) = try makeRun(folder, steps: 40)
    let experiment = DampedOscillator()
    experiment.poisonedStep = 30
    let loop = TrainingLoop(experiment: experiment, folder: run, settings: settings, display: silence(40), stopSignal: { nil })
    let found = complaint { _ = try loop.run() }
    #expect(
      found?.sentence.hasPrefix("training stopped at step 30: the parameter 'velocity.2' stopped being finite; the last good") == true)
    let kept = DampedOscillator()
    try kept.restoreCheckpoint(from: run.latestCheckpoint)
    #expect(kept.completedSteps == 20)
  }

  @Test func anUnwritableCheckpointFolderIsOneSentence() throws {
    let folder = TemporaryFolder()
    let (run, settings) = try makeRun(folder, steps: 5)
    try FileManager.default.removeItem(atPath: run.checkpoints)
    try folder.write("a file", to: "run/checkpoints")
    let loop = TrainingLoop(
      experiment: DampedOscillator(), folder: run, settings: settings, display: silence(5), stopSignal: { nil })
    let found = complaint { _ = try loop.run() }
    #expect(found?.sentence == "\(run.latestCheckpoint): cannot be written: not a directory")
    #expect(found?.code == 1)
  }
}
