/// Collects the tensors of a module in walking order.
struct Collector: Walker {
  var tensors: [Tensor] = []
  var isParameter: [Bool] = []

  mutating func parameter(_ name: String, _ tensor: inout Tensor) {
    tensors.append(tensor)
    isParameter.append(true)
  }

  mutating func buffer(_ name: String, _ tensor: inout Tensor) {
    tensors.append(tensor)
    isParameter.append(false)
  }
}

/// Puts other tensors in, in walking order.
struct Replacer: Walker {
  let tensors: [Tensor]
  var next = 0

  init(_ tensors: [Tensor]) { self.tensors = tensors }

  mutating func parameter(_ name: String, _ tensor: inout Tensor) {
    tensor = tensors[next]
    next += 1
  }

  mutating func buffer(_ name: String, _ tensor: inout Tensor) { parameter(name, &tensor) }
}

/// Visits every tensor with its path and role, and may replace it.
struct PathWalker: Walker {
  private var prefix: [String] = []
  private let visit: (_ path: String, _ isParameter: Bool, _ tensor: inout Tensor) -> Void

  init(_ visit: @escaping (String, Bool, inout Tensor) -> Void) { self.visit = visit }

  mutating func parameter(_ name: String, _ tensor: inout Tensor) { visit(path(name), true, &tensor) }
  mutating func buffer(_ name: String, _ tensor: inout Tensor) { visit(path(name), false, &tensor) }

  mutating func child<M: Module>(_ name: String, _ module: inout M) {
    prefix.append(name)
    module.walk(&self)
    prefix.removeLast()
  }

  private func path(_ name: String) -> String { (prefix + [name]).filter { !$0.isEmpty }.joined(separator: ".") }
}

/// Hashes the settings that are not tensors.
struct SettingsHasher: Walker {
  var hasher = Hasher()

  mutating func parameter(_ name: String, _ tensor: inout Tensor) {}
  mutating func buffer(_ name: String, _ tensor: inout Tensor) {}
  mutating func setting(_ name: String, _ value: some Hashable & Sendable) { hasher.combine(value) }
}

extension Module {
  /// All tensors in walking order.
  public func tensors() -> [Tensor] {
    var (copy, collector) = (self, Collector())
    copy.walk(&collector)
    return collector.tensors
  }

  /// All tensors with their paths (`layers.0.weight`) in walking order.
  public func namedTensors() -> [(path: String, tensor: Tensor, isParameter: Bool)] {
    var copy = self
    var found: [(path: String, tensor: Tensor, isParameter: Bool)] = []
    var walker = PathWalker { path, isParameter, tensor in found.append((path, tensor, isParameter)) }
    copy.walk(&walker)
    return found
  }

  /// Number of trained scalars.
  public var parameterCount: Int { namedTensors().reduce(0) { $0 + ($1.isParameter ? $1.tensor.count : 0) } }

  /// The same module with each trained tensor replaced.
  public func mapParameters(_ transform: (Tensor) -> Tensor) -> Self { map { $1 ? transform($0) : $0 } }

  /// The same module with every tensor replaced.
  public func mapTensors(_ transform: (Tensor) -> Tensor) -> Self { map { tensor, _ in transform(tensor) } }

  /// The same values, computed, in memory that nothing else shares: what is donated to a program cannot take it along.
  public func inOwnMemory() -> Self {
    mapTensors { tensor in tensor.withUnsafeBytes { Tensor(bytes: $0, shape: tensor.shape, dtype: tensor.dtype) } }
  }

  /// Combines the trained tensors of two modules of one structure; buffers are taken from `self`.
  public func zipParameters(_ other: Self, _ combine: (Tensor, Tensor) -> Tensor) -> Self {
    let others = other.tensors()
    var index = -1
    return map { tensor, isParameter in
      index += 1
      return isParameter ? combine(tensor, others[index]) : tensor
    }
  }

  /// Floating-point tensors converted to `dtype`.
  public func cast(to dtype: DType) -> Self { mapTensors { $0.dtype.isFloatingPoint ? $0.cast(to: dtype) : $0 } }

  /// The same module with its tensors, in walking order, replaced by `tensors`.
  public func replacing(_ tensors: [Tensor]) -> Self {
    var (copy, replacer) = (self, Replacer(tensors))
    copy.walk(&replacer)
    require(replacer.next == tensors.count, "replacing: the module has \(replacer.next) tensors, not \(tensors.count)")
    return copy
  }

  private func map(_ transform: (Tensor, Bool) -> Tensor) -> Self {
    var (copy, collector) = (self, Collector())
    copy.walk(&collector)
    return replacing(zip(collector.tensors, collector.isParameter).map { transform($0, $1) })
  }
}

/// Why tensors could not be put into a module.
public enum ModuleLoadError: Error, Equatable, CustomStringConvertible {
  /// The model needs a tensor that was not given.
  case missing(path: String)
  /// A tensor was given that the model has no place for.
  case unexpected(path: String)
  /// A tensor was given in another shape or dtype than the model's.
  case mismatch(path: String, got: TensorSpec, expected: TensorSpec)

  public var description: String {
    switch self {
    case .missing(let path): "tensor '\(path)' is missing; the model needs it"
    case .unexpected(let path): "tensor '\(path)' has no place in the model"
    case .mismatch(let path, let got, let expected): "tensor '\(path)' is \(got), the model expects \(expected)"
    }
  }
}

extension Module {
  /// Replaces every tensor by the one with its path; missing, superfluous and misshapen tensors are errors.
  public mutating func load(_ tensors: [String: Tensor]) throws {
    var remaining = tensors
    var replacements: [Tensor] = []
    for (path, tensor, _) in namedTensors() {
      guard let new = remaining.removeValue(forKey: path) else { throw ModuleLoadError.missing(path: path) }
      guard new.spec == tensor.spec else { throw ModuleLoadError.mismatch(path: path, got: new.spec, expected: tensor.spec) }
      replacements.append(new)
    }
    if let extra = remaining.keys.min() { throw ModuleLoadError.unexpected(path: extra) }
    self = replacing(replacements)
  }
}
