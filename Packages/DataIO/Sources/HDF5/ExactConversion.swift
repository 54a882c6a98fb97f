/// Conversion by value: allowed wherever every number that is there has an exact image.
extension Dataset {
  /// All elements, or those of `selection`, as `E`; throws at the first value that `E` cannot hold exactly.
  ///
  /// Unlike `read`, which asks only the types, this looks at the values: labels that Python stored as int64 become int32.
  public func readExactly<E: Element & ExactlyConvertible>(_ type: E.Type = E.self, _ selection: Hyperslab? = nil) throws -> [E] {
    guard let storedType = elementType else {
      throw HDF5Error.wrongType(location, found: typeDescription, expected: E.elementType.rawValue)
    }
    if storedType.widens(to: E.elementType) { return try read(E.self, selection) }
    switch storedType {
    case .float32, .float64: return try converted(try read(Double.self, selection)) { E(exactly: $0) }
    case .uint64: return try converted(try read(UInt64.self, selection)) { E(exactly: $0) }
    case .bool: throw HDF5Error.wrongType(location, found: typeDescription, expected: E.elementType.rawValue)
    default: return try converted(try read(Int64.self, selection)) { E(exactly: $0) }
    }
  }

  private func converted<Stored, E: Element>(_ values: [Stored], _ convert: (Stored) -> E?) throws -> [E] {
    try values.enumerated().map { index, value in
      guard let exact = convert(value) else {
        throw HDF5Error.wrongType(
          location, found: "\(value) at element \(index)", expected: "values that \(E.elementType.rawValue) holds exactly")
      }
      return exact
    }
  }
}

/// A number type that says whether it can hold a value exactly; NaN has no exact image.
public protocol ExactlyConvertible {
  init?(exactly value: Double)
  init?(exactly value: Int64)
  init?(exactly value: UInt64)
}

extension Float: ExactlyConvertible {}
extension Double: ExactlyConvertible {}
extension Int8: ExactlyConvertible {}
extension Int16: ExactlyConvertible {}
extension Int32: ExactlyConvertible {}
extension Int64: ExactlyConvertible {}
extension UInt8: ExactlyConvertible {}
extension UInt16: ExactlyConvertible {}
extension UInt32: ExactlyConvertible {}
extension UInt64: ExactlyConvertible {}
