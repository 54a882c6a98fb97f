import Autodiff
import Foundation

/// What PyTorch computed, written by `Golden/make_torch_values.py`.
struct TorchValues: Decodable, Sendable {
  struct Values: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]
    var tensor: Tensor { Tensor(values, shape: shape) }
  }

  struct LayerCase: Decodable, Sendable {
    let name: String
    let tensors: [String: Values]
    let input: Values
    let output: Values
    let gradients: [String: Values]
    let inputGradient: Values?
    let updated: [String: Values]?
  }

  let start: [Double]
  let layers: [LayerCase]
  let optimizers: [String: [[Double]]]
  let schedules: [String: [Double]]

  static let stored: TorchValues = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/torch_values.json")
    do { return try JSONDecoder().decode(TorchValues.self, from: Data(contentsOf: file)) } catch { fatalError("\(file.path): \(error)") }
  }()
}

/// `cos(k + 1)` for element k: the cotangent of the stored gradients.
func cotangent(like x: Tensor) -> Tensor { Tensor((0..<x.count).map { referenceCos(Double($0 + 1)) }, shape: x.shape) }

/// The largest difference of elements, infinite where shapes differ or something is NaN.
func distance(_ a: Tensor, _ b: Tensor) -> Double {
  guard a.shape == b.shape else { return .infinity }
  return zip(a.doubles, b.doubles).reduce(0) {
    max($0, $1.0 == $1.1 ? 0 : ($1.0 - $1.1).magnitude.isNaN ? .infinity : ($1.0 - $1.1).magnitude)
  }
}

/// The tensors of a module by path, as a checkpoint holds them.
func saved(_ module: some Module) -> [String: Tensor] {
  Dictionary(
    uniqueKeysWithValues: module.namedTensors().map { ($0.path, Tensor($0.tensor.doubles, shape: $0.tensor.shape, dtype: $0.tensor.dtype)) }
  )
}
