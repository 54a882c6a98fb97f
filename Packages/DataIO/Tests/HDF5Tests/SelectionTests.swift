import DataIOTestSupport
import Testing

@testable import HDF5

@Suite struct SelectionTests {
  private func table(_ storage: Storage = .contiguous) throws -> (File, Dataset) {
    let file = try File.createInMemory()
    return (file, try file.root.write((0..<12).map { Int32($0) }, shape: [3, 4], to: "x", storage: storage))
  }

  @Test func pointsInAnyOrder() throws {
    let (file, x) = try table(Storage(chunk: [2, 3], deflate: 3))
    let points = PointSelection([[2, 3], [0, 0], [1, 2], [0, 0]])
    #expect(try x.read(Int32.self, at: points) == [11, 0, 6, 0])
    #expect(try x.read(Double.self, at: points) == [11, 0, 6, 0])
    try x.write([Int32(-1), -2], at: PointSelection([[1, 1], [2, 0]]))
    #expect(try x.read(Int32.self) == [0, 1, 2, 3, 4, -1, 6, 7, -2, 9, 10, 11])
    #expect(try x.read(Int32.self, at: PointSelection([])).isEmpty)
    for wrong in [[3, 0], [0, 4], [-1, 0], [0]] {
      #expect(throws: HDF5Error.self) { try x.read(Int32.self, at: PointSelection([wrong])) }
    }
    #expect(throws: HDF5Error.self) { try x.write([Int32(1)], at: PointSelection([[0, 0], [0, 1]])) }
    _ = file
  }

  @Test func conversionByValue() throws {
    let file = try File.createInMemory()
    let labels = try file.root.write([Int64(3), -1, 200], to: "labels")
    #expect(try labels.readExactly(Int32.self) == [3, -1, 200])
    #expect(try labels.readExactly(Float.self) == [3, -1, 200])
    #expect { try labels.readExactly(Int8.self) } throws: { error in
      "\(error)" == "memory:/labels: stored as 200 at element 2, expected values that int8 holds exactly"
    }
    #expect(throws: HDF5Error.self) { try labels.readExactly(UInt8.self) }
    let reals = try file.root.write([0.5, 0.1], to: "reals")
    #expect(throws: HDF5Error.self) { try reals.readExactly(Float.self) }
    #expect(try reals.readExactly(Float.self, Hyperslab(start: [0], count: [1])) == [0.5])
    let large = try file.root.write([UInt64.max], to: "large")
    #expect(throws: HDF5Error.self) { try large.readExactly(Int64.self) }
  }

  @Test func dimensionScales() throws {
    let (file, x) = try table()
    let step = try file.root.write([10.0, 20, 30], to: "step")
    #expect(try !step.isScale())
    try step.makeScale(named: "step")
    try x.attach(step, to: 0)
    #expect(try step.isScale())
    #expect(try x.isAttached(step, to: 0))
    #expect(try !x.isAttached(step, to: 1))
    #expect(try x.scaleCount(of: 0) == 1 && x.scaleCount(of: 1) == 0)
    #expect(throws: HDF5Error.self) { try x.attach(step, to: 2) }
  }

  @Test func rawChunks() throws {
    let (file, x) = try table(Storage(chunk: [2, 4]))
    var bytes: [UInt8] = []
    #expect(try x.chunkShape() == [2, 4])
    #expect(try x.isStoredInNativeOrder() == (1.littleEndian == 1))
    #expect(try x.readRawChunk(at: [0, 0], into: &bytes, limit: 32) == 0)
    #expect(bytes.count == 32 && bytes[4] == 1)
    #expect(throws: HDF5Error.self) { try x.readRawChunk(at: [0, 0], into: &bytes, limit: 31) }
    let empty = try file.root.createDataset("empty", .int32, shape: [4, 4], storage: Storage(chunk: [2, 4]))
    #expect(try empty.readRawChunk(at: [2, 0], into: &bytes, limit: 32) == nil)
  }

  @Test func everyIdentifierIsClosedAfterErrors() throws {
    let file = try File.createInMemory()
    let before = try file.openObjectCount()
    for _ in 0..<50 {
      let x =
        try file.root.contains("x") ? file.root.dataset("x") : file.root.write([1.0, 2], to: "x", storage: Storage(chunk: [2], deflate: 1))
      _ = try? x.read(Int8.self)
      _ = try? x.read(Double.self, Hyperslab(start: [5], count: [1]))
      _ = try? x.read(Double.self, at: PointSelection([[9]]))
      _ = try? x.readStrings()
      _ = try? x.write([1.0, 2, 3])
      _ = try? x.attributes.string("none")
      _ = try? x.attributes.write("a\0b", to: "text")
      _ = try? x.resized(rows: 9)
      _ = try? file.root.dataset("none")
      _ = try? file.root.createDataset("x", .int8, shape: [1])
      _ = try? file.root.createDataset("y", .int8, shape: [1], storage: Storage(chunk: nil, deflate: 1))
    }
    #expect(try file.openObjectCount() == before)
  }

  @Test func threadsShareOneFile() async throws {
    let file = try File.createInMemory()
    let x = try file.root.write(
      (0..<10_000).map { Double($0) }, shape: [100, 100], to: "x", storage: Storage(chunk: [10, 100], deflate: 1))
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in 0..<8 {
        group.addTask {
          for row in 0..<100 {
            let values = try x.read(Double.self, Hyperslab(rows: row..<row + 1, of: [100, 100]))
            guard values == (0..<100).map({ Double(row * 100 + $0) }) else { return false }
            try x.attributes.write(Int64(task), to: "task\(task)")
          }
          return true
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
    #expect(try x.attributes.names().count == 8)
  }
}
