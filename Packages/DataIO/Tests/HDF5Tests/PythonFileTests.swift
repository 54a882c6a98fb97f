import HDF5
import Testing

/// Reads a file written by h5py (Golden/write_with_h5py.py), which chooses other forms than this library does.
@Suite struct PythonFileTests {
  private func golden(file: String = #filePath) throws -> File {
    try File.open(file.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Golden/h5py.h5")
  }

  @Test func stringsOfBothKindsAreRead() throws {
    let root = try golden().root
    #expect(try root.attributes.string("variable") == "größe")
    #expect(try root.attributes.string("fixed") == "fixed")
    #expect(try root.attributes.string("fixed_utf8") == "ünï")
    #expect(try root.attributes.strings("variable_array") == ["a", "bc", ""])
    #expect(try root.attributes.strings("fixed_array") == ["ab", "c"])
    #expect(try root.dataset("text").readStrings() == ["x", "yz"])
    #expect(throws: HDF5Error.self) { try root.attributes.string("empty") }
  }

  @Test func numbersInOtherFormsAreRead() throws {
    let root = try golden().root
    #expect(try root.dataset("bool").elementType == .bool)
    #expect(try root.dataset("bool").read(Bool.self) == [true, false, true])
    #expect(try root.attributes.value("truth") == .integer(1))
    #expect(try root.dataset("big_endian").read(Double.self) == [1.5, 2.5])
    #expect(try root.dataset("scalar").read(Double.self) == [3.5])
    let deflated = try root.dataset("deflated")
    #expect(try deflated.read(Int16.self) == (0..<1000).map(Int16.init))
    #expect(try deflated.storage().filters == [.shuffle, .deflate, .fletcher32])
  }

  @Test func typesOutsideTheFormatAreNamed() throws {
    let root = try golden().root
    #expect { try root.dataset("complex").read(Double.self) } throws: { "\($0)".hasSuffix("stored as a compound type, expected float64") }
    #expect(throws: HDF5Error.self) { try root.dataset("half").read(Float.self) }
  }

  @Test func linksAreListedAndNotFollowed() throws {
    let links = try golden().root.links()
    #expect(links.first { $0.name == "soft" }?.kind == .soft)
    #expect(links.first { $0.name == "external" }?.kind == .external)
    #expect(links.first { $0.name == "bool" }?.kind == .hard)
  }
}
