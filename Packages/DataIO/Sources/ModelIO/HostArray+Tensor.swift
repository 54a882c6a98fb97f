import Autodiff
import DataIO
import HDF5

extension ElementType {
  /// The dtype that holds the same values, or nil: tensors are float32, float64, int32 or bool.
  public var dtype: DType? { DType(rawValue: rawValue) }
}

extension DType {
  public var elementType: ElementType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .int32: .int32
    case .bool: .bool
    }
  }
}

extension HostArray {
  /// A copy of the tensor's values, which are computed if need be.
  public init(_ tensor: Tensor) {
    self.init(elementType: tensor.dtype.elementType, shape: tensor.shape, bytes: tensor.withUnsafeBytes { Array($0) })
  }
}

extension Tensor {
  /// A copy of an array of float32, float64, int32 or bool; convert others with `init(_:dtype:)`.
  public init(_ array: HostArray) {
    guard let dtype = array.elementType.dtype else {
      preconditionFailure("Tensor: \(array) has no dtype; use Tensor(array, dtype: .float32)")
    }
    self = array.bytes.withUnsafeBytes { Tensor(bytes: $0, shape: array.shape, dtype: dtype) }
  }

  /// The values of any array rounded once to float32 or float64: images of uint8 become numbers.
  public init(_ array: HostArray, dtype: DType) {
    precondition(dtype.isFloatingPoint, "Tensor: data become float32 or float64, not \(dtype.rawValue)")
    self.init(array.cast(to: dtype.elementType))
  }
}

extension KeyWords {
  /// The words of a random key.
  public init(_ key: Key) {
    let words = key.words.scalars(Int32.self)
    self.init(UInt32(bitPattern: words[0]), UInt32(bitPattern: words[1]))
  }
}

extension Key {
  public init(_ words: KeyWords) {
    self.init(words: Tensor([Int32(bitPattern: words.first), Int32(bitPattern: words.second)]))
  }
}
