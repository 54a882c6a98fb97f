import DataIOTestSupport
import HDF5
import Testing

@testable import DataIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct TreeLimitTests {
  @Test func groupsNestedTooDeepAreRefused() throws {
    for (depth, isRefused) in [(16, false), (17, true)] {
      let file = try File.createInMemory(named: "deep.h5")
      _ = try file.root.createGroup(Array(repeating: "g", count: depth).joined(separator: "/"))
      if isRefused {
        #expect { try SafeTree(file, isVerified: true) } throws: { "\($0)".contains("groups nested more than 16 deep") }
      } else {
        #expect(try SafeTree(file, isVerified: true).groups.count == depth)
      }
    }
  }

  @Test func tooManyObjectsAreRefused() throws {
    #expect(SafeTree.largestObjectCount == 100_000)
    let file = try File.createInMemory(named: "many.h5")
    for index in 0..<20 { try file.root.write([1.0], to: "group\(index % 4)/\(index)") }
    let tree = try SafeTree(file, isVerified: true, objectLimit: 24)
    #expect(tree.datasets.count == 20 && tree.groups.count == 4)
    #expect { try SafeTree(file, isVerified: true, objectLimit: 23) } throws: { "\($0)".contains("refused, more than 23 objects") }
  }

  /// Every number in a checkpoint lies under a checksum of HDF5's own, and every byte under the seal.
  @Test func everyNumberOfACheckpointIsChecksummed() throws {
    let folder = TemporaryFolder()
    let path = folder.file("latest.h5")
    var checkpoint = sampleCheckpoint()
    checkpoint.data?.scaling = Scaling(mean: [1, 2], deviation: [3, 4])
    try checkpoint.write(to: path)
    let tree = try FormatTree(contentsOf: path)
    let numbers = tree.items.filter { !$0.holdsStrings }
    for group in ["model/", "ema/", "optimizer/", "random/", "data/scaling/", "progress/metrics/"] {
      #expect(numbers.contains { $0.path.hasPrefix(group) }, "\(group)")
    }
    for item in numbers where !item.shape.isEmpty && !item.shape.contains(0) {
      #expect(item.storage.filters == [.fletcher32], "\(item.path)")
    }
    // Scalars cannot be chunked: they lie in their header, which has a checksum too.
    for item in numbers where item.shape.isEmpty { #expect(item.storage.layout == .compact, "\(item.path)") }
    #expect(tree.isSealed)
  }

  /// What root cannot be told by permissions or small disks: the system stops the write in the middle.
  @Test func aWriteThatIsStoppedLeavesTheOldCheckpoint() async {
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      let path = folder.file("latest.h5")
      let provenance = Provenance(software: "test", softwareVersion: "1")
      let small = CheckpointFile(provenance: provenance, model: [StoredArray(path: "w", array: HostArray([1.0]))])
      try small.write(to: path)
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1 << 16, rlim_max: 1 << 16)
      #if canImport(Glibc)
        precondition(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      #else
        precondition(setrlimit(RLIMIT_FSIZE, &limit) == 0)
      #endif
      let large = CheckpointFile(
        provenance: provenance, model: [StoredArray(path: "w", array: HostArray([Double](repeating: 1, count: 1 << 16)))])
      do {
        try large.write(to: path)
        preconditionFailure("512 KiB were written past a limit of 64")
      } catch {
        precondition(
          "\(error)".contains("cannot be written: writing it stopped after") && "\(error)".contains("File too large"), "\(error)")
      }
      let left = try CheckpointFile(contentsOf: path)
      precondition(left == small)
      precondition(names(in: folder.path) == ["latest.h5"])
    }
  }
}
