import DataIO
import DataIOTestSupport
import HDF5
import Testing

/// The data sets shipped in Data/ at the root of the repository.
@Suite struct ShippedDataTests {
  @Test func union21HoldsThePublishedTable() throws {
    let path = repositoryFile("Data/supernovae/union2_1.h5", up: 4)
    let table = try SupernovaTable(contentsOf: path)
    #expect(table.redshift.count == 580)
    #expect(abs(table.redshift[0] - 0.028488) < 1e-8)
    #expect(abs(table.modulus[0] - 35.3465833928) < 2e-6)
    #expect(abs(table.error[0] - 0.223905932998) < 1e-8)
    #expect(table.names.count == 580)
    #expect(table.redshift.allSatisfy { $0 > 0.01 && $0 < 1.5 })
    let binned = try #require(table.binned)
    #expect(binned.redshift.count == 30)
    for row in 0..<30 {
      #expect(binned.covariance[row * 30 + row] > 0)
      for column in 0..<row {
        #expect(abs(binned.covariance[row * 30 + column] - binned.covariance[column * 30 + row]) < 1e-7)
      }
    }
  }

  @Test(arguments: [
    ("supernovae/union2_1.h5", "dc011e7a8f55e58091221f02deb6542b5e28129e8599c7fcfa67df359d0b1d4a"),
    ("images/digits.h5", "7a55ef07e9f51f95e9a9eeebc0326a06c5d05465dde35774b1ca3b0129517906"),
  ])
  func shippedFilesHaveTheDigestsOfTheirPage(_ name: String, _ digest: String) {
    #expect(SHA256.hexadecimal(of: contents(of: repositoryFile("Data/" + name, up: 4))) == digest)
    let page = String(decoding: contents(of: repositoryFile("Data/README.md", up: 4)), as: UTF8.self)
    #expect(page.contains("`\(name)`") && page.contains(digest))
  }

  @Test func digitsHoldTheirSplits() throws {
    let file = try DatasetFile(contentsOf: repositoryFile("Data/images/digits.h5", up: 4))
    #expect(file.splits.map(\.split.rowCount) == [1457, 161, 179])
    #expect(file.train.x.shape == [1457, 8, 8])
    #expect(file.train.x.elementType == .uint8)
    #expect(file.sampleShape == [8, 8])
    #expect(file.text("layout") == "N,H,W")
    #expect(file.train.x.doubles.max() == 16)
    let rows = file.splits.flatMap { $0.split.more["row"]?.values(as: Int32.self) ?? [] }
    #expect(rows.sorted() == (0..<1797).map(Int32.init))
    // The stored moments are those of the training rows; pixel 0 is always blank, so its deviation of 0 became 1.
    let scaling = try #require(file.scaling)
    let x = file.train.x.doubles
    for pixel in [10, 28, 35] {
      let values = (0..<1457).map { x[$0 * 64 + pixel] }
      #expect(abs(values.reduce(0, +) / 1457 - scaling.mean[pixel]) < 1e-5)
    }
    #expect(scaling.mean[0] == 0 && scaling.deviation[0] == 1)
    for (_, split) in file.splits { #expect(split.y?.doubles.allSatisfy { (0...9).contains($0) } == true) }
  }
}

@Suite struct DatasetFileTests {
  private let provenance = Provenance(software: "DataIOTests", softwareVersion: "1", created: "2026-01-02T03:04:05Z")

  private func sample() -> DatasetFile {
    DatasetFile(
      train: DataSplit(
        x: HostArray((0..<8).map { Float($0) + 0.5 }, shape: [4, 2]), y: HostArray([UInt8(0), 1, 1, 0]),
        more: ["y_err": HostArray([Float(1), 2, 3, 4])]),
      validation: DataSplit(x: HostArray([Float(1), 2], shape: [1, 2])), test: nil, featureNames: ["z_cmb", "mass"], sampleShape: [2],
      scaling: Scaling(mean: [1, 2], deviation: [3, 0]), arrays: ["binned/z": HostArray([0.5]), "flag": HostArray([true], shape: [])],
      texts: ["extra/name": ["a", "β", "", "d"]], attributes: ["title": .string("A title"), "license": .string("CC0")])
  }

  @Test func everythingSurvives() async throws {
    let folder = TemporaryFolder()
    let path = folder.file("data.h5")
    try sample().write(to: path, provenance: provenance)
    let read = try DatasetFile(contentsOf: path)
    var expected = sample()
    expected.attributes["software"] = .string("DataIOTests")
    expected.attributes["software_version"] = .string("1")
    expected.attributes["created"] = .string("2026-01-02T03:04:05Z")
    #expect(read == expected)
    #expect(read.scaling?.deviation == [3, 1])
    #expect(read.text("title") == "A title")
    // A time stamp of the library would show in the bytes a second later.
    try await Task.sleep(for: .seconds(1.1))
    try read.write(to: folder.file("again.h5"), provenance: provenance)
    #expect(contents(of: path) == contents(of: folder.file("again.h5")))
  }

  /// Writes a raw file in the schema, past the checks of the writer.
  private func raw(_ path: String, x: [Float], shape: [Int], y: [Float]? = nil, error: [Float]? = nil, names: String? = nil) throws {
    let file = try File.create(path)
    try file.root.attributes.write("hgm-data/1", to: "schema")
    if let names { try file.root.attributes.write(names, to: "feature_names") }
    try file.root.write(x, shape: shape, to: "train/x")
    if let y { try file.root.write(y, to: "train/y") }
    if let error { try file.root.write(error, to: "train/y_err") }
    try file.close()
  }

  private func message(_ body: (String) throws -> Void) -> String {
    let folder = TemporaryFolder()
    do {
      try body(folder.file("d.h5"))
      _ = try DatasetFile(contentsOf: folder.file("d.h5"))
      return "no error"
    } catch {
      return "\(error)".replacing(folder.path + "/", with: "")
    }
  }

  @Test func badValuesAreNamedByRowAndColumn() {
    #expect(
      message { try raw($0, x: [1, 2, 3, .nan, 5, 6], shape: [3, 2], names: "z_cmb,mass") }
        == "d.h5:/train/x, row 1, column 1 (mass): found nan, expected a finite number; correct or remove the row")
    #expect(
      message { try raw($0, x: [1, 2, 3, 4], shape: [2, 2], y: [1, .infinity]) }
        == "d.h5:/train/y, row 1: found inf, expected a finite number; correct or remove the row")
    #expect(
      message { try raw($0, x: [1, 2], shape: [2, 1], error: [0.5, 0]) }
        == "d.h5:/train/y_err, row 1: found 0.0, expected a positive standard deviation; correct or remove the row")
  }

  @Test func badShapesAreNamed() {
    #expect(message { try raw($0, x: [1, 2, 3], shape: [3]) }.contains("d.h5:/train/x: found shape [3], expected [rows, features]"))
    #expect(message { try raw($0, x: [], shape: [0, 2]) }.contains("/train/x: found shape [0, 2]"))
    #expect(message { try raw($0, x: [1, 2], shape: [2, 1], y: [1]) } == "d.h5:/train/y: found 1 rows, expected 2 as in x")
    #expect(message { try raw($0, x: [1, 2], shape: [2, 1], names: "a,b") }.contains("found 2 names, expected 1"))
  }

  @Test func otherFilesAreNamed() throws {
    #expect(message { _ in }.contains("no such file"))
    #expect(message { put(Array("x,y\n1,2\n".utf8), at: $0) }.contains("not an HDF5 file"))
    #expect(
      message { path in
        let file = try File.create(path)
        try file.root.write([1.0], to: "x")
        try file.close()
      }.contains("@schema: found \"none\", expected \"hgm-data/1\""))
    #expect(
      message { path in
        let file = try File.create(path)
        try file.root.attributes.write("hgm-data/1", to: "schema")
        try file.root.write([1.0], to: "samples/x")
        try file.close()
      }.contains("/train: found no such group"))
  }

  @Test func truncatedShippedDataIsRefused() throws {
    let bytes = contents(of: repositoryFile("Data/supernovae/union2_1.h5", up: 4))
    for part in 0..<64 {
      #expect(message { put(bytes.prefix(bytes.count * part / 64), at: $0) } != "no error")
    }
  }

  @Test func supernovaTablesNeedTheirColumns() throws {
    var file = sample()
    file.arrays = [:]
    #expect(try SupernovaTable(file, path: "s.h5").redshift == [0.5, 2.5, 4.5, 6.5])
    file.featureNames = ["a", "b"]
    #expect { try SupernovaTable(file, path: "s.h5") } throws: { "\($0)".contains("s.h5:@feature_names: found a,b") }
    file = sample()
    file.train.y = nil
    #expect(throws: DataFileError.self) { try SupernovaTable(file, path: "s.h5") }
  }
}

@Suite struct SamplesFileTests {
  private let provenance = Provenance(software: "DataIOTests", softwareVersion: "1")

  @Test func everythingSurvives() async throws {
    let folder = TemporaryFolder()
    let samples = SamplesFile(
      provenance: provenance, x: HostArray([0.7, 0.3, 0.71, 0.29], shape: [2, 2]), names: ["h", "omega_m"],
      logWeight: HostArray([-1.5, 0]),
      attributes: ["recipe": .string("supernova"), "step": .integer(10)])
    try samples.write(to: folder.file("s.h5"))
    #expect(try SamplesFile(contentsOf: folder.file("s.h5")) == samples)
    #expect(throws: DataFileError.self) { try CheckpointFile(contentsOf: folder.file("s.h5")) }
  }

  @Test func shapesMustAgree() {
    let folder = TemporaryFolder()
    let path = folder.file("s.h5")
    let x = HostArray([Float(1), 2, 3, 4], shape: [2, 2])
    let bad = [
      SamplesFile(provenance: provenance, x: HostArray([1.0]), names: ["a"]),
      SamplesFile(provenance: provenance, x: x, names: ["a"]),
      SamplesFile(provenance: provenance, x: x, names: ["a", "b"], logWeight: HostArray([1.0])),
      SamplesFile(provenance: provenance, x: x, names: ["a", "b"], logWeight: HostArray([Int32(1), 2])),
    ]
    for samples in bad { #expect(throws: DataFileError.self) { try samples.write(to: path) } }
    #expect(names(in: folder.path).isEmpty)
  }
}
