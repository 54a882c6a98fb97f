import Autodiff
import NHF
import NeuralNetworks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Initial weights, batches and noise of the benchmark workloads, as `Benchmarks/Peers/workloads.md` defines them.
///
/// Everything follows from a counter in closed form, so that other programs train from the same numbers.
public enum WorkloadInputs {
  /// Rows of a batch.
  public static let rows = 512

  /// Output number `stream 2³² + n` of SplitMix64 seeded with 0.
  public static func bits(_ stream: Int, _ n: Int) -> UInt64 {
    var z = ((UInt64(stream) << 32) &+ UInt64(n) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  public static func uniform(_ stream: Int, _ n: Int) -> Double { (Double(bits(stream, n) >> 12) + 0.5) / 4_503_599_627_370_496 }

  public static func normal(_ stream: Int, _ k: Int) -> Double {
    (-2 * log(uniform(stream, 2 * k))).squareRoot() * cos(2 * Double.pi * uniform(stream, 2 * k + 1))
  }

  /// The network 2-128-128-`outputs`, float64.
  public static func network(_ outputs: Int, firstStream: Int) -> MLP {
    let sizes = [2, 128, 128, outputs]
    let layers = (0..<3).map { index in
      let (inputs, outputs) = (sizes[index], sizes[index + 1])
      let weight = (0..<inputs * outputs).map { (2 * uniform(firstStream + index, $0) - 1) / Double(inputs).squareRoot() }
      return Linear(weight: double(weight, [inputs, outputs]), bias: Tensor.zeros([outputs], dtype: .float64))
    }
    return MLP(layers: layers, activation: .softplus)
  }

  /// The flow of workload B, or with a learned kinetic energy of B2, float64.
  public static func flow(learnedKinetic: Bool) -> NeuralHamiltonianFlow {
    NeuralHamiltonianFlow(
      potential: NeuralPotential(network(1, firstStream: 0)),
      kinetic: learnedKinetic ? .learned(network(1, firstStream: 3)) : .scalar(scale: Tensor(1, dtype: .float64)),
      encoder: MomentumEncoder(mean: network(2, firstStream: 6), logStandardDeviation: network(2, firstStream: 9)),
      prior: PhaseSpacePrior(dimension: 2), leapfrogSteps: 5, integrationTime: 1)
  }

  /// Arguments x `[512, 2]`, y `[512, 1]` of step `t`.
  public static func regression(_ t: Int, rows: Int = rows) -> (Tensor, Tensor) {
    let x = (0..<2 * rows).map { normal(10_000 + t, $0) }
    let y = (0..<rows).map { sin(3 * x[2 * $0]) * cos(2 * x[2 * $0 + 1]) }
    return (double(x, [rows, 2]), double(y, [rows, 1]))
  }

  /// Arguments data, noise `[512, 2]` of step `t`.
  public static func mixture(_ t: Int, rows: Int = rows) -> (Tensor, Tensor) {
    let data = (0..<rows).flatMap { row in
      let mode = Int(4 * uniform(20_000 + t, row))
      let center = [2 - 4 * Double(mode % 2), 2 - 4 * Double(mode / 2)]
      return (0..<2).map { center[$0] + 0.5 * normal(30_000 + t, 2 * row + $0) }
    }
    return (double(data, [rows, 2]), double((0..<2 * rows).map { normal(40_000 + t, $0) }, [rows, 2]))
  }

  private static func double(_ scalars: [Double], _ shape: [Int]) -> Tensor { Tensor(scalars, shape: shape) }
}
