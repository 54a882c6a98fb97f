import DataIOTestSupport
import HDF5
import Testing

@testable import DataIO

/// The rows of `count` batches, read back from the values: row r of the golden files begins with r, and its label is r.
private func rows(of stream: RowStream, batches count: Int) throws -> [Int] {
  try (0..<count).flatMap { _ -> [Int] in
    let batch = try stream.next()
    let values = batch.x.values(as: Float.self)
    let rows = (0..<batch.rowCount).map { Int(values[$0 * 3]) }
    #expect(zip(rows, batch.y!.values(as: UInt8.self)).allSatisfy { $0 == Int($1) })
    #expect((0..<batch.rowCount).allSatisfy { values[$0 * 3 + 2] == Float(rows[$0]) + 0.5 })
    return rows
  }
}

private func golden(_ name: String) -> String { repositoryFile("Golden/stream-\(name).h5", up: 0) }

@Suite struct RowStreamTests {
  static let key = KeyWords(seed: 7)

  @Test(arguments: ["plain", "gzip", "shuffle", "checked"], [1, 3])
  func everyStoredFormGivesTheSameRows(_ name: String, threads: Int) throws {
    let stream = try RowStream(
      contentsOf: golden(name), batchSize: 16, position: BatchPosition(key: Self.key), windowBytes: 400, threads: threads)
    #expect(stream.order == WindowedOrder(rowCount: 103, blockRows: 10, windowBlocks: 3))
    let found = try rows(of: stream, batches: 20)
    let expected = (0..<4).flatMap { stream.order.order(key: Self.key, epoch: $0) }
    #expect(found == Array(expected.prefix(320)))
    #expect(stream.position == BatchPosition(key: Self.key, epoch: 3, cursor: 320 - 3 * 103))
  }

  @Test(arguments: ["contiguous", "columns", "big-endian"])
  func whatIsNotInChunksOfRowsIsReadByTheLibrary(_ name: String) throws {
    let stream = try RowStream(contentsOf: golden(name), batchSize: 103, position: BatchPosition(key: Self.key))
    let found = try rows(of: stream, batches: 2)
    #expect(found.prefix(103).sorted() == Array(0..<103))
    #expect(Array(found.prefix(103)) != Array(found.suffix(103)))
  }

  @Test func everyChunkIsReadOncePerEpoch() throws {
    let stream = try RowStream(
      contentsOf: golden("gzip"), batchSize: 103, position: BatchPosition(key: Self.key), windowBytes: 400, threads: 2)
    _ = try rows(of: stream, batches: 5)
    // Three windows of at most three blocks may have been read ahead.
    #expect(stream.blocksRead >= 55 && stream.blocksRead <= 55 + 9)
  }

  @Test func aStreamGoesOnWhereItsCheckpointStands() throws {
    let whole = try RowStream(contentsOf: golden("gzip"), batchSize: 7, position: BatchPosition(key: Self.key), windowBytes: 500)
    _ = try rows(of: whole, batches: 22)
    let folder = TemporaryFolder()
    let checkpoint = CheckpointFile(
      provenance: Provenance(software: "t", softwareVersion: "1"), model: [],
      data: .init(source: "golden", stream: whole, scaling: Scaling(mean: [1, 2, 3], deviation: [1, 0, 2])))
    try checkpoint.write(to: folder.file("a.h5"))
    let data = try #require(try CheckpointFile(contentsOf: folder.file("a.h5")).data)
    #expect(data.scaling == Scaling(mean: [1, 2, 3], deviation: [1, 1, 2]))
    // Other buffers, another number of threads: the order is that of the checkpoint.
    let resumed = try RowStream(
      contentsOf: golden("gzip"), batchSize: 7, position: data.position, continuing: data.windowedOrder, windowBytes: 1 << 20, threads: 1)
    #expect(try rows(of: resumed, batches: 30) == rows(of: whole, batches: 30))
    #expect(throws: DataFileError.self) {
      try RowStream(
        contentsOf: golden("gzip"), batchSize: 7, position: data.position,
        continuing: WindowedOrder(rowCount: 104, blockRows: 10, windowBlocks: 3))
    }
  }

  @Test func epochsThatEndShort() throws {
    let stream = try RowStream(
      contentsOf: golden("gzip"), batchSize: 50, position: BatchPosition(key: Self.key), remainder: .endsShort)
    #expect(try (0..<6).map { _ in try stream.next().rowCount } == [50, 50, 3, 50, 50, 3])
  }

  /// Every row is as likely at every place of the epoch: chi-squared over rows and tenths of the epoch.
  @Test func theShuffleIsUniform() {
    let order = WindowedOrder(rowCount: 60, blockRows: 4, windowBlocks: 3)
    let epochs = 6000
    var counts = [Double](repeating: 0, count: 60 * 60)
    var neighbours = 0.0
    for epoch in 0..<epochs {
      let rows = order.order(key: Self.key, epoch: epoch)
      for (place, row) in rows.enumerated() { counts[row * 60 + place] += 1 }
      neighbours += zip(rows, rows.dropFirst()).reduce(0) { $0 + ($1.1 == $1.0 + 1 ? 1 : 0) }
    }
    let expected = Double(epochs) / 60
    let statistic = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    // Each count is binomial, so the mean is 60 x 59; the deviation, 76, is that of a simulation with NumPy's permutations.
    #expect(abs(statistic - 3540) < 5 * 76, "\(statistic)")
    // Rows of one block share a window, so neighbours in the file meet more often than 59/60 times an epoch, but by the
    // window's factor only: 45 pairs in blocks at 1 / 12 x 11 / 11 each, and 14 pairs across blocks.
    let within = 45.0 * (1.0 / 12)
    let across = 14.0 * (2.0 / 14) * (1.0 / 12)
    #expect(abs(neighbours / Double(epochs) - within - across) < 0.2, "\(neighbours / Double(epochs))")
  }

  @Test func theOrderIsThatOfTheFormat() {
    let order = WindowedOrder(rowCount: 10, blockRows: 3, windowBlocks: 2)
    #expect(order.order(key: KeyWords(0, 42), epoch: 0) == checkValue)
    #expect(order.windows(key: KeyWords(0, 42), epoch: 0).flatMap { $0 }.sorted() == [0, 1, 2, 3])
  }

  @Test func damageIsFoundBeforeItsRowsAreUsed() throws {
    let folder = TemporaryFolder()
    let bytes = contents(of: golden("shuffle"))
    var found = 0
    for trial in 0..<400 {
      let draw = Self.key.block(UInt64(trial))
      var damaged = bytes
      damaged[Int(draw.first) % bytes.count] ^= UInt8(1 + draw.second % 255)
      put(damaged, at: folder.file("damaged.h5"))
      do {
        let stream = try RowStream(contentsOf: folder.file("damaged.h5"), batchSize: 103, position: BatchPosition(key: Self.key))
        let batch = try stream.next()
        let values = batch.x.values(as: Float.self)
        // What was not noticed lies outside the numbers of x.
        let isRight = (0..<values.count / 3).allSatisfy { row in
          let first = values[row * 3]
          return first == first.rounded() && values[row * 3 + 1] == first + 0.25
        }
        #expect(isRight)
      } catch { found += 1 }
    }
    #expect(found > 20)
  }

  @Test func numbersThatAreNotFiniteAreRefused() throws {
    let folder = TemporaryFolder()
    let file = try File.create(folder.file("nan.h5"))
    var x = (0..<40).map { Float($0) }
    x[26] = .nan
    _ = try file.root.write(x, shape: [20, 2], to: "train/x", storage: .rowChunks(of: [20, 2], .float32, bytes: 40, deflate: 1))
    try file.close()
    let stream = try RowStream(contentsOf: folder.file("nan.h5"), batchSize: 20, position: BatchPosition(key: Self.key))
    #expect { try stream.next() } throws: { "\($0)".contains("/train/x, row 13: found a number that is not finite") }
  }

  @Test func bothLibrariesInflateAlike() throws {
    let file = try File.open(golden("gzip"))
    var stored: [UInt8] = []
    _ = try file.root.dataset("train/x").readRawChunk(at: [10, 0], into: &stored, limit: 1000)
    var results: [[UInt8]] = []
    for library in [true, false] {
      var plain = [UInt8](repeating: 0, count: 120)
      let isWhole = plain.withUnsafeMutableBytes { target in
        stored.withUnsafeBytes {
          library ? Inflate.zlibFrame($0, into: target) : Inflate.throughZlib($0, into: target, windowBits: 15)
        }
      }
      #expect(isWhole)
      results.append(plain)
      var short = [UInt8](repeating: 0, count: 100)
      let fits = short.withUnsafeMutableBytes { target in
        stored.withUnsafeBytes {
          library ? Inflate.zlibFrame($0, into: target) : Inflate.throughZlib($0, into: target, windowBits: 15)
        }
      }
      #expect(!fits)
    }
    #expect(results[0] == results[1])
  }
}

/// From the description in FORMAT.md alone, computed by Tests/Interop/reference_order.py.
private let checkValue = [9, 4, 5, 3, 0, 7, 6, 8, 2, 1]
