import DataIOTestSupport
import HDF5
import Testing

@Suite struct BadFileTests {
  private func sample() throws -> [UInt8] {
    let file = try File.createInMemory()
    try file.root.write((0..<500).map(Float.init), shape: [50, 10], to: "model/weight", storage: .checksummed([50, 10], .float32))
    try file.root.attributes.write("1.0", to: "format_version")
    return try file.image()
  }

  @Test func missingFilesAndFoldersAreNamed() throws {
    let folder = TemporaryFolder()
    let path = folder.file("absent.h5")
    #expect(throws: HDF5Error.missingFile(path)) { try File.open(path) }
    #expect(throws: HDF5Error.unreadable(folder.path, reason: "it is a folder")) { try File.open(folder.path) }
    #expect("\(HDF5Error.missingFile(path))" == "\(path): no such file; check the path")
  }

  @Test func otherFormatsAreNamed() throws {
    let folder = TemporaryFolder()
    for (name, bytes) in [("empty", []), ("text", Array("hello".utf8)), ("zeros", [UInt8](repeating: 0, count: 5000))] {
      put(bytes, at: folder.file(name))
      #expect { try File.open(folder.file(name)) } throws: { error in
        if case .notHDF5 = error as? HDF5Error { true } else { false }
      }
    }
  }

  @Test func truncationIsFoundAtEveryLength() throws {
    let folder = TemporaryFolder()
    let path = folder.file("cut.h5")
    let bytes = try sample()
    for part in 0..<64 {
      put(bytes.prefix(bytes.count * part / 64), at: path)
      #expect(throws: HDF5Error.self) { try File.open(path) }
    }
    put(bytes.dropLast(), at: path)
    #expect(throws: HDF5Error.truncated(path, found: bytes.count - 1, expected: bytes.count)) { try File.open(path) }
    put(bytes, at: path)
    #expect(try File.open(path).root.dataset("model/weight").read(Float.self)[499] == 499)
  }

  @Test func fletcher32FindsAFlippedBit() throws {
    let folder = TemporaryFolder()
    let path = folder.file("flip.h5")
    var bytes = try sample()
    let pattern = withUnsafeBytes(of: Float(123).bitPattern.littleEndian) { Array($0) }
    let position = try #require(bytes.indices.first { bytes[$0...].starts(with: pattern) })
    bytes[position] ^= 0x10
    put(bytes, at: path)
    let dataset = try File.open(path).root.dataset("model/weight")
    #expect { try dataset.read(Float.self) } throws: { error in
      "\(error)".contains("flip.h5:/model/weight: could not read") && !"\(error)".contains("\n")
    }
  }

  @Test func aMissingNameListsWhatIsThere() throws {
    let file = try File.createInMemory(named: "m.h5")
    try file.root.write([1.0], to: "beta")
    try file.root.write([1.0], to: "alpha")
    #expect { try file.root.dataset("gamma") } throws: { "\($0)" == "m.h5:/gamma: not in the file; its group holds alpha, beta" }
    #expect(throws: HDF5Error.self) { try file.root.attributes.string("absent") }
    #expect(throws: HDF5Error.self) { try file.root.group("alpha") }
  }

  @Test func shapeBombsAreRefused() throws {
    let file = try File.createInMemory()
    let bomb = try file.root.createDataset("bomb", .float64, shape: [1 << 30, 1 << 12], storage: Storage(chunk: [1024, 1], deflate: 1))
    #expect { try bomb.read(Double.self) } throws: { "\($0)".contains("shape bomb") }
    let absurd = try file.root.createDataset("absurd", .float64, shape: [1 << 40, 1 << 20], storage: Storage(chunk: [1, 1]))
    #expect(throws: HDF5Error.self) { try absurd.read(Double.self) }
    #expect(try bomb.read(Double.self, Hyperslab(start: [5, 5], count: [2, 2])) == [0, 0, 0, 0])
  }

  @Test func noFileIsOverwrittenUnasked() throws {
    let folder = TemporaryFolder()
    let path = folder.file("once.h5")
    try File.create(path).close()
    #expect(throws: HDF5Error.self) { try File.create(path) }
    try File.create(path, replacing: true).close()
  }
}
