import CHDF5

/// An attribute's value, whatever its stored type.
public enum AttributeValue: Sendable, Equatable {
  case string(String)
  case strings([String])
  case integer(Int64)
  case integers([Int64])
  case real(Double)
  case reals([Double])
}

/// The attributes of a group or a dataset: scalars and one-dimensional arrays.
public struct Attributes: Sendable {
  let handle: Handle
  let location: Location

  /// Names in alphabetical order.
  public func names() throws -> [String] {
    try Library.synchronized(handle) { _, id in
      // HDF5 enumerates by callback; a growing array behind a pointer collects the names.
      final class Names { var texts: [String] = [] }
      let names = Names()
      var position: hsize_t = 0
      try check(
        H5Aiterate2(
          id, H5_INDEX_NAME, H5_ITER_INC, &position,
          { _, name, _, context in
            if let name, let context { Unmanaged<Names>.fromOpaque(context).takeUnretainedValue().texts.append(String(cString: name)) }
            return 0
          }, Unmanaged.passUnretained(names).toOpaque()), "list the attributes", location)
      return names.texts.sorted()
    }
  }

  /// Whether there is an attribute of that name.
  public func contains(_ name: String) throws -> Bool {
    try Library.synchronized(handle) { _, id in try check(H5Aexists(id, name), "look for attribute \(name)", location) > 0 }
  }

  /// The string attribute `name`, stored in either form.
  public func string(_ name: String) throws -> String {
    let values = try strings(name)
    guard values.count == 1 else {
      throw HDF5Error.wrongShape(place(name), found: [values.count], expected: "one string")
    }
    return values[0]
  }

  /// The strings of attribute `name`, stored in either form; a scalar gives one.
  public func strings(_ name: String) throws -> [String] {
    try reading(name) { attribute, type, space, shape, _ in
      try Strings.read(type: type, space: space, count: shape.reduce(1, *), place(name)) { H5Aread(attribute, $0, $1) }
    }
  }

  /// The number in attribute `name`, widened to `E` where that loses nothing.
  public func scalar<E: Element>(_ name: String, as type: E.Type = E.self) throws -> E {
    let values = try scalars(name, as: type)
    guard values.count == 1 else {
      throw HDF5Error.wrongShape(place(name), found: [values.count], expected: "one \(E.elementType.rawValue)")
    }
    return values[0]
  }

  /// The numbers in attribute `name`; a scalar gives one.
  public func scalars<E: Element>(_ name: String, as type: E.Type = E.self) throws -> [E] {
    try reading(name) { attribute, type, _, shape, _ in
      let stored = StoredType(type)
      let memory = try memoryType(for: E.elementType, stored: stored, storedID: type, place(name))
      return try readElements(count: shape.reduce(1, *), place(name)) { H5Aread(attribute, memory, $0) }
    }
  }

  /// The value of attribute `name` in the widest Swift type of its kind.
  public func value(_ name: String) throws -> AttributeValue {
    let (stored, rank) = try reading(name) { _, type, _, shape, _ in (StoredType(type), shape.count) }
    switch stored {
    case .variableString, .fixedString:
      return rank == 0 ? .string(try string(name)) : .strings(try strings(name))
    case .number(let type) where type.isFloatingPoint:
      return rank == 0 ? .real(try scalar(name)) : .reals(try scalars(name))
    case .number(let type) where type.widens(to: .int64):
      return rank == 0 ? .integer(try scalar(name)) : .integers(try scalars(name))
    case .booleanEnumeration:
      return rank == 0
        ? .integer(try scalar(name, as: Bool.self) ? 1 : 0) : .integers(try scalars(name, as: Bool.self).map { $0 ? 1 : 0 })
    case let other:
      throw HDF5Error.wrongType(place(name), found: other.description, expected: "strings or numbers that fit int64 or float64")
    }
  }

  /// Writes `value`, replacing an attribute of that name.
  public func write(_ value: AttributeValue, to name: String) throws {
    switch value {
    case .string(let text): try write(text, to: name)
    case .strings(let texts): try write(texts, to: name)
    case .integer(let number): try write(number, to: name)
    case .integers(let numbers): try write(numbers, to: name)
    case .real(let number): try write(number, to: name)
    case .reals(let numbers): try write(numbers, to: name)
    }
  }

  /// Writes a scalar string, variable-length UTF-8.
  public func write(_ value: String, to name: String) throws { try writeStrings([value], shape: [], to: name) }

  /// Writes an array of strings, variable-length UTF-8.
  public func write(_ values: [String], to name: String) throws { try writeStrings(values, shape: [values.count], to: name) }

  /// Writes a number, in place of what is there.
  public func write<E: Element>(_ value: E, to name: String) throws { try writeNumbers([value], shape: [], to: name) }

  /// Writes a list of numbers, in place of what is there.
  public func write<E: Element>(_ values: [E], to name: String) throws { try writeNumbers(values, shape: [values.count], to: name) }

  private func writeStrings(_ values: [String], shape: [Int], to name: String) throws {
    try Library.synchronized(handle) { scope, id in
      let type = try Strings.variableType(&scope, place(name))
      let attribute = try create(name, type, shape, on: id, &scope)
      try Strings.withCStrings(values, place(name)) { pointers in
        _ = try check(H5Awrite(attribute, type, pointers), "write", place(name))
      }
    }
  }

  private func writeNumbers<E: Element>(_ values: [E], shape: [Int], to name: String) throws {
    try Library.synchronized(handle) { scope, id in
      let attribute = try create(name, E.elementType.stored, shape, on: id, &scope)
      var source = values
      if source.isEmpty { return }
      try check(H5Awrite(attribute, E.elementType.native, &source), "write", place(name))
    }
  }

  private func create(_ name: String, _ type: hid_t, _ shape: [Int], on id: hid_t, _ scope: inout Scope) throws -> hid_t {
    if H5Aexists(id, name) > 0 { try check(H5Adelete(id, name), "replace", place(name)) }
    let space = try makeSpace(shape, &scope, place(name))
    return try scope.keep(
      H5Acreate2(id, name, type, space, chdf5_default(), chdf5_default()), H5Aclose, "create attribute \(name)", location)
  }

  private func place(_ name: String) -> Location {
    Location(file: location.file, object: location.object + "@" + name)
  }

  private func reading<R>(_ name: String, _ body: (hid_t, hid_t, hid_t, [Int], inout Scope) throws -> R) throws -> R {
    guard try contains(name) else { throw HDF5Error.missing(place(name), available: try names()) }
    return try Library.synchronized(handle) { scope, id in
      let attribute = try scope.keep(H5Aopen(id, name, chdf5_default()), H5Aclose, "open", place(name))
      let type = try scope.keep(H5Aget_type(attribute), H5Tclose, "read the type", place(name))
      let space = try scope.keep(H5Aget_space(attribute), H5Sclose, "read the shape", place(name))
      let extents = try shape(ofSpace: space, place(name))
      // Attributes live in 64-KiB object headers or in one heap object: anything larger is not an attribute.
      guard let count = elementCount(of: extents), count <= 1 << 20 else {
        throw HDF5Error.refused(place(name), reason: "an attribute of shape \(extents) is absurd")
      }
      return try body(attribute, type, space, extents, &scope)
    }
  }
}
