import FlowctlKit
import Foundation
import Synchronization
import Testing

@Suite struct RunEventsTests {
  private final class Listener: Sendable {
    private let heard = Mutex<[String]>([])
    var lines: [String] { heard.withLock { $0 } }
    func hear(_ line: String) { heard.withLock { $0.append(line) } }
  }

  @Test func aRunTellsEachStepAndCheckpoint() throws {
    let folder = TemporaryFolder()
    let (run, settings) = try makeRun(folder, steps: 12)
    let listener = Listener()
    let experiment = DampedOscillator()
    let loop = TrainingLoop(
      experiment: experiment, folder: run, settings: settings, display: silence(12),
      events: RunEvents(run: run) { listener.hear($0) }, stopSignal: { nil })
    #expect(try loop.run() == .completed)
    let events = try listener.lines.map { try JSONParser.parse($0) }
    #expect(events.allSatisfy { $0["run"]?.text == run.path && $0["time"]?.text?.hasSuffix("Z") == true })
    let steps = events.filter { $0["event"]?.text == "step" }
    #expect(steps.compactMap { $0["step"]?.integer } == Array(1...12))
    #expect(steps.allSatisfy { $0["loss"]?.number != nil && $0["speed"]?.number != nil && $0["seconds"]?.number != nil })
    let checkpoints = events.filter { $0["event"]?.text == "checkpoint" }
    #expect(checkpoints.compactMap { $0["step"]?.integer } == [0, 10, 12])
    #expect(checkpoints.allSatisfy { $0["file"]?.text == run.latestCheckpoint })
    #expect(listener.lines.allSatisfy { !$0.contains("\n") } && events.count == 15)
  }
}
