import HDF5

/// An array in the host's memory: element type, shape, and its bytes, row-major in native order.
public struct HostArray: Sendable, Equatable {
  public let elementType: ElementType
  public let shape: [Int]
  public let bytes: [UInt8]

  public init(elementType: ElementType, shape: [Int], bytes: [UInt8]) {
    precondition(
      shape.reduce(elementType.byteCount, *) == bytes.count,
      "HostArray: \(bytes.count) bytes do not fill \(elementType.rawValue)\(shape); give shape.reduce(byteCount, *) bytes")
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }

  /// One-dimensional when no shape is given.
  public init<E: Element>(_ values: [E], shape: [Int]? = nil) {
    self.init(elementType: E.elementType, shape: shape ?? [values.count], bytes: values.withUnsafeBytes { Array($0) })
  }

  /// The whole dataset, in its stored type.
  public init(_ dataset: Dataset) throws { try self.init(dataset, isVerified: false) }

  /// As above; what a seal has vouched for needs no second checksum.
  init(_ dataset: Dataset, isVerified: Bool) throws {
    guard let type = try HostArray.storedType(of: dataset) else {
      throw HDF5Error.wrongType(dataset.location, found: dataset.typeDescription, expected: "numbers or booleans")
    }
    self.init(elementType: type, shape: dataset.shape, bytes: try BlockReader.bytes(of: dataset, type, isVerified: isVerified))
  }

  /// The type of the numbers, uint8 marked as booleans being booleans; nil for what holds no numbers.
  static func storedType(of dataset: Dataset) throws -> ElementType? {
    let isMarked =
      try dataset.elementType == .uint8 && dataset.attributes.contains("encoding") && dataset.attributes.string("encoding") == "bool"
    return isMarked ? .bool : dataset.elementType
  }

  public var count: Int { shape.reduce(1, *) }

  /// Extent of the first axis; 1 for a scalar.
  public var rowCount: Int { shape.first ?? 1 }

  /// Elements of one row.
  public var rowLength: Int { shape.dropFirst().reduce(1, *) }

  /// The elements, whose type must be `E`.
  public func values<E: Element>(as type: E.Type = E.self) -> [E] {
    precondition(E.elementType == elementType, "HostArray.values: asked for \(E.elementType.rawValue), holds \(elementType.rawValue)")
    return [E](unsafeUninitializedCapacity: count) { buffer, initialized in
      bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      initialized = count
    }
  }

  /// The elements as float64; integers beyond 2^53 are rounded.
  public var doubles: [Double] {
    switch elementType {
    case .float32: values(as: Float.self).map(Double.init)
    case .float64: values()
    case .int8: values(as: Int8.self).map(Double.init)
    case .int16: values(as: Int16.self).map(Double.init)
    case .int32: values(as: Int32.self).map(Double.init)
    case .int64: values(as: Int64.self).map(Double.init)
    case .uint8: values(as: UInt8.self).map(Double.init)
    case .uint16: values(as: UInt16.self).map(Double.init)
    case .uint32: values(as: UInt32.self).map(Double.init)
    case .uint64: values(as: UInt64.self).map(Double.init)
    case .bool: values(as: Bool.self).map { $0 ? 1 : 0 }
    }
  }

  /// The same values as float32 or float64, rounded once.
  public func cast(to type: ElementType) -> HostArray {
    precondition(type.isFloatingPoint, "HostArray.cast: \(type.rawValue) is not a floating-point type; use float32 or float64")
    if type == elementType { return self }
    return type == .float64 ? HostArray(doubles, shape: shape) : HostArray(doubles.map(Float.init), shape: shape)
  }

  /// The same elements in another shape of as many.
  public func reshaped(_ shape: [Int]) -> HostArray { HostArray(elementType: elementType, shape: shape, bytes: bytes) }

  /// The rows of `indices` along the first axis, in that order.
  public func rows(_ indices: [Int]) -> HostArray {
    precondition(!shape.isEmpty, "HostArray.rows: a scalar has no rows")
    let size = rowLength * elementType.byteCount
    let gathered = [UInt8](unsafeUninitializedCapacity: indices.count * size) { buffer, initialized in
      bytes.withUnsafeBytes { source in
        for (position, index) in indices.enumerated() where size > 0 {
          precondition(index >= 0 && index < shape[0], "HostArray.rows: row \(index) of \(shape[0])")
          UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[position * size..<(position + 1) * size])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[index * size..<(index + 1) * size]))
        }
      }
      initialized = indices.count * size
    }
    return HostArray(elementType: elementType, shape: [indices.count] + shape.dropFirst(), bytes: gathered)
  }

  /// The rows of `range` along the first axis.
  public func rows(_ range: Range<Int>) -> HostArray {
    precondition(!shape.isEmpty && range.upperBound <= shape[0], "HostArray.rows: \(range) of shape \(shape)")
    let size = rowLength * elementType.byteCount
    return HostArray(
      elementType: elementType, shape: [range.count] + shape.dropFirst(),
      bytes: Array(bytes[range.lowerBound * size..<range.upperBound * size]))
  }

  /// Position in row-major order of the first NaN or infinity.
  public var firstNonFinite: Int? {
    switch elementType {
    case .float32: values(as: Float.self).firstIndex { !$0.isFinite }
    case .float64: values(as: Double.self).firstIndex { !$0.isFinite }
    default: nil
    }
  }
}

extension HostArray: CustomStringConvertible {
  public var description: String { "\(elementType.rawValue)\(shape)" }
}
