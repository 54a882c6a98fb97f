import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Sines and cosines of fixed frequencies, times `[batch] -> [batch, 2 frequencies]` (Vaswani et al. 2017).
///
///     [sin ω_k t, ..., cos ω_k t, ...],   ω_k = longestPeriod^(-k/frequencies),   k = 0, ..., frequencies - 1
public struct SinusoidalFeatures: Layer {
  public let frequencies: Int
  /// The last frequency is close to `1/longestPeriod`, in radians per unit of time.
  public let longestPeriod: Double

  public init(frequencies: Int, longestPeriod: Double = 10_000) {
    require(
      frequencies > 0 && longestPeriod > 1,
      "SinusoidalFeatures: \(frequencies) frequencies, longest period \(longestPeriod); give at least 1 and a period above 1")
    self.frequencies = frequencies
    self.longestPeriod = longestPeriod
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.setting("frequencies", frequencies)
    walker.setting("longestPeriod", longestPeriod)
  }

  public func callAsFunction(_ time: Tensor) -> Tensor {
    require(time.rank == 1, "SinusoidalFeatures: times \(time.shape); give [batch]")
    let omega = (0..<frequencies).map { pow(longestPeriod, -Double($0) / Double(frequencies)) }
    return waves(time.expanded(axis: 1) * Tensor(omega, dtype: time.dtype))
  }
}

/// Random Fourier features, `[batch, inputs] -> [batch, 2 frequencies]` (Rahimi and Recht 2007; Tancik et al. 2020).
///
///     [sin 2π x B, cos 2π x B],   B_ij from N(0, scale²), drawn once and kept as a buffer
public struct FourierFeatures: Layer {
  /// `B`, `[inputs, frequencies]`
  public var frequencies: Tensor

  public init(_ inputs: Int, frequencies: Int, scale: Double, key: Key, dtype: DType = .float32) {
    self.frequencies = scale * Tensor.normal([inputs, frequencies], key: key, dtype: dtype)
  }

  public mutating func walk(_ walker: inout some Walker) { walker.buffer("frequencies", &frequencies) }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireExtent(x, frequencies.shape[0], axis: -1, rank: 2)
    return waves(2 * Double.pi * x.matmul(frequencies))
  }
}

private func waves(_ phase: Tensor) -> Tensor { .concatenated([sin(phase), cos(phase)], axis: -1) }
