import CHDF5

/// What a datatype in a file is, as far as the format allows it.
enum StoredType: Equatable {
  case number(ElementType)
  /// The enumeration FALSE, TRUE of one byte by which h5py stores NumPy booleans.
  case booleanEnumeration
  case variableString
  case fixedString(byteCount: Int)
  case unsupported(String)

  var description: String {
    switch self {
    case .number(let type): type.rawValue
    case .booleanEnumeration: "a boolean enumeration"
    case .variableString: "variable-length strings"
    case .fixedString(let byteCount): "strings of \(byteCount) bytes"
    case .unsupported(let name): name
    }
  }

  /// Classifies an open datatype. Call with the lock held.
  init(_ type: hid_t) {
    switch H5Tget_class(type) {
    case H5T_INTEGER, H5T_FLOAT:
      let match = ElementType.allCases.first { candidate in
        candidate != .bool && candidate.storedForms.contains { H5Tequal(type, $0) > 0 }
      }
      self =
        match.map(StoredType.number)
        ?? .unsupported("a number of \(H5Tget_size(type)) bytes in a format that is not IEEE or two's complement")
    case H5T_STRING:
      self = H5Tis_variable_str(type) > 0 ? .variableString : .fixedString(byteCount: H5Tget_size(type))
    case H5T_ENUM:
      self = StoredType.isBoolean(type) ? .booleanEnumeration : .unsupported("an enumeration")
    case H5T_COMPOUND: self = .unsupported("a compound type")
    case H5T_REFERENCE: self = .unsupported("references")
    case H5T_VLEN: self = .unsupported("variable-length sequences")
    case H5T_ARRAY: self = .unsupported("an array type")
    case H5T_OPAQUE: self = .unsupported("opaque bytes")
    case H5T_BITFIELD: self = .unsupported("a bit field")
    default: self = .unsupported("a type of an unknown class")
    }
  }

  private static func isBoolean(_ type: hid_t) -> Bool {
    guard H5Tget_size(type) == 1, H5Tget_nmembers(type) == 2 else { return false }
    for (index, name) in ["FALSE", "TRUE"].enumerated() {
      guard let found = H5Tget_member_name(type, UInt32(index)) else { return false }
      defer { H5free_memory(found) }
      var value: Int8 = -1
      guard String(cString: found) == name, H5Tget_member_value(type, UInt32(index), &value) >= 0, value == index else { return false }
    }
    return true
  }
}
