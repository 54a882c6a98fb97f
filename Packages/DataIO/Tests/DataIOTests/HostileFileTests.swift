import DataIO
import DataIOTestSupport
import HDF5
import Testing

/// Path of a file in the repository, `up` folders above this one.
func repositoryFile(_ name: String, up: Int, from file: String = #filePath) -> String {
  "/" + file.split(separator: "/").dropLast(up + 1).joined(separator: "/") + "/" + name
}

/// Files written by h5py from FORMAT.md alone (Golden/write_with_h5py.py).
@Suite struct PythonCheckpointTests {
  @Test func aCheckpointWrittenByPythonIsRead() throws {
    let checkpoint = try CheckpointFile(contentsOf: repositoryFile("Golden/python.h5", up: 0))
    #expect(checkpoint.provenance.software == "h5py")
    #expect(checkpoint.model.paths == ["layers.0.bias", "layers.0.weight", "scale"])
    #expect(checkpoint.model["layers.0.weight"] == HostArray((0..<6).map(Float.init), shape: [3, 2]))
    #expect(checkpoint.model[1].axes == ["out", "in"])
    #expect(checkpoint.model[2].role == .buffer)
    #expect(checkpoint.ema["scale"] == HostArray([Float(5)], shape: []))
    #expect(checkpoint.optimizer?.kind == "adam")
    #expect(checkpoint.optimizer?.attributes == ["learning_rate": .real(1e-3)])
    #expect(checkpoint.randomKeys.map(\.words) == [KeyWords(1, 2), KeyWords(3, 4)])
    #expect(checkpoint.data?.position == BatchPosition(key: KeyWords(5, 6), epoch: 2, cursor: 64))
    #expect(checkpoint.progress.step == 7)
    #expect(checkpoint.progress.metrics.steps == [1, 7])
    #expect(checkpoint.recipe == "{\"seed\": 1}")
    let folder = TemporaryFolder()
    try checkpoint.write(to: folder.file("copy.h5"))
    #expect(try CheckpointFile(contentsOf: folder.file("copy.h5")) == checkpoint)
  }

  /// The form of seal that format 1.0 and 1.1 had.
  @Test func aSealOverTheWholeFileIsVerified() throws {
    let path = repositoryFile("Golden/sealed-whole.h5", up: 0)
    #expect(try CheckpointFile(contentsOf: path).progress.step == 7)
    #expect(try FileVerification.verify(path).isSealed)
    let folder = TemporaryFolder()
    var bytes = contents(of: path)
    bytes[bytes.count / 2] ^= 1
    put(bytes, at: folder.file("a.h5"))
    #expect { try CheckpointFile(contentsOf: folder.file("a.h5")) } throws: { "\($0)".contains("do not match its seal") }
  }

  @Test(arguments: [
    ("soft-link.h5", "/model/other: refused, a link of kind soft"),
    ("external-link.h5", "/model/other: refused, a link of kind external"),
    ("virtual.h5", "/model/other: refused, a virtual dataset"),
    ("external-storage.h5", "/model/other: refused, its values lie in another file"),
    ("lzf.h5", "/model/other: refused, filter 32000"),
    ("compound.h5", "/model/other: stored as a compound type"),
    ("bomb.h5", "a shape bomb"),
    ("cycle.h5", "refused, a group with several hard links"),
    ("role.h5", "/model/scale@role: found \"frozen\""),
    ("ema-of-nothing.h5", "/ema/absent: found an average of nothing"),
    ("seal-announced.h5", "found no seal at its end"),
    ("tree-announced.h5", "expected the seal that its attribute digest announces"),
    ("negative-step.h5", "/progress@step: found -1"),
    ("other-generator.h5", "found \"philox\", expected \"threefry2x32-20\""),
    ("no-model.h5", "/model: not in the file"),
    ("version-2.h5", "found \"2.0\", expected 1.x"),
    ("kind-samples.h5", "found \"samples\", expected \"checkpoint\""),
    ("other-format.h5", "found \"keras\""),
  ])
  func hostileFilesAreRefused(_ name: String, _ message: String) {
    #expect { try CheckpointFile(contentsOf: repositoryFile("Golden/" + name, up: 0)) } throws: { error in
      let text = "\(error)"
      if !text.contains(message) { Issue.record("\(name): \(text)") }
      return text.contains(message) && !text.contains("\n")
    }
  }
}
