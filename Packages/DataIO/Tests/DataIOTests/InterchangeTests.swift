import DataIOTestSupport
import HDF5
import Testing

@testable import DataIO

private func bytes(_ name: String) -> [UInt8] { contents(of: repositoryFile("Golden/\(name)", up: 0)) }

@Suite struct InterchangeTests {
  let table = HostArray((0..<12).map { Float($0) / 4 - 1 }, shape: [3, 4])

  @Test func arraysThatNumPySaved() throws {
    #expect(try NPY.read(bytes("big-endian.npy"), file: "a") == table)
    #expect(try NPY.read(bytes("fortran.npy"), file: "a") == HostArray((0..<24).map { Int16($0) }, shape: [2, 3, 4]))
    #expect(try NPY.read(bytes("scalar.npy"), file: "a") == HostArray([2.5], shape: []))
    #expect(try NPY.read(bytes("bool.npy"), file: "a") == HostArray([true, false, true]))
    #expect {
      try NPY.read(bytes("half.npy"), file: "half.npy")
    } throws: { error in
      "\(error)"
        == "half.npy: found type '<f2', expected one of f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1; save the array as float32 or float64"
    }
  }

  @Test func archivesThatNumPySaved() throws {
    let stored = try NPZ.read(bytes("stored.npz"), file: "a")
    #expect(stored == ["x": HostArray(table.doubles, shape: [3, 4]), "labels": HostArray([3, -1, 1 << 40] as [Int64])])
    let deflated = try NPZ.read(bytes("deflated.npz"), file: "a")
    #expect(deflated["x"] == HostArray([Float](repeating: 0, count: 1000), shape: [50, 20]))
    #expect(deflated["y"] == HostArray((0..<50).map { UInt8($0) }))
  }

  @Test func whatIsWrittenIsRead() throws {
    let arrays: [(name: String, array: HostArray)] = [
      ("layers.0.weight", table), ("none", HostArray([Double](), shape: [0, 3])), ("λ", HostArray([UInt64.max])),
      ("flags", HostArray([true, false])), ("step", HostArray([Int64(-3)], shape: [])),
    ]
    for (_, array) in arrays { #expect(try NPY.read(NPY.contents(array), file: "a") == array) }
    let archive = try NPZ.contents(arrays, file: "a")
    #expect(try NPZ.read(archive, file: "a") == Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.array) }))
  }

  @Test func filesOfTheDigits() throws {
    let images = HostArray((0..<30).map { UInt8($0 * 7 % 256) }, shape: [2, 3, 5])
    #expect(try IDX.read(bytes("images.idx"), file: "a") == images)
    #expect(try IDX.read(bytes("images.idx.gz"), file: "a") == images)
    #expect(try IDX.read(bytes("values.idx"), file: "a") == HostArray([Float(1.5), -2, 0.25]))
  }

  @Test func tablesInText() throws {
    let table = try CSVTable.read(Array("# comment\nz, \"mu, mag\" ,err\r\n0.1,35,1e-1\n\n0.2 , 36.5 ,.2\n".utf8), file: "a")
    #expect(table == CSVTable(names: ["z", "mu, mag", "err"], values: [0.1, 35, 0.1, 0.2, 36.5, 0.2], columnCount: 3))
    #expect(try CSVTable.read(Array("1;2\n3;4".utf8), file: "a") == CSVTable(names: [], values: [1, 2, 3, 4], columnCount: 2))
    #expect(try CSVTable.read(Array("a\tb\n1\t2".utf8), file: "a").names == ["a", "b"])
    for (text, sentence) in [
      ("a,b\n1,2\n3,x\n", "t.csv:line 3, column 2 (b): found 'x', expected a finite number; correct or remove the line"),
      ("1,2\n3\n", "t.csv:line 2: found 1 values, expected 2, as in the lines before"),
      ("1,nan\n", "t.csv:line 1, column 2: found 'nan', expected a finite number; correct or remove the line"),
      ("a,a\n", "t.csv:line 1: found the name 'a' twice, expected each name once"),
      ("a,b\n", "t.csv: found no numbers, expected a table of numbers"),
    ] {
      #expect { try CSVTable.read(Array(text.utf8), file: "t.csv") } throws: { "\($0)" == sentence }
    }
  }

  /// Damaged files of every format give an error or an array, never a trap.
  @Test func nothingBreaksAParser() throws {
    let key = KeyWords(seed: 3)
    let csv = Array("a,b\n1,2\n3.5,\"4\"\n".utf8)
    let parsers: [(name: String, seed: [UInt8], parse: ([UInt8]) throws -> Void)] = [
      ("idx", bytes("images.idx"), { _ = try IDX.read($0, file: "a") }),
      ("gz", bytes("images.idx.gz"), { _ = try IDX.read($0, file: "a") }),
      ("npy", bytes("fortran.npy"), { _ = try NPY.read($0, file: "a") }),
      ("stored", bytes("stored.npz"), { _ = try NPZ.read($0, file: "a") }),
      ("deflated", bytes("deflated.npz"), { _ = try NPZ.read($0, file: "a") }), ("csv", csv, { _ = try CSVTable.read($0, file: "a") }),
    ]
    for (name, seed, parse) in parsers {
      var refused = 0
      for trial in 0..<3000 {
        let input = Self.mutated(seed, key.block(UInt64(trial)))
        do { try parse(input) } catch is DataFileError { refused += 1 }
      }
      #expect(refused > 300, "\(name)")
    }
  }

  /// One to eight changes: a byte replaced, a stretch removed, doubled or cut off.
  static func mutated(_ seed: [UInt8], _ key: KeyWords) -> [UInt8] {
    var bytes = seed
    for change in 0..<(1 + Int(key.first % 8)) where !bytes.isEmpty {
      let draw = key.block(UInt64(change))
      let place = Int(draw.first >> 3) % bytes.count
      let end = min(bytes.count, place + 1 + Int(draw.second >> 8) % 16)
      switch draw.first % 8 {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 2 where change == 0: bytes.removeSubrange(place...)
      case 3: bytes[place] = 0xFF
      default: bytes[place] ^= UInt8(1 << (draw.second % 8))
      }
    }
    return bytes
  }
}
