import Autodiff
import NHF
import NeuralNetworks
import WorkloadNumbers

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Initial weights, batches and noise of the benchmark workloads, as `Benchmarks/Peers/workloads.md` defines them.
public enum WorkloadInputs {
  private typealias Numbers = WorkloadNumbers

  /// The network of `sizes`, float64; one stream of numbers per layer.
  public static func network(_ sizes: [Int], firstStream: Int, activation: Activation = .softplus) -> MLP {
    let layers = zip(sizes, sizes.dropFirst()).enumerated().map { index, size in
      let (inputs, outputs) = size
      let weight = (0..<inputs * outputs).map { (2 * Numbers.uniform(firstStream + index, $0) - 1) / Double(inputs).squareRoot() }
      return Linear(weight: double(weight, [inputs, outputs]), bias: Tensor.zeros([outputs], dtype: .float64))
    }
    return MLP(layers: layers, activation: activation)
  }

  /// The network of workload A, 2-128-128-1.
  public static func regressionNetwork() -> MLP { network([2, 128, 128, 1], firstStream: 0) }

  /// The network of workload C, 784-1024-1024-1024-784 with SiLU.
  public static func denoiser() -> MLP { network([784, 1024, 1024, 1024, 784], firstStream: 0, activation: .silu) }

  /// The flow of workload B, or with a learned kinetic energy of B2, float64.
  public static func flow(learnedKinetic: Bool) -> NeuralHamiltonianFlow {
    flow(2, hidden: 128, steps: 5, kinetic: learnedKinetic ? .learned(network([2, 128, 128, 1], firstStream: 3)) : nil)
  }

  /// The flow of workload D, float64.
  public static func digitFlow() -> NeuralHamiltonianFlow { flow(64, hidden: 256, steps: 10, kinetic: nil) }

  private static func flow(_ dimension: Int, hidden: Int, steps: Int, kinetic: KineticEnergy?) -> NeuralHamiltonianFlow {
    let sizes = [dimension, hidden, hidden, dimension]
    return NeuralHamiltonianFlow(
      potential: NeuralPotential(network([dimension, hidden, hidden, 1], firstStream: 0)),
      kinetic: kinetic ?? .scalar(scale: Tensor(1, dtype: .float64)),
      encoder: MomentumEncoder(mean: network(sizes, firstStream: 6), logStandardDeviation: network(sizes, firstStream: 9)),
      prior: PhaseSpacePrior(dimension: dimension), leapfrogSteps: steps, integrationTime: 1)
  }

  /// Mean squared error of the noise that the network finds in the image, workload C.
  public static func denoisingLoss(_ network: MLP, _ image: Tensor, _ noise: Tensor) -> Tensor {
    square(network(image + 0.5 * noise) - noise).mean()
  }

  /// Arguments x `[512, 2]`, y `[512, 1]` of step `t`.
  public static func regression(_ t: Int, rows: Int = 512) -> (Tensor, Tensor) {
    let x = (0..<2 * rows).map { Numbers.normal(10_000 + t, $0) }
    let y = (0..<rows).map { sin(3 * x[2 * $0]) * cos(2 * x[2 * $0 + 1]) }
    return (double(x, [rows, 2]), double(y, [rows, 1]))
  }

  /// Arguments data, noise `[512, 2]` of step `t`.
  public static func mixture(_ t: Int, rows: Int = 512) -> (Tensor, Tensor) {
    let data = (0..<rows).flatMap { row in
      let mode = Int(4 * Numbers.uniform(20_000 + t, row))
      let center = [2 - 4 * Double(mode % 2), 2 - 4 * Double(mode / 2)]
      return (0..<2).map { center[$0] + 0.5 * Numbers.normal(30_000 + t, 2 * row + $0) }
    }
    return (double(data, [rows, 2]), double((0..<2 * rows).map { Numbers.normal(40_000 + t, $0) }, [rows, 2]))
  }

  /// Arguments image, noise `[256, 784]` of step `t`.
  public static func images(_ t: Int, rows: Int = 256) -> (Tensor, Tensor) {
    (Numbers.normals(50_000 + t, [rows, 784]), Numbers.normals(60_000 + t, [rows, 784]))
  }

  /// Arguments data, noise `[256, 64]` of step `t`: ten prototypes and noise.
  public static func digits(_ t: Int, rows: Int = 256) -> (Tensor, Tensor) {
    let prototypes = (0..<640).map { 2 * Numbers.uniform(70_000, $0) - 1 }
    let data = (0..<rows).flatMap { row in
      let digit = Int(10 * Numbers.uniform(80_000 + t, row))
      return (0..<64).map { prototypes[64 * digit + $0] + 0.3 * Numbers.normal(90_000 + t, 64 * row + $0) }
    }
    return (double(data, [rows, 64]), Numbers.normals(100_000 + t, [rows, 64]))
  }

  private static func double(_ scalars: [Double], _ shape: [Int]) -> Tensor { Tensor(scalars, shape: shape) }
}
