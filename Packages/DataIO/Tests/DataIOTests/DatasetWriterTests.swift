import DataIOTestSupport
import HDF5
import Testing

@testable import DataIO

/// All rows of a source, asked for `piece` at a time.
func all(_ source: any RowSource, _ piece: Int) throws -> HostArray {
  var bytes: [UInt8] = []
  var count = 0
  while let part = try source.next(piece) {
    #expect(part.rowCount <= piece)
    bytes += part.bytes
    count += part.rowCount
  }
  return HostArray(elementType: source.elementType, shape: [count] + source.rowShape, bytes: bytes)
}

@Suite struct DatasetWriterTests {
  private let folder = TemporaryFolder()
  private let provenance = Provenance(software: "t", softwareVersion: "1", created: "2026-01-02T03:04:05Z")
  private let x = HostArray((0..<40_000).map { Float($0 % 97) / 8 }, shape: [2_500, 4, 4])
  private let y = HostArray((0..<2_500).map { UInt8($0 % 10) })

  private func rows(_ range: Range<Int>) -> DataSplit { DataSplit(x: x.rows(range), y: y.rows(range)) }

  @Test(arguments: [1, 7, 1_000, 2_500]) func rowsInPiecesMakeTheFileOfTheWhole(_ piece: Int) throws {
    let path = folder.file("pieces.h5")
    let writer = try DatasetWriter(path: path, provenance: provenance, attributes: ["title": .string("T")])
    for first in stride(from: 0, to: 2_500, by: piece) {
      let part = rows(first..<min(first + piece, 2_500))
      try writer.append(x: part.x, y: part.y, to: first < 2_000 ? "train" : "test")
    }
    #expect(names(in: folder.path).count == 1 && names(in: folder.path)[0].hasSuffix(".tmp"))
    try writer.finish()
    #expect(names(in: folder.path) == ["pieces.h5"])
    let end = stride(from: 0, to: 2_500, by: piece).first { $0 >= 2_000 } ?? 2_500
    let found = try DatasetFile(contentsOf: path)
    #expect(found.train == rows(0..<end) && found.test == (end < 2_500 ? rows(end..<2_500) : nil))
    #expect(found.scaling == Scaling(of: found.train.x) && found.text("title") == "T")
    let verified = try FileVerification.verify(path)
    #expect(verified.isSealed && verified.checksummedCount == verified.arrayCount)
  }

  @Test func nothingIsLeftOfWhatWasNotFinished() throws {
    let path = folder.file("a.h5")
    do {
      let writer = try DatasetWriter(path: path, provenance: provenance, featureNames: ["a", "b"])
      try writer.append(x: HostArray([1.0, 2], shape: [1, 2]), to: "train")
      #expect {
        try writer.append(x: HostArray([1, 2, 3, .nan], shape: [2, 2]), to: "train")
      } throws: {
        "\($0)".contains("/train/x, row 2, column 1 (b): found nan, expected a finite number")
      }
      #expect(throws: DataFileError.self) { try writer.append(x: HostArray([1.0], shape: [1, 1]), to: "train") }
    }
    #expect(names(in: folder.path).isEmpty)
    let empty = try DatasetWriter(path: path, provenance: provenance)
    #expect(throws: DataFileError.self) { try empty.finish() }
  }

  @Test(arguments: [1, 3, 100]) func filesComeRowByRow(_ piece: Int) throws {
    func golden(_ name: String) -> String { repositoryFile("Golden/" + name, up: 0) }
    for name in ["images.idx", "images.idx.gz", "values.idx"] {
      let expected = try IDX.read(contents(of: golden(name)), file: name)
      #expect(try all(FileRows.idx(golden(name), name: name), piece) == expected)
    }
    let expected = try NPY.read(contents(of: golden("big-endian.npy")), file: "a")
    #expect(try all(FileRows.npy(golden("big-endian.npy"), name: "a", scratchFolder: folder.path), piece) == expected)
    #expect(throws: DataFileError.self) { try FileRows.npy(golden("scalar.npy"), name: "a", scratchFolder: folder.path) }
    let text = "# comment\nz,mu\r\n" + (0..<500).map { "\($0),\($0 * 2)\n" }.joined() + "500,1000"
    put(Array(text.utf8), at: folder.file("t.csv"))
    let table = try CSVTable.read(Array(text.utf8), file: "t.csv")
    let source = try TableRows(folder.file("t.csv"), name: "t.csv")
    #expect(source.columnNames == ["z", "mu"])
    #expect(try all(source, piece) == HostArray(table.values, shape: [501, 2]))
  }

  @Test func damagedFilesAreNamedWhileTheyAreRead() throws {
    for (name, cut, more) in [("images.idx", 1, 0), ("images.idx.gz", 3, 0), ("images.idx", 0, 2), ("images.idx.gz", 0, 5)] {
      var bytes = contents(of: repositoryFile("Golden/" + name, up: 0))
      bytes.removeLast(cut)
      bytes += [UInt8](repeating: 7, count: more)
      put(bytes, at: folder.file("a"))
      #expect(throws: DataFileError.self, "\(name) \(cut) \(more)") { _ = try all(FileRows.idx(folder.file("a"), name: name), 1) }
    }
    put(Array("a,b\n1,2\n3,x\n".utf8), at: folder.file("t.csv"))
    #expect {
      _ = try all(TableRows(folder.file("t.csv"), name: "t.csv"), 10)
    } throws: {
      "\($0)" == "t.csv:line 3, column 2 (b): found 'x', expected a finite number; correct or remove the line"
    }
  }

  /// Row by row a damaged file gives the error or the array that it gives as a whole.
  @Test func damageIsFoundRowByRowAsInTheWhole() throws {
    func golden(_ name: String) -> [UInt8] { contents(of: repositoryFile("Golden/" + name, up: 0)) }
    let path = folder.file("damaged")
    let key = KeyWords(seed: 5)
    let formats: [(name: String, seed: [UInt8], rows: () throws -> any RowSource, whole: ([UInt8]) throws -> HostArray)] = [
      ("idx", golden("images.idx"), { try FileRows.idx(path, name: "a") }, { try IDX.read($0, file: "a") }),
      ("gz", golden("images.idx.gz"), { try FileRows.idx(path, name: "a") }, { try IDX.read($0, file: "a") }),
      (
        "csv", Array("a,b\n1,2\n3.5,\"4\"\n".utf8), { try TableRows(path, name: "a") },
        {
          let table = try CSVTable.read($0, file: "a")
          return HostArray(table.values, shape: [table.rowCount, table.columnCount])
        }
      ),
    ]
    for (name, seed, rows, whole) in formats {
      var refused = 0
      for trial in 0..<300 {
        let bytes = InterchangeTests.mutated(seed, key.block(UInt64(trial)))
        put(bytes, at: path)
        let expected = try? whole(bytes)
        do {
          #expect(try all(rows(), 2) == expected, "\(name), trial \(trial)")
        } catch is DataFileError {
          #expect(expected == nil, "\(name), trial \(trial)")
          refused += 1
        }
      }
      #expect(refused > 50, "\(name)")
    }
  }
}
