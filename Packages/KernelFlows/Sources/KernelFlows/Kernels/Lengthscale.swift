import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What distances are measured in: one length for all coordinates, or one for each.
///
/// `ℓ = 10⁻³ + exp(logarithm)`, so that no training can make it vanish.
public struct Lengthscale: Module {
  /// `[]` or `[d]`
  public var logarithm: Tensor

  private static let smallest = 1e-3

  public init(logarithm: Tensor) {
    require(logarithm.rank <= 1, "Lengthscale: logarithm \(logarithm.shape); give [] or [d]")
    self.logarithm = logarithm
  }

  /// One length for all coordinates.
  public init(_ value: Double, dtype: DType = .float32) { self.init([value], shape: [], dtype: dtype) }

  /// One length for each coordinate.
  public init(_ values: [Double], dtype: DType = .float32) { self.init(values, shape: [values.count], dtype: dtype) }

  private init(_ values: [Double], shape: [Int], dtype: DType) {
    require(
      values.allSatisfy { $0 > Lengthscale.smallest && $0.isFinite },
      "Lengthscale: \(values); give finite lengths greater than \(Lengthscale.smallest)")
    self.init(logarithm: Tensor(values.map { log($0 - Lengthscale.smallest) }, shape: shape, dtype: dtype))
  }

  public mutating func walk(_ walker: inout some Walker) { walker.parameter("logarithm", &logarithm) }

  /// `ℓ`, `[]` or `[d]`.
  public var value: Tensor { exp(logarithm) + Lengthscale.smallest }

  /// The median distance between distinct rows of `x`, `[n, d]`, times `factor`: the median heuristic (Garreau, Jitkrittum and
  /// Kanagawa 2017). Per coordinate it is the median of `|x_i - x_j|` times `sqrt(d)`, the same for round data.
  public func fitted(to x: Tensor, factor: Double) -> Lengthscale {
    let d = x.shape[1]
    let columns = logarithm.rank == 0 ? [0..<d] : (0..<d).map { $0..<$0 + 1 }
    let medians = columns.map { range in
      medianDistance(x.slice(axis: 1, range)) * factor * (logarithm.rank == 0 ? 1 : Double(d).squareRoot())
    }
    return Lengthscale(medians, shape: logarithm.shape, dtype: logarithm.dtype)
  }
}

/// The median of the distances between rows of `x`, `[n, d]`, that are not 0; of 500 rows, evenly chosen, where there are more.
/// 1 where all rows agree.
public func medianDistance(_ x: Tensor) -> Double {
  let (count, d) = (x.shape[0], x.shape[1])
  let values = x.doubles
  let rows = stride(from: 0, to: count, by: max(1, count / 500)).map { Array(values[$0 * d..<($0 + 1) * d]) }
  var distances: [Double] = []
  for (index, row) in rows.enumerated() {
    for other in rows[..<index] {
      let distance = zip(row, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      if distance > 1e-6 { distances.append(distance) }
    }
  }
  return distances.isEmpty ? 1 : distances.sorted()[distances.count / 2]
}
