import DataIO
import Foundation
import HDF5
import Testing

@testable import FlowctlKit

@Suite struct FilesTests {
  private let arrays: [(name: String, array: HostArray)] = [
    ("layers.0.weight", HostArray((0..<6).map { Float($0) / 7 }, shape: [2, 3])), ("count", HostArray([Int32(3)], shape: [])),
    ("mask", HostArray([true, false])), ("none", HostArray([Double](), shape: [0, 4])),
  ]

  @Test func safetensorsGoThereAndBack() throws {
    let contents = try Safetensors.contents(arrays, facts: [("step", "20"), ("recipe", "{\"a\": \"λ\"}")])
    let read = try Safetensors.read(contents, file: "a")
    #expect(read.arrays.map(\.name) == arrays.map(\.name))
    #expect(read.arrays.map(\.array) == arrays.map(\.array))
    #expect(read.facts.map(\.value) == ["20", "{\"a\": \"λ\"}"])
    #expect((contents.count - arrays.reduce(0) { $0 + $1.array.bytes.count }) % 8 == 0)
  }

  @Test(arguments: [
    ("{\"a\": {\"dtype\": \"F16\", \"shape\": [1], \"data_offsets\": [0, 2]}}", "the type F16 of 'a'"),
    ("{\"a\": {\"dtype\": \"U8\", \"shape\": [3], \"data_offsets\": [0, 2]}}", "the place of 'a'"),
    ("{\"a\": {\"dtype\": \"U8\", \"shape\": [-2], \"data_offsets\": [0, 2]}}", "the shape of 'a'"),
    ("{\"a\": {\"dtype\": \"U8\", \"shape\": [1], \"data_offsets\": [1, 2]}}", "overlap or leave a gap at byte 0"),
    ("[1]", "a header that is not a JSON object"),
    ("{\"a\": {\"dtype\": \"U64\", \"shape\": [4611686018427387904, 4], \"data_offsets\": [0, 0]}}", "the shape of 'a'"),
  ])
  func safetensorsThatLieAreRefused(_ header: String, _ fragment: String) {
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    let said = complaint { _ = try Safetensors.read(length + Array(header.utf8) + [1, 2], file: "w.safetensors") }
    #expect(said?.sentence.contains(fragment) == true, "\(said?.sentence ?? "no error")")
  }

  /// Damaged headers and recipes give an error or a value, never a trap.
  @Test func nothingBreaksTheParsers() throws {
    let weights = try Safetensors.contents(arrays, facts: [("step", "20")])
    let recipe = Array(try FileAccess.readText(workspaceFolder + "/Recipes/nhf-gmm2d.json").utf8)
    var refused = 0
    for trial in 0..<6000 {
      let key = KeyWords(seed: 11).block(UInt64(trial))
      var bytes = trial % 2 == 0 ? weights : recipe
      for change in 0..<(1 + Int(key.first % 5)) {
        let draw = key.block(UInt64(change))
        let place = Int(draw.first >> 2) % bytes.count
        switch draw.first % 4 {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(bytes[Int(draw.second) % bytes.count], at: place)
        default: bytes[place] ^= UInt8(1 << (draw.second % 8))
        }
      }
      do {
        if trial % 2 == 0 {
          _ = try Safetensors.read(bytes, file: "a")
        } else {
          _ = try RecipeFile.resolve(name: "a", text: String(decoding: bytes, as: UTF8.self), source: "a")
        }
      } catch { refused += 1 }
    }
    #expect(refused > 1000)
  }

  @Test func textOfStrangersCannotSteerATerminal() {
    #expect(DataFiles.printable("a\u{1B}[2Jb\tc\nd\u{202E}") == "a\u{FFFD}[2Jb\tc\nd\u{FFFD}")
  }

  @Test func differencesAreNamed() throws {
    let folder = TemporaryFolder()
    func write(_ name: String, _ values: [Double], step: Int) throws -> FormatTree {
      let file = CheckpointFile(
        provenance: Provenance(software: name, softwareVersion: "1"), model: [StoredArray(path: "w", array: HostArray(values))],
        progress: .init(step: step))
      try file.write(to: folder.path + "/" + name)
      return try FormatTree(contentsOf: folder.path + "/" + name)
    }
    let a = try write("a.h5", [3, 4], step: 1)
    #expect(try FileComparison(a, write("b.h5", [3, 4], step: 1)).isSame)
    let other = try FileComparison(a, write("c.h5", [3, 4.5], step: 2))
    #expect(!other.isSame && other.structure == ["attribute /progress@step: 1 in A, 2 in B"])
    #expect(other.text.contains("/model/w") && other.text.contains("0.1") && other.text.contains("1 of 2"))
    #expect(try FileComparison(a, write("d.h5", [3, 4, 5], step: 1)).structure == ["array /model/w: shape [2] in A, [3] in B"])
  }

  /// Arrays of several blocks: the first difference lies in the first one, the others in the last.
  @Test func differencesOfLargeArraysAreFoundBlockByBlock() throws {
    let folder = TemporaryFolder()
    let count = 5_000_000
    func write(_ name: String, changes: [(Int, Float)]) throws -> FormatTree {
      var values = (0..<count).map { Float($0 % 5) }
      for (place, value) in changes { values[place] = value }
      let file = try File.create(folder.path + "/" + name)
      try file.root.write(values, shape: [count / 10, 10], to: "w", storage: Storage(chunk: [1_000, 10], deflate: 1))
      try file.close()
      return try FormatTree(contentsOf: folder.path + "/" + name)
    }
    let a = try write("a.h5", changes: [])
    #expect(Array(try a.blocks(of: "w")).count == 3)
    #expect(try FileComparison(a, write("b.h5", changes: [])).isSame)
    // 0 becomes 3, 1 becomes -3 (by 4), and a zero loses its sign, which no norm sees.
    let c = try write("c.h5", changes: [(0, 3), (count - 4, -3), (count - 5, -0.0)])
    let row = try #require(try FileComparison(a, c).text.split(separator: "\n").first { $0.hasPrefix("/w") })
    // The squares of 0 ... 4 add to 30.
    let norm = (Double(count / 5) * 30).squareRoot()
    #expect(
      row.split(separator: " ").map(String.init)
        == ["/w", Formatting.figure(norm), "5", Formatting.number(5 / norm), "4", "3", "of", "5000000"], "\(row)")
  }

  @Test func normsNeitherOverflowNorVanish() {
    func norm(_ values: [Double]) -> Double {
      var norm = EuclideanNorm()
      for value in values { norm.add(value) }
      return norm.norm
    }
    #expect(abs(norm([3e200, -4e200]) / 5e200 - 1) < 1e-15 && abs(norm([4e-200, 3e-200]) / 5e-200 - 1) < 1e-15)
    #expect(norm([]) == 0 && norm([0, 0]) == 0)
    #expect(norm([1, .nan]).isNaN && norm([.nan, -.infinity]) == .infinity)
  }

  @Test func typesAndTextsAreCompared() throws {
    let folder = TemporaryFolder()
    func write(_ name: String, _ body: (Group) throws -> Void) throws -> FormatTree {
      let file = try File.create(folder.path + "/" + name)
      try body(file.root)
      try file.close()
      return try FormatTree(contentsOf: folder.path + "/" + name)
    }
    let a = try write("a.h5") {
      try $0.write([Float(1), 2], to: "w")
      try $0.write((0..<9_000).map { "\($0)" }, to: "names")
    }
    let b = try write("b.h5") {
      try $0.write([1.0, 2.5], to: "w")
      try $0.write((0..<9_000).map { $0 == 8_999 ? "other" : "\($0)" }, to: "names")
    }
    let found = try FileComparison(a, b)
    #expect(found.structure == ["text /names differs", "array /w: float32 in A, float64 in B"])
    #expect(found.text.contains("0.5") && found.text.contains("1 of 2"))
  }

  @Test func inspectShowsWhatAFileHolds() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/a.h5"
    try CheckpointFile(
      provenance: Provenance(software: "t", softwareVersion: "1"), model: [StoredArray(path: "w", array: HostArray([1.0, .nan, 3]))],
      recipe: "{\"seed\": 5}"
    ).write(to: path)
    let text = try FileReport(FormatTree(contentsOf: path)).text
    #expect(text.contains("a.h5: checkpoint, format 1.2, sealed, the digest matches"))
    #expect(text.contains("/model/w: 1 numbers are not finite") && text.contains("{\"seed\": 5}"))
    #expect(text.split(separator: "\n").contains { $0.hasPrefix("/model/w ") && $0.contains("float64") && $0.contains("[3]") })
  }
}
