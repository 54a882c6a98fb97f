import Autodiff

/// The numbers of a key one after the other, for host code that cannot know how many it needs.
struct KeyStream: Sendable {
  private let key: Key
  private var blocks = 0
  private var uniforms: [Double] = []
  private var normals: [Double] = []

  private static let blockSize = 1024

  init(_ key: Key) { self.key = key }

  /// Uniform on [0, 1).
  mutating func uniform() -> Double {
    if uniforms.isEmpty { uniforms = Tensor.uniform([KeyStream.blockSize], key: nextKey(), dtype: .float64).doubles }
    return uniforms.removeLast()
  }

  /// Independent standard normal numbers.
  mutating func normal(_ count: Int) -> [Double] {
    if normals.count < count {
      normals = Tensor.normal([max(KeyStream.blockSize, 8 * count)], key: nextKey(), dtype: .float64).doubles
    }
    defer { normals.removeLast(count) }
    return Array(normals.suffix(count))
  }

  private mutating func nextKey() -> Key {
    blocks += 1
    return key.folded(blocks)
  }
}
