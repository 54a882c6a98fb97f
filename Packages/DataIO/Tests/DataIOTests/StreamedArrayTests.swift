import DataIOTestSupport
import HDF5
import Testing

@testable import DataIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

private func golden(_ name: String) -> String { repositoryFile("Golden/\(name)", up: 0) }

/// The header that NumPy writes of an array in Fortran's order.
private func header(_ type: ElementType, _ shape: [Int]) -> [UInt8] {
  let code = NPYHeader.codes.first { $0.type == type }!.code
  let extents = shape.map { "\($0)" }.joined(separator: ", ")
  let text = "{'descr': '\(type.byteCount == 1 ? "|" : "<")\(code)', 'fortran_order': True, 'shape': (\(extents)), }\n"
  return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
}

/// The file that NumPy writes of `numpy.asfortranarray(array)`.
private func columnMajor(_ array: HostArray) -> [UInt8] { header(array.elementType, array.shape) + array.transposed().bytes }

/// The most memory that this process has had at a time.
private func peakByteCount() -> Int {
  #if os(Linux)
    let text = String(decoding: contents(of: "/proc/self/status", upTo: 1 << 13), as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }!
    return Int(line.split(separator: " ", omittingEmptySubsequences: true).dropFirst().first { Int($0) != nil }!)! * 1024
  #else
    var usage = rusage()
    getrusage(RUSAGE_SELF, &usage)
    return usage.ru_maxrss
  #endif
}

/// NPY files in Fortran's order and NPZ members, row by row through windows that hold a fraction of them.
@Suite struct StreamedArrayTests {
  private let folder = TemporaryFolder()

  private func numPy(_ path: String, windowByteCount: Int) throws -> any RowSource {
    try FileRows.numPy(try InputBytes(path, name: "a"), path: path, scratchFolder: folder.path, windowByteCount: windowByteCount)
  }

  /// From windows of one row up to one of the whole file; 4,800 bytes are more rows than the pieces that are read where they lie.
  @Test(arguments: [1, 300, 4_800, 40_000, 1 << 25], [1, 13, 5_000]) func fortransOrderThroughAnyWindow(_ window: Int, _ piece: Int) throws
  {
    let arrays = [
      HostArray((0..<6_000).map { Float($0) / 4 }, shape: [1_500, 4]), HostArray((0..<6_000).map { Int16($0) }, shape: [50, 2, 5, 12]),
      HostArray((0..<6_000).map { Double($0) }, shape: [3, 2_000]), HostArray((0..<6_000).map { $0 % 7 == 0 }, shape: [6, 1_000]),
      HostArray((0..<6_000).map { UInt8($0 % 251) }, shape: [6_000, 1]),
    ]
    for array in arrays {
      let path = folder.file("a.npy")
      put(columnMajor(array), at: path)
      #expect(try NPY.read(contents(of: path), file: "a") == array)
      #expect(try all(numPy(path, windowByteCount: window), piece) == array, "\(array)")
    }
    #expect(names(in: folder.path) == ["a.npy"])
  }

  @Test func fortransOrderOfLongColumnsIsReadWhereItLies() throws {
    let array = HostArray((0..<60_000).map { Float($0) }, shape: [30_000, 2])
    put(columnMajor(array), at: folder.file("a.npy"))
    let source = try FileRows.numPy(
      try InputBytes(folder.file("a.npy"), name: "a"), path: folder.file("a.npy"), scratchFolder: "/no/such/folder",
      windowByteCount: 1 << 14)
    #expect(try all(source, 1_000) == array)
    #expect { try all(numPyWithoutScratch(), 1) } throws: { "\($0)".contains("/no/such/folder: cannot be written") }
  }

  private func numPyWithoutScratch() throws -> any RowSource {
    put(columnMajor(HostArray((0..<600).map { Float($0) }, shape: [20, 30])), at: folder.file("b.npy"))
    return try FileRows.numPy(
      try InputBytes(folder.file("b.npy"), name: "b"), path: folder.file("b.npy"), scratchFolder: "/no/such/folder", windowByteCount: 400)
  }

  @Test(arguments: ["stored.npz", "deflated.npz", "columns-stored.npz", "columns-deflated.npz"], [1, 17, 1_000])
  func membersOfArchives(_ name: String, _ piece: Int) throws {
    let whole = try NPZ.read(contents(of: golden(name)), file: name)
    let archive = try NPZArchive(golden(name), name: name)
    #expect(archive.names == whole.keys.sorted())
    for (name, array) in whole { #expect(try all(archive.rows(of: name, scratchFolder: folder.path), piece) == array, "\(name)") }
    #expect(throws: DataFileError.self) { try archive.rows(of: "none", scratchFolder: folder.path) }
    #expect(names(in: folder.path).isEmpty)
  }

  /// Row by row a damaged file gives the array that it gives as a whole, or an error where the whole gives one.
  @Test(arguments: ["fortran.npy", "columns-stored.npz", "columns-deflated.npz"]) func damageIsFoundRowByRow(_ name: String) throws {
    let path = folder.file("damaged")
    let seed = contents(of: golden(name))
    let isArchive = name.hasSuffix("npz")
    let key = KeyWords(seed: 9)
    var refused = 0
    for trial in 0..<400 {
      let bytes = InterchangeTests.mutated(seed, key.block(UInt64(trial)))
      put(bytes, at: path)
      let expected = isArchive ? (try? NPZ.read(bytes, file: "a")) : (try? NPY.read(bytes, file: "a")).map { ["x": $0] }
      var found: [String: HostArray] = [:]
      do {
        if isArchive {
          let archive = try NPZArchive(path, name: "a")
          for name in archive.names { found[name] = try all(archive.rows(of: name, scratchFolder: folder.path), 11) }
        } else {
          found["x"] = try all(numPy(path, windowByteCount: 16), 1)
        }
        #expect(found == expected, "trial \(trial)")
      } catch is DataFileError {
        refused += 1
        // One number has no rows, which is an error here only.
        #expect(expected?.values.allSatisfy { !$0.shape.isEmpty } != true, "trial \(trial)")
      }
    }
    #expect(refused > 50)
  }

  /// Memory does not grow with the file: 256 MiB pass through a process that holds less than half of it at a time, where columns are
  /// long and where they are short.
  @Test func memoryIsBounded() async {
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      for (rows, width, piece) in [(1 << 18, 256, 1 << 12), (1 << 13, 1 << 13, 1 << 7)] {
        let path = folder.file("large.npy")
        let head = header(.float32, [rows, width])
        put(head, at: path)
        precondition(truncate(path, off_t(head.count + rows * width * 4)) == 0)
        let source = try FileRows.npy(path, name: "a", scratchFolder: folder.path)
        var count = 0
        while let part = try source.next(piece) { count += part.rowCount }
        precondition(count == rows, "\(count) rows")
      }
      precondition(peakByteCount() < 128 << 20, "\(peakByteCount()) bytes")
    }
  }
}
