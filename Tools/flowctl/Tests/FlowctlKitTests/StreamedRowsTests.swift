import DataIO
import Foundation
import HDF5
import Testing

@testable import FlowctlKit

@Suite struct StreamedRowsTests {
  private let folder = TemporaryFolder()

  /// Images of 4 x 4 pixels in chunks of 50 rows, as `flowctl convert` or any other program writes them.
  private func makeData(rows: Int = 1_000, value: (Int) -> UInt8 = { UInt8($0 * 31 % 17) }) throws -> String {
    let path = folder.path + "/rows.h5"
    let file = try File.create(path, replacing: true)
    try file.root.attributes.write("hgm-data/1", to: "schema")
    for (split, count) in [("train", rows), ("test", 100)] {
      let shape = [count, 16]
      try file.root.write((0..<count * 16).map(value), shape: shape, to: split + "/x", storage: Storage(chunk: [50, 16], deflate: 4))
      try file.root.write((0..<count).map { UInt8($0 % 3) }, to: split + "/y")
    }
    try file.close()
    return path
  }

  private func experiment(_ path: String, _ data: String = ", \"streamed\": true", width: Int = 16) throws -> any Experiment {
    let text = """
      { "title": "t", "reference": "r", "experiment": "velocity-rows", "seed": 3, "training": { "steps": 40, "batchSize": 64 },
        "model": { "network": "residual", "width": \(width), "depth": 1 }, "data": { "path": "\(path)", "levels": 17, "labels": true\(data) } }
      """
    let resolved = try RecipeFile.resolve(name: "t", text: text, source: "t.json")
    return try ExperimentCatalogue.build(resolved, ExperimentContext(workspaceFolder: workspaceFolder, threads: 1))
  }

  /// The first checkpoint lies inside a window, the second in the next pass over the file.
  @Test(arguments: [5, 21]) func aStreamedRunResumesToTheBit(_ step: Int) throws {
    let path = try makeData()
    let (early, late) = (folder.path + "/early.h5", folder.path + "/late.h5")
    let whole = try experiment(path)
    while whole.completedSteps < 30 {
      if whole.completedSteps == step { try whole.saveCheckpoint(to: early) }
      _ = try whole.advance()
    }
    try whole.saveCheckpoint(to: late)
    let saved = try #require(try CheckpointFile(contentsOf: early).data)
    #expect(saved.windowedOrder?.rowCount == 1_000 && saved.windowedOrder?.blockRows == 50)
    #expect(saved.position.epoch * 1_000 + saved.position.cursor == 64 * step)
    let resumed = try experiment(path)
    try resumed.restoreCheckpoint(from: early)
    while resumed.completedSteps < 30 { _ = try resumed.advance() }
    try resumed.saveCheckpoint(to: early)
    var (a, b) = (try CheckpointFile(contentsOf: early), try CheckpointFile(contentsOf: late))
    a.provenance = b.provenance
    #expect(a == b)
    #expect(whole.dataSeconds ?? -1 >= 0)
  }

  @Test func aSurveyFindsWhatTheWholeFileHolds() throws {
    let path = try makeData()
    var section = RowDataSection()
    section.labels = true
    let resident = try RowData(section, path: path, split: .test)
    section.streamed = true
    let streamed = try RowData(section, path: path, split: .test)
    #expect(abs(streamed.scale - resident.scale) < 1e-12 && streamed.classes == 3)
    #expect(streamed.trainCount == 1_000 && streamed.held.doubles == resident.held.doubles && streamed.heldLabels == resident.heldLabels)
    #expect(streamed.train.sorted() == resident.train.sorted() && streamed.train != resident.train)
  }

  @Test func streamsRefuseWhatTheyCannotTrainOn() throws {
    let path = try makeData(rows: 50) { $0 == 700 ? 17 : 3 }
    #expect(complaint { _ = try experiment(path) }?.sentence.contains("/train/x holds 17.0; data.levels = 17") == true)
    let few = try makeData(rows: 50)
    #expect(complaint { _ = try experiment(few) }?.sentence.contains("has 50 training rows; use at most that many") == true)
    let whole = try experiment(makeData(), "")
    try whole.saveCheckpoint(to: folder.path + "/whole.h5")
    let data = try #require(try CheckpointFile(contentsOf: folder.path + "/whole.h5").data)
    let recipe = try RecipeFile.resolve(name: "t", text: "{ \"training\": { \"batchSize\": 64 } }", source: "t").recipe
    let rows = try StreamedRows(folder.path + "/rows.h5", key: KeyWords(seed: 1), recipe) { $0.x }
    #expect(complaint { try rows.move(to: data) }?.sentence.contains("were shuffled as a whole, not window by window") == true)
  }

  /// A checkpoint of some 100 MB: what the step loop pays for it is less than a twentieth of what the write takes.
  @Test func trainingGoesOnWhileACheckpointIsWritten() throws {
    let (path, width) = (try makeData(), 2_000)
    let experiment = try experiment(path, width: width)
    let target = folder.path + "/large.h5"
    var shares: [Double] = []
    for step in 1...3 {
      _ = try experiment.advance()
      let writer = CheckpointWriter()
      let start = ProgressDisplay.wallSeconds()
      let checkpoint = try #require(try experiment.capturedCheckpoint())
      try writer.submit { try checkpoint().write(to: target) }
      let held = ProgressDisplay.wallSeconds() - start
      _ = try experiment.advance()
      try writer.finish()
      shares.append(held / writer.seconds.written)
      #expect(try CheckpointFile(contentsOf: target).progress.step == 2 * step - 1)
    }
    // The best of three: the machine may have had other things to do.
    #expect(shares.min()! < 0.05, "\(shares)")
    let size = try #require(try FileManager.default.attributesOfItem(atPath: target)[.size] as? Int)
    #expect(size > 80_000_000)
    // The step beside the write has the bits of a step without one.
    let resumed = try self.experiment(path, width: width)
    try resumed.restoreCheckpoint(from: target)
    _ = try resumed.advance()
    try resumed.saveCheckpoint(to: target)
    try experiment.saveCheckpoint(to: folder.path + "/other.h5")
    #expect(try CheckpointFile(contentsOf: target).model == CheckpointFile(contentsOf: folder.path + "/other.h5").model)
  }
}
