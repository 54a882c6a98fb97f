import HDF5

/// NumPy's format for one array: a header, which is a Python dictionary, and the numbers.
public enum NPY {
  /// The array in the contents of a file; Fortran's order becomes row-major. `file` names it in errors.
  public static func read(_ contents: [UInt8], file: String) throws -> HostArray {
    var reader = ByteReader(contents, file: file)
    var offset = 8
    let header = try header(reader) { count in
      defer { offset += count }
      var rest = ByteReader(contents, file: file, position: offset)
      return Array(try rest.take(count))
    }
    reader.position = offset
    guard let size = byteCount(of: header.shape, header.type.byteCount), size == reader.remaining else {
      throw reader.damaged("\(reader.remaining) bytes of numbers", expected: "those of \(header.type.rawValue)\(header.shape)")
    }
    let bytes = try reader.take(size)
    if header.type == .bool, let value = bytes.first(where: { $0 > 1 }) {
      throw reader.damaged("a boolean of value \(value)", expected: "0 or 1")
    }
    guard header.isFortranOrder, header.shape.count > 1 else {
      return HostArray(header.type, shape: header.shape, swapping: bytes, bigEndian: header.isBigEndian)
    }
    return HostArray(header.type, shape: header.shape.reversed(), swapping: bytes, bigEndian: header.isBigEndian).transposed()
  }

  /// The header; `reader` has the first eight bytes, and `more` gives those that follow.
  static func header(_ reader: ByteReader, _ more: (Int) throws -> [UInt8]) throws -> NPYHeader {
    var reader = reader
    guard try Array(reader.take(6)) == magic else {
      throw DataFileError(.wrongKind, file: reader.file, found: "other first bytes", expected: "an NPY file, which starts with \\x93NUMPY")
    }
    let major = try reader.integer(UInt8.self)
    guard (1...3).contains(major) else { throw reader.damaged("version \(major)", expected: "version 1, 2 or 3") }
    var size = ByteReader(try more(major == 1 ? 2 : 4), file: reader.file)
    let length = major == 1 ? Int(try size.integer(UInt16.self)) : Int(try size.integer(UInt32.self))
    guard length <= 1 << 20 else { throw reader.damaged("a header of \(length) bytes", expected: "at most 1 MiB") }
    return try NPYHeader(String(decoding: try more(length), as: UTF8.self), reader)
  }

  /// The contents of an NPY file of version 1.0.
  public static func contents(_ array: HostArray) -> [UInt8] {
    let shape = array.shape.count == 1 ? "(\(array.shape[0]),)" : "(" + array.shape.map(String.init).joined(separator: ", ") + ")"
    let order = array.elementType.byteCount == 1 ? "|" : "<"
    let code = NPYHeader.codes.first { $0.type == array.elementType }!.code
    var header = "{'descr': '\(order)\(code)', 'fortran_order': False, 'shape': \(shape), }"
    // The numbers begin at a multiple of 64 bytes.
    header += String(repeating: " ", count: (64 - (10 + header.utf8.count + 1) % 64) % 64) + "\n"
    let length = header.utf8.count
    let body = HostArray(array.elementType, shape: array.shape, swapping: array.bytes[...], bigEndian: 1.bigEndian == 1)
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(header.utf8) + body.bytes
  }

  private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
}

/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`
struct NPYHeader {
  var type = ElementType.float64
  var isBigEndian = false
  var isFortranOrder = false
  var shape: [Int] = []

  static let codes: [(code: String, type: ElementType)] = [
    ("f4", .float32), ("f8", .float64), ("i1", .int8), ("i2", .int16), ("i4", .int32), ("i8", .int64), ("u1", .uint8), ("u2", .uint16),
    ("u4", .uint32), ("u8", .uint64), ("b1", .bool),
  ]

  init(_ text: String, _ reader: ByteReader) throws {
    func value(of name: String) throws -> Substring {
      guard let key = text.firstRange(of: "'\(name)':") else { throw reader.damaged("a header without '\(name)'", expected: "one with it") }
      return text[key.upperBound...].drop { $0 == " " }
    }
    let description = try value(of: "descr")
    guard description.first == "'", let end = description.dropFirst().firstIndex(of: "'") else {
      throw reader.damaged("a type of several fields", expected: "an array of plain numbers")
    }
    let code = description[description.index(after: description.startIndex)..<end]
    guard let order = code.first, "<>|=".contains(order), let match = NPYHeader.codes.first(where: { $0.code == code.dropFirst() }) else {
      throw DataFileError(
        .wrongType, file: reader.file, found: "type '\(code)'",
        expected: "one of \(NPYHeader.codes.map(\.code).joined(separator: ", "))", remedy: "save the array as float32 or float64")
    }
    type = match.type
    isBigEndian = order == ">"
    let fortran = try value(of: "fortran_order")
    guard fortran.hasPrefix("True") || fortran.hasPrefix("False") else {
      throw reader.damaged("another fortran_order", expected: "True or False")
    }
    isFortranOrder = fortran.hasPrefix("True")
    let tuple = try value(of: "shape")
    guard tuple.first == "(", let close = tuple.firstIndex(of: ")") else { throw reader.damaged("another shape", expected: "a tuple") }
    let extents = tuple[tuple.index(after: tuple.startIndex)..<close].split(separator: ",", omittingEmptySubsequences: true)
    shape = try extents.map { text in
      let digits = text.filter { $0 != " " }
      if digits.isEmpty { return -1 }
      guard let extent = Int(digits), extent >= 0 else { throw reader.damaged("an axis of '\(text)'", expected: "a count") }
      return extent
    }.filter { $0 >= 0 }
    guard shape.count <= 32 else { throw reader.damaged("\(shape.count) axes", expected: "at most 32") }
  }
}

extension HostArray {
  /// The array with its axes reversed.
  func transposed() -> HostArray {
    let size = elementType.byteCount
    let target = Array(shape.reversed())
    guard count > 0 else { return HostArray(elementType: elementType, shape: target, bytes: []) }
    // Strides of this array, met in the order of the target's axes.
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    strides.reverse()
    var index = [Int](repeating: 0, count: shape.count)
    var source = 0
    let moved = [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, initialized in
      for element in 0..<count {
        for byte in 0..<size { buffer[element * size + byte] = bytes[source * size + byte] }
        var axis = target.count - 1
        while axis >= 0 {
          index[axis] += 1
          source += strides[axis]
          if index[axis] < target[axis] { break }
          source -= strides[axis] * target[axis]
          index[axis] = 0
          axis -= 1
        }
      }
      initialized = bytes.count
    }
    return HostArray(elementType: elementType, shape: target, bytes: moved)
  }
}
