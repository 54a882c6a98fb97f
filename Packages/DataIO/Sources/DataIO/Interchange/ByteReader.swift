import HDF5

/// Reads numbers from bytes that may end too early; every read is checked.
struct ByteReader {
  let bytes: [UInt8]
  let file: String
  var position = 0

  init(_ bytes: [UInt8], file: String, position: Int = 0) {
    self.bytes = bytes
    self.file = file
    self.position = position
  }

  var remaining: Int { bytes.count - position }

  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw damaged("\(remaining) bytes from byte \(position) on", expected: "\(count)") }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// An unsigned integer of `T`'s size, low byte first unless `bigEndian`.
  mutating func integer<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type = T.self, bigEndian: Bool = false) throws -> T {
    let taken = try take(T.bitWidth / 8)
    return bigEndian ? taken.reduce(0) { $0 << 8 | T($1) } : taken.reversed().reduce(0) { $0 << 8 | T($1) }
  }

  func damaged(_ found: String, expected: String) -> DataFileError {
    DataFileError(.damaged, file: file, found: found, expected: expected, remedy: "get the file again")
  }
}

extension HostArray {
  /// An array whose elements lie in `bytes`, turned to native order when `bigEndian` says they are not. `bytes` fills the shape.
  init(_ type: ElementType, shape: [Int], swapping bytes: ArraySlice<UInt8>, bigEndian: Bool) {
    let isNative = bigEndian == (1.bigEndian == 1)
    let size = type.byteCount
    guard !isNative, size > 1 else {
      self.init(elementType: type, shape: shape, bytes: Array(bytes))
      return
    }
    let first = bytes.startIndex
    let swapped = [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, initialized in
      for start in stride(from: 0, to: bytes.count, by: size) {
        for byte in 0..<size { buffer[start + byte] = bytes[first + start + size - 1 - byte] }
      }
      initialized = bytes.count
    }
    self.init(elementType: type, shape: shape, bytes: swapped)
  }
}

/// The number of bytes that an array of `shape` takes; nil when that of its axes that are not empty is absurd.
func byteCount(of shape: [Int], _ elementBytes: Int) -> Int? {
  guard let full = elementCount(of: shape.filter { $0 != 0 }), !full.multipliedReportingOverflow(by: elementBytes).overflow else {
    return nil
  }
  return shape.contains(0) ? 0 : full * elementBytes
}
