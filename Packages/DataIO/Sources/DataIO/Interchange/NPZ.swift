import CZLIB
import HDF5

/// NumPy's format for several arrays: a ZIP archive of NPY files, stored or deflated.
public enum NPZ {
  /// The arrays of an archive by name; members that are not NPY files are refused. `file` names the archive in errors.
  public static func read(_ contents: [UInt8], file: String) throws -> [String: HostArray] {
    let archive = ArchiveBytes(contents, name: file)
    return try members(of: archive).mapValues { try NPY.read(try $0.contents(in: archive), file: $0.place(in: archive)) }
  }

  /// The members by the names of their arrays.
  static func members(of archive: ArchiveBytes) throws -> [String: ZIPEntry] {
    var members: [String: ZIPEntry] = [:]
    for entry in try ZIPEntry.entries(of: archive) {
      guard entry.name.hasSuffix(".npy") else {
        throw DataFileError(.wrongKind, file: archive.name, place: entry.name, found: "another kind of member", expected: "NPY files")
      }
      let name = String(entry.name.dropLast(4))
      guard members.updateValue(entry, forKey: name) == nil else {
        throw DataFileError(.inconsistent, file: archive.name, place: entry.name, found: "the name twice", expected: "each name once")
      }
    }
    return members
  }

  /// An archive of `arrays`, stored, in the order given, without times: the same arrays give the same bytes.
  public static func contents(_ arrays: [(name: String, array: HostArray)], file: String) throws -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (name, array) in arrays {
      let body = NPY.contents(array)
      guard body.count < UInt32.max, archive.count < UInt32.max, arrays.count < UInt16.max else {
        throw DataFileError(.refused, file: file, place: name, found: "\(body.count) bytes", expected: "less than 4 GiB in all")
      }
      let member = Array("\(name).npy".utf8)
      let checksum = UInt32(truncatingIfNeeded: body.withUnsafeBytes { czlib_crc32($0.baseAddress, $0.count) })
      // Version 2.0, UTF-8 names, stored, 1 January 1980.
      let common =
        little(UInt16(20)) + little(UInt16(0x800)) + little(UInt16(0)) + little(UInt16(0)) + little(UInt16(0x21)) + little(checksum)
        + little(UInt32(body.count)) + little(UInt32(body.count)) + little(UInt16(member.count)) + little(UInt16(0))
      directory += little(ZIPEntry.directorySignature) + little(UInt16(20)) + common
      directory += [UInt8](repeating: 0, count: 10) + little(UInt32(archive.count)) + member
      archive += little(ZIPEntry.localSignature) + common + member + body
    }
    let start = UInt32(archive.count)
    archive += directory
    archive += little(ZIPEntry.endSignature) + little(UInt32(0)) + little(UInt16(arrays.count)) + little(UInt16(arrays.count))
    return archive + little(UInt32(directory.count)) + little(start) + little(UInt16(0))
  }

  private static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
}
