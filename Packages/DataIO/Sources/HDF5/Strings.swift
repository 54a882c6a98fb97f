import CHDF5

/// Strings are written variable-length UTF-8 and read in both forms, with any padding.
enum Strings {
  /// The variable-length UTF-8 type. Call with the lock held.
  static func variableType(_ scope: inout Scope, _ location: Location) throws -> hid_t {
    let type = try scope.keep(H5Tcopy(chdf5_c_string()), H5Tclose, "describe a string", location)
    try check(H5Tset_size(type, chdf5_variable_length()), "describe a string", location)
    try check(H5Tset_cset(type, H5T_CSET_UTF8), "describe a string", location)
    return type
  }

  /// Hands `body` the C strings of `values`. A NUL inside a string would cut it short, so it is refused.
  static func withCStrings<R>(
    _ values: [String], _ location: Location, _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws -> R
  ) throws -> R {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for value in values {
      guard !value.utf8.contains(0) else { throw HDF5Error.refused(location, reason: "a string with a NUL character cannot be stored") }
      starts.append(bytes.count)
      bytes.append(contentsOf: value.utf8CString)
    }
    if bytes.isEmpty { bytes.append(0) }
    return try bytes.withUnsafeBufferPointer { storage in
      var pointers = starts.map { Optional(storage.baseAddress! + $0) }
      if pointers.isEmpty { pointers.append(storage.baseAddress!) }
      return try pointers.withUnsafeBufferPointer { try body($0.baseAddress!) }
    }
  }

  /// Reads `count` strings of the stored `type` through `transfer(memoryType, buffer)`. Call with the lock held.
  static func read(
    type: hid_t, space: hid_t, count: Int, _ location: Location, _ transfer: (hid_t, UnsafeMutableRawPointer) -> herr_t
  ) throws -> [String] {
    guard count > 0 else { return [] }
    switch StoredType(type) {
    case .variableString:
      let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: count)
      pointers.initialize(repeating: nil, count: count)
      defer { pointers.deallocate() }
      try check(transfer(type, pointers), "read strings", location)
      defer { _ = H5Dvlen_reclaim(type, space, chdf5_default(), pointers) }
      return try (0..<count).map { index in
        guard let pointer = pointers[index] else { return "" }
        return try decode(UnsafeBufferPointer(start: pointer, count: length(of: pointer)), location)
      }
    case .fixedString(let size):
      let (total, overflow) = size.multipliedReportingOverflow(by: count)
      guard !overflow, size > 0 else { throw HDF5Error.refused(location, reason: "\(count) strings of \(size) bytes are absurd") }
      let padding = H5Tget_strpad(type)
      let storage = try [CChar](unsafeUninitializedCapacity: total) { buffer, initialized in
        buffer.initialize(repeating: 0)
        try check(transfer(type, buffer.baseAddress!), "read strings", location)
        initialized = total
      }
      return try (0..<count).map { index in
        var text = storage[index * size..<(index + 1) * size]
        if padding == H5T_STR_SPACEPAD {
          while text.last == 0x20 { text.removeLast() }
        } else if padding == H5T_STR_NULLTERM {
          text = text.prefix { $0 != 0 }
        }
        while text.last == 0 { text.removeLast() }
        return try text.withUnsafeBufferPointer { try decode($0, location) }
      }
    case let other:
      throw HDF5Error.wrongType(location, found: other.description, expected: "strings")
    }
  }

  private static func length(of pointer: UnsafePointer<CChar>) -> Int {
    var count = 0
    while pointer[count] != 0 { count += 1 }
    return count
  }

  private static func decode(_ text: UnsafeBufferPointer<CChar>, _ location: Location) throws -> String {
    guard let value = String(validating: text.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self) else {
      throw HDF5Error.wrongType(location, found: "text that is not UTF-8", expected: "UTF-8")
    }
    return value
  }
}
