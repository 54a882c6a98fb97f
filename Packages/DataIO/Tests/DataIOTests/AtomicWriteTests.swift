import DataIO
import DataIOTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct AtomicWriteTests {
  @Test func partsBecomeOneFileAndNothingElse() throws {
    let folder = TemporaryFolder()
    let path = folder.file("a.bin")
    try AtomicWrite.write([[1, 2], [], [3]], to: path)
    #expect(contents(of: path) == [1, 2, 3])
    try AtomicWrite.write([[9]], to: path)
    #expect(contents(of: path) == [9])
    #expect(names(in: folder.path) == ["a.bin"])
  }

  @Test func aMissingFolderIsSaid() {
    #expect { try AtomicWrite.write([[1]], to: "/tmp/no/such/folder/a.bin") } throws: { error in
      "\(error)"
        == "/tmp/no/such/folder/a.bin: cannot be written: its folder cannot take a new file (No such file or directory); create the folder first"
    }
  }

  @Test func aFolderOfThatNameIsNotReplaced() throws {
    let folder = TemporaryFolder()
    let path = folder.file("taken")
    mkdir(path, 0o755)
    #expect(throws: DataFileError.self) { try AtomicWrite.write([[1]], to: path) }
    #expect(names(in: folder.path) == ["taken"])
    rmdir(path)
  }

  @Test(.enabled(if: permissionsBind, "root may write anywhere")) func aReadOnlyFolderIsSaid() {
    let folder = TemporaryFolder()
    chmod(folder.path, 0o555)
    defer { chmod(folder.path, 0o755) }
    #expect { try AtomicWrite.write([[1]], to: folder.file("a.bin")) } throws: { ($0 as? DataFileError)?.problem == .notWritten }
    #expect(names(in: folder.path).isEmpty)
  }

  @Test(.enabled(if: TinyDisk.isAvailable, "mounting a file system needs root")) func aReadOnlyDiskIsSaid() throws {
    let disk = try #require(TinyDisk())
    let path = disk.path + "/a.bin"
    try AtomicWrite.write([[1, 2, 3]], to: path)
    disk.makeReadOnly()
    #expect { try AtomicWrite.write([[1]], to: path) } throws: { error in
      "\(error)".hasSuffix("(Read-only file system); choose a folder you may write to")
    }
    #expect(contents(of: path) == [1, 2, 3])
    #expect(names(in: disk.path) == ["a.bin"])
  }

  @Test(.enabled(if: TinyDisk.isAvailable, "mounting a file system needs root")) func aFullDiskLeavesTheOldFile() throws {
    let disk = try #require(TinyDisk())
    let path = disk.path + "/a.bin"
    try AtomicWrite.write([[1, 2, 3]], to: path)
    #expect { try AtomicWrite.write([[UInt8](repeating: 7, count: 1 << 17)], to: path) } throws: { error in
      "\(error)".contains("No space left on device") && "\(error)".contains("free some space")
    }
    #expect(contents(of: path) == [1, 2, 3])
    #expect(names(in: disk.path) == ["a.bin"])
  }

  @Test(.enabled(if: TinyDisk.isAvailable, "mounting a file system needs root")) func aFullDiskLeavesTheOldCheckpoint() throws {
    let disk = try #require(TinyDisk())
    let path = disk.path + "/latest.h5"
    let provenance = Provenance(software: "test", softwareVersion: "1")
    let small = CheckpointFile(provenance: provenance, model: [StoredArray(path: "w", array: HostArray([1.0]))])
    try small.write(to: path)
    let large = CheckpointFile(
      provenance: provenance, model: [StoredArray(path: "w", array: HostArray([Double](repeating: 1, count: 1 << 14)))])
    for _ in 0..<5 { #expect(throws: DataFileError.self) { try large.write(to: path) } }
    #expect(try CheckpointFile(contentsOf: path) == small)
    #expect(names(in: disk.path) == ["latest.h5"])
  }

  @Test func leftoversOfDeadProcessesGo() throws {
    let folder = TemporaryFolder()
    // Process numbers end below 2^22 on Linux.
    for name in [".latest.h5.9999999-3.tmp", ".latest.h5.\(getpid())-3.tmp", "latest.h5", ".other.tmp", ".a.9999999.tmp"] {
      put([1], at: folder.file(name))
    }
    AtomicWrite.removeLeftovers(in: folder.path)
    #expect(names(in: folder.path) == [".a.9999999.tmp", ".latest.h5.\(getpid())-3.tmp", ".other.tmp", "latest.h5"])
  }
}
