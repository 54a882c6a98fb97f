import DataIO
import DataIOTestSupport
import HDF5
import Testing

/// A checkpoint with something in every place.
func sampleCheckpoint() -> CheckpointFile {
  let weight = HostArray((0..<6).map { Float($0) / 7 }, shape: [2, 3])
  var metrics = MetricsHistory()
  metrics.append(step: 10, ["loss": 2.5])
  metrics.append(step: 20, ["loss": 1.25, "validation": 3])
  return CheckpointFile(
    provenance: Provenance(
      software: "DataIOTests", softwareVersion: "0.1.0", created: "2026-01-02T03:04:05Z",
      additional: ["commit": .string("abc"), "cores": .integer(2), "load": .reals([0.5, 0.25])]),
    model: [
      StoredArray(path: "layers.0.weight", array: weight, axes: ["out", "in"]),
      StoredArray(path: "layers.0.bias", array: HostArray([1.0, -2.0])),
      StoredArray(path: "mask", array: HostArray([true, false, true]), role: .buffer),
      StoredArray(path: "count", array: HostArray([Int32(3)], shape: []), role: .buffer),
      StoredArray(path: "none", array: HostArray([Float](), shape: [0, 4])),
      StoredArray(path: "", array: HostArray([Float(2)])),
    ],
    ema: [StoredArray(path: "layers.0.weight", array: weight)],
    optimizer: .init(
      kind: "adam", step: 20, attributes: ["learning_rate": .real(1e-3), "schedule": .string("cosine")],
      arrays: [StoredArray(path: "first.layers.0.weight", array: weight, role: .buffer)]),
    randomKeys: [.init(name: "training", words: KeyWords(1, .max)), .init(name: "sampling", words: KeyWords(3, 4))],
    data: .init(
      source: "union2_1", sha256: SHA256.hexadecimal(of: []), position: BatchPosition(key: KeyWords(5, 6), epoch: 3, cursor: 77),
      attributes: ["rows": .integer(580)]),
    progress: .init(step: 20, metrics: metrics, attributes: ["best_loss": .real(1.25)]),
    recipe: "{\"seed\": 1, \"name\": \"λ\"}", environment: "{}")
}

@Suite struct CheckpointTests {
  @Test func everythingSurvives() throws {
    let folder = TemporaryFolder()
    let path = folder.file("latest.h5")
    let checkpoint = sampleCheckpoint()
    try checkpoint.write(to: path)
    let read = try CheckpointFile(contentsOf: path)
    #expect(read == checkpoint)
    #expect(read.progress.metrics.columns["validation"]?.first?.isNaN == true)
    #expect(names(in: folder.path) == ["latest.h5"])
    try read.write(to: folder.file("again.h5"))
    #expect(contents(of: path) == contents(of: folder.file("again.h5")))
  }

  @Test func everyArrayIsChecksummed() throws {
    let folder = TemporaryFolder()
    let path = folder.file("latest.h5")
    try sampleCheckpoint().write(to: path)
    let model = try File.open(path).root.group("model")
    for name in try model.names() {
      let storage = try model.dataset(name).storage()
      #expect(storage.filters == [.fletcher32] || storage.layout == .compact || storage.storedByteCount == 0, "\(name)")
    }
    #expect(try model.names().contains("@"))
  }

  /// Arrays that pass the library uncopied: whole chunks, a last one that is not full, and rows wider than a chunk.
  @Test(arguments: [[1024, 512], [1025, 300], [3, 100_000], [700_001]]) func largeArraysSurvive(_ shape: [Int]) throws {
    let folder = TemporaryFolder()
    let path = folder.file("latest.h5")
    let count = shape.reduce(1, *)
    let checkpoint = CheckpointFile(
      provenance: Provenance(software: "t", softwareVersion: "1"),
      model: [
        StoredArray(path: "weight", array: HostArray((0..<count).map { Float($0) / 7 }, shape: shape)),
        StoredArray(path: "bias", array: HostArray([1.0, 2.0])),
        StoredArray(path: "mask", array: HostArray((0..<count).map { $0 % 3 == 0 }, shape: shape), role: .buffer),
      ])
    try checkpoint.write(to: path)
    #expect(try CheckpointFile(contentsOf: path) == checkpoint)
    // The library finds its own checksums right.
    let dataset = try File.open(path).root.dataset("model/weight")
    #expect(try dataset.storage().filters == [.fletcher32])
    #expect(try HostArray(dataset.read(Float.self), shape: shape) == checkpoint.model["weight"])
    #expect(try FileVerification.verify(path).checksummedCount >= 3)
  }

  @Test func aFileCutAnywhereIsRefused() throws {
    let folder = TemporaryFolder()
    let path = folder.file("latest.h5")
    try sampleCheckpoint().write(to: path)
    let bytes = contents(of: path)
    let lengths = (0..<64).map { bytes.count * $0 / 64 } + (1...200).map { bytes.count - $0 }
    for length in lengths {
      put(bytes.prefix(length), at: path)
      #expect(throws: (any Error).self, "\(length) of \(bytes.count) bytes") { try CheckpointFile(contentsOf: path) }
    }
  }

  @Test func everyFlippedByteIsFound() throws {
    let folder = TemporaryFolder()
    let path = folder.file("latest.h5")
    let checkpoint = sampleCheckpoint()
    try checkpoint.write(to: path)
    let bytes = contents(of: path)
    let key = KeyWords(seed: 1)
    for trial in 0..<10_000 {
      let draw = key.block(UInt64(trial))
      var damaged = bytes
      damaged[Int(draw.first) % bytes.count] ^= UInt8(1 + draw.second % 255)
      put(damaged, at: path)
      #expect(throws: (any Error).self, "trial \(trial)") { try CheckpointFile(contentsOf: path) }
    }
  }

  @Test func theErrorSaysWhatAndWhere() throws {
    let folder = TemporaryFolder()
    let path = folder.file("latest.h5")
    #expect(throws: HDF5Error.missingFile(path)) { try CheckpointFile(contentsOf: path) }
    try sampleCheckpoint().write(to: path)
    var bytes = contents(of: path)
    bytes[3000] ^= 1
    put(bytes, at: path)
    #expect { try CheckpointFile(contentsOf: path) } throws: { error in
      "\(error)"
        == "\(path): found bytes that do not match its seal, expected the bytes that were written; copy the file again or use an older one"
    }
  }

  @Test func pathsThatHDF5WouldReadOtherwiseAreRefused() {
    let folder = TemporaryFolder()
    for name in ["a/b", ".", "@"] {
      let checkpoint = CheckpointFile(
        provenance: Provenance(software: "t", softwareVersion: "1"), model: [StoredArray(path: name, array: HostArray([1.0]))])
      #expect(throws: DataFileError.self) { try checkpoint.write(to: folder.file("a.h5")) }
    }
    #expect(names(in: folder.path).isEmpty)
  }

  @Test func theTimeIsWrittenAsISO8601() {
    let parts = Provenance.now()
    #expect(parts.count == 20 && parts.hasSuffix("Z") && Array(parts)[10] == "T")
  }
}
