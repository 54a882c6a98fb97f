import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A two-sample statistic between draws and real examples, with its bootstrap error, beside its values between two real samples:
/// the floor below which nothing can be told apart.
public struct SampleFidelity: Sendable, Hashable {
  public let value: Double
  /// Of `value`, by the bootstrap.
  public let standardError: Double
  /// Mean over pairs of real samples.
  public let floor: Double
  /// Standard deviation over pairs of real samples.
  public let floorDeviation: Double

  public init(value: Double, standardError: Double, floors: [Double]) {
    require(floors.count > 1, "SampleFidelity: \(floors.count) floors; give 2 or more")
    self.value = value
    self.standardError = standardError
    floor = floors.reduce(0, +) / Double(floors.count)
    let center = floor
    floorDeviation = (floors.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(floors.count - 1)).squareRoot()
  }

  /// How many deviations of the floor the value lies above it: below about 2 draws and examples cannot be told apart.
  public var excess: Double { (value - floor) / floorDeviation }

  /// Draws `[n, d]` against real examples `[m, d]`, whose floor is that of random halves of the examples.
  ///
  /// A half holds fewer points than the samples compared: `scaling` is the factor that brings the floor to their size, `1/2` for
  /// unbiased statistics of pairs (energy distance, maximum mean discrepancy) where n = m, and 1 where halves of draws are compared.
  public init(
    draws: Tensor, examples: Tensor, floorPairs: Int = 20, scaling: Double = 1, resamples: Int = 50, key: Key,
    statistic: (Tensor, Tensor) -> Double
  ) {
    let keys = key.split()
    let half = examples.shape[0] / 2
    let floors = (0..<floorPairs).map { index in
      let shuffled = examples.shuffled(key: keys[0].folded(index))
      return scaling * statistic(shuffled.slice(axis: 0, 0..<half), shuffled.slice(axis: 0, half..<2 * half))
    }
    self.init(
      value: statistic(draws, examples),
      standardError: bootstrapStandardError(draws, examples, resamples: resamples, key: keys[1], statistic: statistic), floors: floors)
  }
}
