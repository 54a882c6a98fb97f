import CHDF5

/// The numeric types of the format. Booleans are stored as uint8 with the attribute `encoding = "bool"`.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  case float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64, bool

  public var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

  /// Whether every value of this type has an exact image in `other`.
  public func widens(to other: ElementType) -> Bool {
    if self == other { return true }
    if self == .bool || other == .bool { return false }
    if isFloatingPoint { return self == .float32 && other == .float64 }
    switch other {
    case .float32: return integerBits <= 24
    case .float64: return integerBits <= 53
    default: return integerBits <= other.integerBits && (!isSigned || other.isSigned)
    }
  }

  private var isSigned: Bool { [.int8, .int16, .int32, .int64].contains(self) }
  /// Bits of magnitude.
  private var integerBits: Int { byteCount * 8 - (isSigned ? 1 : 0) }

  /// The type in memory.
  var native: hid_t {
    switch self {
    case .float32: chdf5_native_float32()
    case .float64: chdf5_native_float64()
    case .int8: chdf5_native_int8()
    case .int16: chdf5_native_int16()
    case .int32: chdf5_native_int32()
    case .int64: chdf5_native_int64()
    case .uint8, .bool: chdf5_native_uint8()
    case .uint16: chdf5_native_uint16()
    case .uint32: chdf5_native_uint32()
    case .uint64: chdf5_native_uint64()
    }
  }

  /// The type on disk: little-endian.
  var stored: hid_t { storedForms[0] }

  /// Little- and big-endian forms; both are read.
  var storedForms: [hid_t] {
    switch self {
    case .float32: [chdf5_little_float32(), chdf5_big_float32()]
    case .float64: [chdf5_little_float64(), chdf5_big_float64()]
    case .int8: [chdf5_little_int8(), chdf5_big_int8()]
    case .int16: [chdf5_little_int16(), chdf5_big_int16()]
    case .int32: [chdf5_little_int32(), chdf5_big_int32()]
    case .int64: [chdf5_little_int64(), chdf5_big_int64()]
    case .uint8, .bool: [chdf5_little_uint8(), chdf5_big_uint8()]
    case .uint16: [chdf5_little_uint16(), chdf5_big_uint16()]
    case .uint32: [chdf5_little_uint32(), chdf5_big_uint32()]
    case .uint64: [chdf5_little_uint64(), chdf5_big_uint64()]
    }
  }
}

/// A Swift scalar that a dataset or an attribute can hold.
public protocol Element: BitwiseCopyable, Sendable {
  static var elementType: ElementType { get }
}

extension Float: Element { public static var elementType: ElementType { .float32 } }
extension Double: Element { public static var elementType: ElementType { .float64 } }
extension Int8: Element { public static var elementType: ElementType { .int8 } }
extension Int16: Element { public static var elementType: ElementType { .int16 } }
extension Int32: Element { public static var elementType: ElementType { .int32 } }
extension Int64: Element { public static var elementType: ElementType { .int64 } }
extension UInt8: Element { public static var elementType: ElementType { .uint8 } }
extension UInt16: Element { public static var elementType: ElementType { .uint16 } }
extension UInt32: Element { public static var elementType: ElementType { .uint32 } }
extension UInt64: Element { public static var elementType: ElementType { .uint64 } }
extension Bool: Element { public static var elementType: ElementType { .bool } }
