import DataIO
import DataIOTestSupport
import HDF5
import Testing

@Suite struct CheckpointKeepingTests {
  private func checkpoint(_ step: Int) -> CheckpointFile {
    CheckpointFile(
      provenance: Provenance(software: "t", softwareVersion: "1"),
      model: [StoredArray(path: "weight", array: HostArray([Float(step)]))], progress: .init(step: step))
  }

  @Test func theLastFewAndTheBestStay() throws {
    let folder = TemporaryFolder()
    let kept = CheckpointFolder(path: folder.path, last: 2, best: .lowest)
    for (step, score) in [(10, 3.0), (20, 1.0), (30, Double.nan), (40, 2.0)] { try kept.save(checkpoint(step), score: score) }
    #expect(names(in: folder.path) == ["best.h5", "latest.h5", "step-000000030.h5", "step-000000040.h5"])
    #expect(kept.keptSteps() == [30, 40])
    #expect(try CheckpointFile(contentsOf: kept.bestFile).progress.step == 20)
    #expect(CheckpointFolder.score(of: kept.bestFile) == 1)
    #expect(try CheckpointFile(contentsOf: kept.latest) == CheckpointFile(contentsOf: kept.file(ofStep: 40)))
    // A run that went back to step 30 forgets what came after.
    try kept.save(checkpoint(35), score: 5)
    #expect(kept.keptSteps() == [30, 35])
    let highest = CheckpointFolder(path: folder.path, last: 0, best: .highest)
    try highest.save(checkpoint(50), score: 4)
    #expect(CheckpointFolder.score(of: highest.bestFile) == 4)
  }

  @Test func onlyLatestStaysWhenNothingElseIsAsked() throws {
    let folder = TemporaryFolder()
    let kept = CheckpointFolder(path: folder.path)
    for step in [1, 2] { try kept.save(checkpoint(step)) }
    #expect(names(in: folder.path) == ["latest.h5"])
  }

  @Test func writesInTheBackgroundComeInOrderAndTellTheirErrors() throws {
    let folder = TemporaryFolder()
    let writer = CheckpointWriter()
    let path = folder.file("latest.h5")
    for step in 1...5 {
      let value = checkpoint(step)
      try writer.submit { try value.write(to: path) }
    }
    try writer.finish()
    #expect(try CheckpointFile(contentsOf: path).progress.step == 5)
    #expect(writer.seconds.written > 0)
    let value = checkpoint(6)
    let nowhere = folder.file("none/latest.h5")
    try writer.submit { try value.write(to: nowhere) }
    #expect(throws: DataFileError.self) { try writer.finish() }
    try writer.finish()
    #expect(try CheckpointFile(contentsOf: path).progress.step == 5)
  }

  @Test func rowsWithoutSplitsAreParted() {
    let rows = DataSplit(x: HostArray((0..<50).map { Float($0) }, shape: [50, 1]), y: HostArray((0..<50).map { UInt8($0) }))
    let file = DatasetFile.splitting(rows, validation: 0.1, test: 0.25, key: KeyWords(seed: 1))
    #expect(file.splits.map { $0.split.rowCount } == [33, 5, 12])
    #expect(file.splits.flatMap { $0.split.x.doubles }.sorted() == (0..<50).map(Double.init))
    #expect(file.splits.allSatisfy { $0.split.x.doubles == $0.split.y!.doubles && $0.split.x.doubles.sorted() == $0.split.x.doubles })
    #expect(DatasetFile.splitting(rows, key: KeyWords(seed: 1)).test == nil)
  }

  @Test func scalingGoesBothWays() {
    let x = HostArray([1.0, 5, 3, 5, 5, 5], shape: [3, 2])
    let scaling = Scaling(of: x)
    #expect(scaling.mean == [3, 5] && abs(scaling.deviation[0] - (8.0 / 3).squareRoot()) < 1e-15 && scaling.deviation[1] == 1)
    let back = scaling.physical(scaling.standardised(x)).doubles
    #expect(zip(back, x.doubles).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(abs(scaling.standardised(x).doubles.reduce(0, +)) < 1e-14)
  }
}
