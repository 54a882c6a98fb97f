import DataIOTestSupport
import HDF5
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Locks of others, which HDF5 respects: those of a moment are waited for.
@Suite struct LockTests {
  private func lockedFile(_ folder: TemporaryFolder) throws -> (path: String, descriptor: Int32) {
    let path = folder.file("a.h5")
    let file = try File.create(path)
    try file.root.write([1, 2, 3] as [Int32], shape: [3], to: "x", storage: .contiguous)
    try file.close()
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    try #require(flock(descriptor, LOCK_EX) == 0)
    return (path, descriptor)
  }

  @Test func aLockOfAMomentIsWaitedFor() throws {
    let folder = TemporaryFolder()
    let (path, descriptor) = try lockedFile(folder)
    // A thread of its own: tasks wait for the tests that block theirs.
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let status = pthread_create(
      &thread, nil,
      { descriptor in
        usleep(20_000)
        flock(Int32(Int(bitPattern: descriptor)), LOCK_UN)
        return nil
      }, UnsafeMutableRawPointer(bitPattern: Int(descriptor)))
    try #require(status == 0)
    #expect(try File.open(path).root.dataset("x").read(Int32.self) == [1, 2, 3])
    close(descriptor)
  }

  @Test func aLockThatStaysIsAnError() throws {
    let folder = TemporaryFolder()
    let (path, descriptor) = try lockedFile(folder)
    defer { close(descriptor) }
    let error = #expect(throws: HDF5Error.self) { try File.open(path) }
    #expect("\(error!)".contains("unable to lock file"))
  }
}
