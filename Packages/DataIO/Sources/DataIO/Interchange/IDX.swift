import HDF5

/// The IDX format of the MNIST files: a type, a shape, and big-endian numbers; plain or packed with gzip.
public enum IDX {
  /// Packed files may unpack to at most this.
  public static let largestByteCount = 1 << 32

  /// The array in the contents of a file; `file` names it in errors.
  public static func read(_ contents: [UInt8], file: String) throws -> HostArray {
    let isPacked = contents.starts(with: [0x1F, 0x8B])
    var reader = ByteReader(isPacked ? try Inflate.gzip(contents, limit: largestByteCount, file: file) : contents, file: file)
    let (type, rank) = try header(reader)
    reader.position += 4
    let shape = try (0..<rank).map { _ in Int(try reader.integer(UInt32.self, bigEndian: true)) }
    guard let size = byteCount(of: shape, type.byteCount), size == reader.remaining else {
      throw reader.damaged("\(reader.remaining) bytes of numbers", expected: "those of \(type.rawValue)\(shape)")
    }
    return HostArray(type, shape: shape, swapping: try reader.take(size), bigEndian: true)
  }

  /// Type and number of axes in the first four bytes.
  static func header(_ reader: ByteReader) throws -> (ElementType, rank: Int) {
    var reader = reader
    guard try reader.integer(UInt16.self) == 0 else {
      throw DataFileError(.wrongKind, file: reader.file, found: "other first bytes", expected: "the two zero bytes of an IDX file")
    }
    let code = try reader.integer(UInt8.self)
    guard let type = types[code] else {
      throw DataFileError(
        .wrongType, file: reader.file, found: "type \(code)",
        expected: "8, 9, 11, 12, 13 or 14 (uint8, int8, int16, int32, float32, float64)")
    }
    let rank = Int(try reader.integer(UInt8.self))
    guard (1...32).contains(rank) else { throw reader.damaged("\(rank) axes", expected: "1 to 32") }
    return (type, rank)
  }

  private static let types: [UInt8: ElementType] = [8: .uint8, 9: .int8, 11: .int16, 12: .int32, 13: .float32, 14: .float64]
}
