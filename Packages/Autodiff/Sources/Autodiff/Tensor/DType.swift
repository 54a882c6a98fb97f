/// The element type of a tensor, known at run time.
public enum DType: String, Sendable, Hashable, CaseIterable, Codable {
  case float32, float64, int32, bool

  /// Bytes of one element in memory.
  public var byteCount: Int {
    switch self {
    case .float32, .int32: 4
    case .float64: 8
    case .bool: 1
    }
  }

  /// Whether it is `float32` or `float64`, and so can have derivatives.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }
}

/// A Swift scalar that a tensor can hold: `Float`, `Double`, `Int32` or `Bool`.
public protocol TensorScalar: Sendable {
  /// The dtype of tensors of such scalars.
  static var dtype: DType { get }
}

extension Float: TensorScalar { public static var dtype: DType { .float32 } }
extension Double: TensorScalar { public static var dtype: DType { .float64 } }
extension Int32: TensorScalar { public static var dtype: DType { .int32 } }
extension Bool: TensorScalar { public static var dtype: DType { .bool } }

/// Shape and dtype of a tensor, without its values.
public struct TensorSpec: Sendable, Hashable, CustomStringConvertible {
  public var shape: [Int]
  public var dtype: DType

  public init(_ shape: [Int], _ dtype: DType) {
    self.shape = shape
    self.dtype = dtype
  }

  public var count: Int { shape.reduce(1, *) }
  public var rank: Int { shape.count }
  public var byteCount: Int { count * dtype.byteCount }
  public var description: String { "\(dtype.rawValue)\(shape)" }
}
