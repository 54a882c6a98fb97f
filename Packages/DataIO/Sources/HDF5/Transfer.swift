import CHDF5

/// The memory type by which values `stored` so are read as `wanted`; throws where that could lose something.
func memoryType(for wanted: ElementType, stored: StoredType, storedID: hid_t, _ location: Location) throws -> hid_t {
  switch stored {
  case .number(let type) where type.widens(to: wanted): return wanted.native
  case .number(.uint8) where wanted == .bool: return wanted.native
  case .booleanEnumeration where wanted == .bool: return storedID
  default: throw HDF5Error.wrongType(location, found: stored.description, expected: wanted.rawValue)
  }
}

/// Reads `count` elements through `transfer(buffer)`; booleans must be stored as 0 and 1.
func readElements<E: Element>(
  count: Int, _ location: Location, _ transfer: (UnsafeMutableRawPointer) -> herr_t
) throws -> [E] {
  try [E](unsafeUninitializedCapacity: count) { buffer, initialized in
    guard count > 0, let base = buffer.baseAddress else { return }
    try readBytes(
      into: UnsafeMutableRawBufferPointer(start: base, count: count * MemoryLayout<E>.stride), E.elementType, location, transfer)
    initialized = count
  }
}

/// Reads into `bytes`; booleans must be stored as 0 and 1.
func readBytes(
  into bytes: UnsafeMutableRawBufferPointer, _ type: ElementType, _ location: Location,
  _ transfer: (UnsafeMutableRawPointer) -> herr_t
) throws {
  guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
  try check(transfer(base), "read", location)
  if type == .bool, let index = bytes.firstIndex(where: { $0 > 1 }) {
    throw HDF5Error.wrongType(location, found: "a boolean of value \(bytes[index]) at element \(index)", expected: "0 or 1")
  }
}
