import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Numbers from a counter in closed form, so that other programs train a benchmark from the same ones
/// (`Benchmarks/Peers/workloads.md`).
public enum WorkloadNumbers {
  /// Output number `stream 2³² + n` of SplitMix64 seeded with 0.
  public static func bits(_ stream: Int, _ n: Int) -> UInt64 {
    var z = ((UInt64(stream) << 32) &+ UInt64(n) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Number `n` of a stream, strictly inside (0, 1).
  public static func uniform(_ stream: Int, _ n: Int) -> Double { (Double(bits(stream, n) >> 12) + 0.5) / 4_503_599_627_370_496 }

  /// Normal number `k` of a stream, by the cosine of Box and Muller.
  public static func normal(_ stream: Int, _ k: Int) -> Double {
    (-2 * log(uniform(stream, 2 * k))).squareRoot() * cos(2 * Double.pi * uniform(stream, 2 * k + 1))
  }

  /// Normal numbers of a stream, row-major, float64.
  public static func normals(_ stream: Int, _ shape: [Int]) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { normal(stream, $0) }, shape: shape, dtype: .float64)
  }
}
