import Autodiff
import KernelFlows
import Probability
import WorkloadNumbers

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Workload F of `Benchmarks/Peers/workloads.md`: a Ferumal flow on a table of ten columns.
public enum KernelTableWorkload {
  private static let (columns, kept, layers, points) = (10, 5, 6, 150)

  /// The flow before its first step, float64.
  public static func flow() -> KernelCouplingFlow {
    let parts = (0..<layers).flatMap { layer -> [any Bijection] in
      [ActNorm(dimension: columns, dtype: .float64), Permutation(order(layer)), coupling(layer)]
    }
    return KernelCouplingFlow(Chain(parts + [ActNorm(dimension: columns, dtype: .float64)]))
  }

  /// Rows of step `t`, `[rows, 10]`, float64.
  public static func rows(_ t: Int, rows: Int = 512) -> Tensor {
    let z = WorkloadNumbers.normals(110_000 + t, [rows, columns + 1])
    return 0.5 * z.slice(axis: 1, 0..<columns) + sin(2.0 * z.slice(axis: 1, 1..<columns + 1))
  }

  private static func order(_ layer: Int) -> [Int] {
    layer % 2 == 1 ? (0..<columns).reversed() : (0..<columns).map { (3 * $0 + layer) % columns }
  }

  private static func coupling(_ layer: Int) -> Coupling<KernelConditioner<StationaryKernel>> {
    let outputs = 2 * (columns - kept)
    let coefficients = (0..<points * outputs).map { 0.05 * (2 * WorkloadNumbers.uniform(220 + layer, $0) - 1) }
    let conditioner = KernelConditioner(
      kernel: StationaryKernel(.squaredExponential, lengthscale: Lengthscale(logarithm: Tensor(0.8, dtype: .float64))),
      points: WorkloadNumbers.normals(200 + layer, [points, kept]),
      coefficients: Tensor(coefficients, shape: [points, outputs], dtype: .float64))
    return Coupling(conditioner, transform: .affine(), dimension: columns, kept: kept)
  }
}
