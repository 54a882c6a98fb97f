import Autodiff
import DataIO

extension Module {
  /// Every tensor as a named array: what `/model` of a checkpoint holds.
  public func storedArrays() -> [StoredArray] {
    namedTensors().map { StoredArray(path: $0.path, array: HostArray($0.tensor), role: $0.isParameter ? .parameter : .buffer) }
  }

  /// Puts the arrays in, strictly: every path of the module and of `arrays` must meet, with shape and type, unless allowed.
  /// `file` names the origin in errors. Throws `RestoreError` and leaves the module as it was.
  public mutating func restore(from arrays: [StoredArray], file: String, allowing allowances: Set<RestoreAllowance> = []) throws {
    var remaining = Dictionary(arrays.map { ($0.path, $0.array) }, uniquingKeysWith: { first, _ in first })
    let tensors = try namedTensors().map { path, tensor, _ in
      guard let array = remaining.removeValue(forKey: path) else {
        if allowances.permitMissing(path) { return tensor }
        throw RestoreError.missing(file: file, path: path, hint: Hint.missing(path, arrays.paths))
      }
      return try replacement(of: tensor, by: array, path, file, allowances)
    }
    for path in remaining.keys.sorted() where !allowances.permitUnexpected(path) {
      throw RestoreError.unexpected(file: file, path: path, hint: Hint.unexpected(path, namedTensors().map(\.path)))
    }
    self = replacing(tensors)
  }

  private func replacement(
    of tensor: Tensor, by array: HostArray, _ path: String, _ file: String, _ allowances: Set<RestoreAllowance>
  ) throws -> Tensor {
    guard array.shape == tensor.shape else {
      throw RestoreError.shapeMismatch(
        file: file, path: path, found: array.shape, expected: tensor.shape, hint: Hint.shape(array.shape, tensor.shape))
    }
    if array.elementType == tensor.dtype.elementType { return Tensor(array) }
    if array.elementType.isFloatingPoint && tensor.dtype.isFloatingPoint && allowances.permitCast(path) {
      return Tensor(array, dtype: tensor.dtype)
    }
    throw RestoreError.typeMismatch(
      file: file, path: path, found: array.elementType.rawValue, expected: tensor.dtype.rawValue,
      hint: Hint.type(array.elementType.rawValue))
  }
}

extension Set<RestoreAllowance> {
  fileprivate func permitMissing(_ path: String) -> Bool {
    contains { if case .missing(let pattern) = $0 { RestoreAllowance.matches(pattern, path) } else { false } }
  }

  fileprivate func permitUnexpected(_ path: String) -> Bool {
    contains { if case .unexpected(let pattern) = $0 { RestoreAllowance.matches(pattern, path) } else { false } }
  }

  fileprivate func permitCast(_ path: String) -> Bool {
    contains { if case .cast(let pattern) = $0 { RestoreAllowance.matches(pattern, path) } else { false } }
  }
}
