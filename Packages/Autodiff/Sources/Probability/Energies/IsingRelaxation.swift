import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ising spins made continuous, `[sites]`, row by row (Zhang et al. 2012; Li and Wang 2018, NeuralRG).
///
///     U(x) = ½ xᵀ (A/T + α)⁻¹ x - Σ_i log cosh x_i,   p(s_i = 1 | x) = sigmoid(2 x_i)
///
/// with the neighbour matrix `A` of the torus; spins drawn from `x` have the law of the lattice exactly. The energy is in units of the
/// temperature, which is part of it.
public struct IsingRelaxation: Energy {
  public let lattice: IsingLattice
  /// `α`, which makes `A/T + α` positive definite.
  public let shift: Double
  /// `(A/T + α)⁻¹`, `[sites, sites]`, in float64 and in float32.
  private let precision: (double: Tensor, single: Tensor)

  public var eventShape: [Int] { [lattice.sites] }

  /// `shift` is `4/T + 0.1` if you give none: the least eigenvalue of `A/T` on an even torus is `-4/T`.
  public init(_ lattice: IsingLattice, shift: Double? = nil) {
    let alpha = shift ?? 4 / lattice.temperature + 0.1
    let eigenvalues = lattice.neighbourEigenvalues.map { $0 / lattice.temperature + alpha }
    require(
      eigenvalues.allSatisfy { $0 > 0 },
      "IsingRelaxation: shift \(alpha) at temperature \(lattice.temperature); give more than 4/temperature")
    self.lattice = lattice
    self.shift = alpha
    // The inverse depends on the differences of places alone: a row of it by its waves.
    let (n, waves) = (lattice.side, (0..<lattice.side).map { cos(2 * Double.pi * Double($0) / Double(lattice.side)) })
    var row = [Double](repeating: 0, count: n * n)
    for dx in 0..<n {
      for dy in 0...dx {
        var sum = 0.0
        for a in 0..<n {
          // Sines cancel between a wave and its mirror image.
          for b in 0..<n { sum += waves[(a * dx) % n] * waves[(b * dy) % n] / eigenvalues[a * n + b] }
        }
        row[dx * n + dy] = sum / Double(n * n)
        row[dy * n + dx] = row[dx * n + dy]
      }
    }
    let entries = (0..<n * n).flatMap { i in
      (0..<n * n).map { j in row[((i / n - j / n + n) % n) * n + (i % n - j % n + n) % n] }
    }
    let double = Tensor(entries, shape: [n * n, n * n], dtype: .float64)
    precision = (double, double.cast(to: .float32))
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireTrailing(x, eventShape, "IsingRelaxation")
    let rows = x.reshaped([-1, lattice.sites])
    let quadratic = 0.5 * rows * rows.matmul(x.dtype == .float64 ? precision.double : precision.single)
    // log cosh x = softplus(2x) - x - log 2
    let energy = sumOverEvent(quadratic + rows - softplus(2.0 * rows)) + Double(lattice.sites) * log(2)
    return energy.reshaped(Array(x.shape.dropLast()))
  }

  /// `log ∫ exp(-U) = log Z_lattice + ½ log det(A/T + α) - N/2 (log 2/π - α)`
  public var logNormalizer: Double { lattice.logPartitionFunction + correction }

  /// The lattice's `log Z` from an estimate or a bound of the relaxation's.
  public func latticeLogPartitionFunction(fromRelaxed logNormalizer: Double) -> Double { logNormalizer - correction }

  /// Spins ±1 given `x`, `[batch..., sites]`: together with `x` from the relaxation they follow the lattice.
  public func spins(given x: Tensor, key: Key) -> Tensor {
    let up = Tensor.uniform(x.shape, key: key, dtype: x.dtype) .< sigmoid(2.0 * x)
    return 2.0 * up.cast(to: x.dtype) - 1.0
  }

  private var correction: Double {
    let logDeterminant = lattice.neighbourEigenvalues.reduce(0) { $0 + log($1 / lattice.temperature + shift) }
    return 0.5 * logDeterminant - 0.5 * Double(lattice.sites) * (log(2 / Double.pi) - shift)
  }
}
