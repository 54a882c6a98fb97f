import DataIOTestSupport
import HDF5
import Testing

@testable import DataIO

@Suite struct BlockGridTests {
  /// Every element once, and no block larger than it may be.
  @Test(
    arguments: [
      ([], nil), ([0], nil), ([0, 3], [1, 3]), ([7], nil), ([1_000], [64]), ([100, 30], nil), ([100, 30], [10, 30]), ([100, 30], [10, 7]),
      ([3, 500], nil), ([3, 500], [3, 500]), ([4, 5, 6, 7], [2, 2, 2, 2]), ([2, 1, 300], [1, 1, 300]), ([5, 5], [9, 9]),
    ] as [([Int], [Int]?)])
  func everyElementOnce(_ shape: [Int], _ chunk: [Int]?) throws {
    for elements in [1, 10, 100, 1 << 20] {
      var counts = [Int](repeating: 0, count: shape.reduce(1, *))
      for slab in BlockGrid(shape: shape, chunk: chunk, elements: elements) {
        #expect(slab.count.reduce(1, *) <= max(1, 4 * elements))
        for place in 0..<slab.count.reduce(1, *) {
          var (rest, index, stride) = (place, 0, 1)
          for axis in shape.indices.reversed() {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: slab.count[axis])
            index += (slab.start[axis] + remainder) * stride
            (rest, stride) = (quotient, stride * shape[axis])
          }
          counts[index] += 1
        }
      }
      #expect(counts.allSatisfy { $0 == 1 }, "\(shape) \(chunk ?? []) \(elements)")
    }
  }

  @Test func chunksOfRowsStayWhole() {
    #expect(BlockGrid(shape: [1_000, 10], chunk: [64, 10], elements: 2_000).block == [192, 10])
    #expect(BlockGrid(shape: [1_000, 10], chunk: nil, elements: 55).block == [5, 10])
    #expect(BlockGrid(shape: [10, 1_000], chunk: [10, 100], elements: 500).block == [10, 100])
    #expect(BlockGrid(shape: [10, 1_000], chunk: nil, elements: 100).block == [1, 100])
  }

  /// A file that declares more than it stores is refused before its first block is read.
  @Test func shapeBombsAreRefusedBlockByBlock() throws {
    let folder = TemporaryFolder()
    let path = folder.file("bomb.h5")
    let file = try File.create(path)
    try file.root.attributes.write(DatasetFile.schema, to: "schema")
    let x = try file.root.createDataset(
      "train/x", .float32, shape: [1 << 30, 1 << 10], storage: Storage(chunk: [1 << 10, 1 << 10], deflate: 1))
    try x.write([Float](repeating: 0, count: 1 << 20), Hyperslab(rows: 0..<1 << 10, of: x.shape))
    try file.close()
    let tree = try FormatTree(contentsOf: path)
    #expect { try tree.forEachBlock(of: "train/x") { _ in } } throws: { "\($0)".contains("a shape bomb") }
    #expect { _ = try FileVerification.verify(path) } throws: { "\($0)".contains("a shape bomb") }
    #expect { _ = try RowStream(contentsOf: path, batchSize: 2, position: BatchPosition(key: KeyWords(seed: 1))) } throws: {
      "\($0)".contains("a shape bomb")
    }
  }

  /// No rows, but rows so long that their size does not fit a number.
  @Test func absurdRowsAreRefusedWhereThereAreNone() throws {
    let folder = TemporaryFolder()
    let path = folder.file("absurd.h5")
    for shape in [[0, 1 << 40, 1 << 40], [1 << 40, 1 << 40, 0], [0, 1 << 60]] {
      let file = try File.create(path, replacing: true)
      try file.root.attributes.write(DatasetFile.schema, to: "schema")
      _ = try file.root.createDataset("train/x", .float64, shape: shape, storage: Storage(chunk: shape.map { _ in 1 }))
      try file.close()
      #expect { try DatasetFile(contentsOf: path) } throws: { "\($0)".contains("absurd.h5:/train/x: refused, the shape") }
      #expect { _ = try FileVerification.verify(path) } throws: { "\($0)".contains("is absurd") }
      #expect(throws: (any Error).self) {
        _ = try RowStream(contentsOf: path, batchSize: 1, position: BatchPosition(key: KeyWords(seed: 1)))
      }
    }
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 1152921504606846976, 4), }\n"
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    #expect(throws: DataFileError.self) { try NPY.read(bytes, file: "a.npy") }
    put(bytes, at: path)
    #expect(throws: DataFileError.self) { try FileRows.npy(path, name: "a.npy", scratchFolder: folder.path) }
  }

  @Test func stringsComeInBlocks() throws {
    let folder = TemporaryFolder()
    let path = folder.file("a.h5")
    let names = (0..<10_000).map { "name \($0)" }
    let file = try File.create(path)
    try file.root.write(names, to: "extra/name")
    try file.close()
    let tree = try FormatTree(contentsOf: path)
    let blocks = Array(try tree.blocks(of: "extra/name"))
    #expect(blocks.count == 3)
    #expect(try blocks.flatMap { try tree.strings("extra/name", $0) } == names)
  }
}
