import Autodiff
import NHF

extension ModelSection {
  /// The flow that the recipe describes, in `dimension` dimensions.
  func configuration(dimension: Int) -> HamiltonianFlowConfiguration {
    let kinetic: KineticConfiguration =
      switch kind {
      case .learnedKinetic: KineticConfiguration(form: .learned, network: NetworkConfiguration(hidden: kineticHidden))
      case .fixedKinetic:
        switch mass {
        case .scalar: KineticConfiguration(form: .scalar)
        case .diagonal: KineticConfiguration(form: .diagonal)
        case .full: KineticConfiguration(form: .full)
        }
      }
    let prior =
      switch self.prior.kind {
      case .gaussian:
        PriorConfiguration(standardDeviation: self.prior.width, momentumStandardDeviation: self.prior.momentumWidth)
      case .softUniform:
        PriorConfiguration(
          form: .softUniform, width: self.prior.width, sharpness: self.prior.sharpness,
          momentumStandardDeviation: self.prior.momentumWidth)
      }
    return HamiltonianFlowConfiguration(
      dimension: dimension, potential: NetworkConfiguration(hidden: hidden), kinetic: kinetic,
      encoder: NetworkConfiguration(hidden: encoder.hidden), prior: prior, leapfrogSteps: leapfrogSteps,
      integrationTime: integrationTime)
  }

  /// An untrained flow; a setting that cannot be used is an error of the recipe.
  func flow(dimension: Int, key: Key, precision: Recipe.Precision) throws -> NeuralHamiltonianFlow {
    do {
      return try NeuralHamiltonianFlow(configuration(dimension: dimension), key: key, dtype: precision.dtype)
    } catch {
      throw UserError.failure("the recipe's model cannot be built: \(error)")
    }
  }
}

extension Recipe.Precision {
  var dtype: DType { self == .float32 ? .float32 : .float64 }
}

/// The independent random streams of a run.
struct RunKeys {
  let initial: Key
  let training: Key
  let data: Key
  let evaluation: Key

  init(seed: Int) {
    let keys = Key(seed: UInt64(seed)).split(4)
    (initial, training, data, evaluation) = (keys[0], keys[1], keys[2], keys[3])
  }

  /// The stream of draws that a user asks for with `--seed`.
  static func drawing(_ seed: Int) -> Key { Key(seed: UInt64(seed)).folded(0x5a4d) }
}

/// Draws in blocks of a fixed size, so that one compiled program serves any count.
func inBlocks(_ count: Int, of size: Int, _ draw: (Int) -> [[Double]]) -> [[Double]] {
  var columns: [[Double]] = []
  for block in 0..<(count + size - 1) / size {
    let part = draw(block)
    if columns.isEmpty { columns = part.map { _ in [] } }
    for index in part.indices { columns[index].append(contentsOf: part[index]) }
  }
  return columns.map { Array($0.prefix(count)) }
}

extension Tensor {
  /// The columns of a matrix `[rows, columns]`, in float64.
  var columns: [[Double]] {
    let values = doubles
    return (0..<shape[1]).map { column in stride(from: column, to: values.count, by: shape[1]).map { values[$0] } }
  }
}
