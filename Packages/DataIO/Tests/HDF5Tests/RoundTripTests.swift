import DataIOTestSupport
import HDF5
import Testing

@Suite struct RoundTripTests {
  static let storages: [Storage] = [
    .contiguous,
    Storage(chunk: [3, 2]),
    Storage(chunk: [2, 4], deflate: 6),
    Storage(chunk: [5, 4], deflate: 9, shuffle: true),
    Storage(chunk: [4, 3], fletcher32: true),
    Storage(chunk: [1, 4], deflate: 1, shuffle: true, fletcher32: true, extendable: true),
  ]

  private func roundTrip<E: Element & Equatable>(_ values: [E], _ storage: Storage) throws {
    let folder = TemporaryFolder()
    let path = folder.file("a.h5")
    let file = try File.create(path)
    try file.root.write(values, shape: [5, 4], to: "group/array", storage: storage)
    try file.close()

    let dataset = try File.open(path).root.dataset("group/array")
    #expect(dataset.shape == [5, 4])
    #expect(dataset.elementType == (E.elementType == .bool ? .uint8 : E.elementType))
    #expect(try dataset.read(E.self) == values)
  }

  @Test(arguments: storages) func everyElementTypeSurvives(_ storage: Storage) throws {
    try roundTrip((0..<20).map { Float($0) / 3 }, storage)
    try roundTrip((0..<20).map { Double($0) / 7 }, storage)
    try roundTrip((0..<20).map { Int8($0) - 9 }, storage)
    try roundTrip((0..<20).map { Int16($0) * -1000 }, storage)
    try roundTrip((0..<20).map { Int32($0) * -100_000_000 }, storage)
    try roundTrip((0..<20).map { Int64.min + Int64($0) }, storage)
    try roundTrip((0..<20).map { 255 - UInt8($0) }, storage)
    try roundTrip((0..<20).map { UInt16.max - UInt16($0) }, storage)
    try roundTrip((0..<20).map { UInt32.max - UInt32($0) }, storage)
    try roundTrip((0..<20).map { UInt64.max - UInt64($0) }, storage)
    try roundTrip((0..<20).map { $0 % 3 == 0 }, storage)
  }

  @Test func scalarsAndEmptyArraysSurvive() throws {
    let file = try File.createInMemory()
    try file.root.write([2.5], shape: [], to: "scalar", storage: .checksummed([], .float64))
    try file.root.write([Float](), shape: [0, 3], to: "empty", storage: .checksummed([0, 3], .float32))
    #expect(try file.root.dataset("scalar").shape == [])
    #expect(try file.root.dataset("scalar").read(Double.self) == [2.5])
    #expect(try file.root.dataset("scalar").storage().layout == .compact)
    #expect(try file.root.dataset("empty").shape == [0, 3])
    #expect(try file.root.dataset("empty").read(Float.self) == [])
  }

  @Test func attributesSurvive() throws {
    let file = try File.createInMemory()
    let attributes = file.root.attributes
    try attributes.write("größe ✓", to: "text")
    try attributes.write("", to: "empty")
    try attributes.write(["z", "", "μ"], to: "texts")
    try attributes.write(Int64(-7), to: "count")
    try attributes.write([1.5, -2.5], to: "reals")
    try attributes.write(UInt32(9), to: "small")
    try attributes.write("first", to: "again")
    try attributes.write("second", to: "again")
    #expect(try attributes.names() == ["again", "count", "empty", "reals", "small", "text", "texts"])
    #expect(try attributes.string("text") == "größe ✓")
    #expect(try attributes.string("empty") == "")
    #expect(try attributes.strings("texts") == ["z", "", "μ"])
    #expect(try attributes.scalar("count", as: Int64.self) == -7)
    #expect(try attributes.scalars("reals", as: Double.self) == [1.5, -2.5])
    #expect(try attributes.scalar("small", as: Int64.self) == 9)
    #expect(try attributes.string("again") == "second")
    #expect(try attributes.value("reals") == .reals([1.5, -2.5]))
    #expect(try attributes.value("small") == .integer(9))
  }

  @Test func stringDatasetsSurvive() throws {
    let file = try File.createInMemory()
    try file.root.write("{\"seed\": 1}", to: "recipe")
    try file.root.write(["SN 1997ff", "", "ΛCDM"], to: "names")
    #expect(try file.root.dataset("recipe").readStrings() == ["{\"seed\": 1}"])
    #expect(try file.root.dataset("recipe").shape == [])
    #expect(try file.root.dataset("names").readStrings() == ["SN 1997ff", "", "ΛCDM"])
    #expect(throws: HDF5Error.self) { try file.root.write("cut\u{0}short", to: "nul") }
  }

  @Test func hyperslabsReadAndWriteWhatTheySelect() throws {
    let values = (0..<60).map(Int32.init)
    for storage in [Storage.contiguous, Storage(chunk: [2, 2, 3], deflate: 4)] {
      let file = try File.createInMemory()
      let dataset = try file.root.write(values, shape: [3, 4, 5], to: "a", storage: storage)
      let slab = Hyperslab(start: [1, 0, 1], count: [2, 2, 2], stride: [1, 3, 2])
      let expected = [1, 2].flatMap { i in [0, 3].flatMap { j in [1, 3].map { k in Int32(i * 20 + j * 5 + k) } } }
      #expect(try dataset.read(Int32.self, slab) == expected)
      #expect(try dataset.read(Int32.self, Hyperslab(rows: 1..<2, of: [3, 4, 5])) == Array(values[20..<40]))
      #expect(try dataset.read(Int32.self, Hyperslab(rows: 3..<3, of: [3, 4, 5])) == [])
      try dataset.write([Int32](repeating: -1, count: 8), slab)
      #expect(try dataset.read(Int32.self).filter { $0 == -1 }.count == 8)
      #expect(throws: HDF5Error.self) { try dataset.read(Int32.self, Hyperslab(rows: 2..<4, of: [3, 4, 5])) }
      #expect(throws: HDF5Error.self) { try dataset.read(Int32.self, Hyperslab(start: [0], count: [1])) }
      #expect(throws: HDF5Error.self) {
        try dataset.read(Int32.self, Hyperslab(start: [0, 0, 0], count: [2, 1, 1], stride: [.max, 1, 1]))
      }
    }
  }

  @Test func extendableDatasetsGrow() throws {
    let file = try File.createInMemory()
    let storage = Storage.rowChunks(of: [0, 2], .float64, deflate: 4, extendable: true)
    var dataset = try file.root.createDataset("log", .float64, shape: [0, 2], storage: storage)
    for row in 0..<5 {
      dataset = try dataset.resized(rows: row + 1)
      try dataset.write([Double(row), -Double(row)], Hyperslab(rows: row..<row + 1, of: dataset.shape))
    }
    #expect(try dataset.read(Double.self) == (0..<5).flatMap { [Double($0), -Double($0)] })
  }

  @Test func conversionsThatLoseNothingAreDoneAndOthersRefused() throws {
    let file = try File.createInMemory()
    let bytes = try file.root.write([UInt8](0..<200), to: "bytes")
    let floats = try file.root.write([Float(0.1)], to: "floats")
    let longs = try file.root.write([Int64.max], to: "longs")
    #expect(try bytes.read(Float.self) == (0..<200).map(Float.init))
    #expect(try bytes.read(Int32.self) == (0..<200).map(Int32.init))
    #expect(try floats.read(Double.self) == [Double(Float(0.1))])
    #expect(throws: HDF5Error.wrongType(floats.location, found: "float32", expected: "int32")) { try floats.read(Int32.self) }
    #expect(throws: HDF5Error.self) { try longs.read(Double.self) }
    #expect(throws: HDF5Error.self) { try bytes.read(Int8.self) }
    #expect(throws: HDF5Error.self) { try bytes.read(Bool.self) }
    #expect(throws: HDF5Error.self) { try bytes.readStrings() }
  }

  @Test func theSameContentGivesTheSameBytes() throws {
    func image() throws -> [UInt8] {
      let file = try File.createInMemory()
      try file.root.write([1.0, 2.0], to: "b/c", storage: .checksummed([2], .float64))
      try file.root.attributes.write("x", to: "y")
      _ = try file.root.createGroup("d/e")
      return try file.image()
    }
    #expect(try image() == image())
  }

  @Test func manyThreadsShareTheLibrary() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<16 {
        group.addTask {
          for _ in 0..<20 {
            let file = try File.createInMemory(named: "thread \(index)")
            try file.root.write([Int32(index)], to: "value", storage: .checksummed([1], .int32))
            #expect(try file.root.dataset("value").read(Int32.self) == [Int32(index)])
            #expect(throws: HDF5Error.self) { try file.root.dataset("absent") }
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
