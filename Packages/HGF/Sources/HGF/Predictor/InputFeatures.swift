import Autodiff
import NeuralNetworks

/// How positions enter a network.
public enum PositionFeatures: Hashable, Sendable {
  /// As they are.
  case coordinates
  /// Cosine and sine of each, for the torus of `PeriodicBox` with these ends.
  case circular(ClosedRange<Double>)

  /// Number of features of `d` coordinates.
  public func count(_ dimension: Int) -> Int { self == .coordinates ? dimension : 2 * dimension }

  /// `[batch, d] -> [batch, count(d)]`
  public func callAsFunction(_ x: Tensor) -> Tensor {
    guard case .circular(let range) = self else { return x }
    let angle = (2 * Double.pi / (range.upperBound - range.lowerBound)) * (x - range.lowerBound)
    return .concatenated([cos(angle), sin(angle)], axis: 1)
  }
}

/// How times `[batch]` enter a network: sines and cosines of `u`, which is t/T or, where noise levels span decades, log(t)/4.
public struct TimeFeatures: Module {
  /// The scale on which times are told apart.
  public enum Scale: Hashable, Sendable {
    /// `u = t/T`
    case linear(duration: Double)
    /// `u = log(t)/4` (Karras et al. 2022)
    case logarithmic
  }

  /// Sines and cosines.
  public enum Waves: Sendable {
    /// Of fixed frequencies, up to `resolution` radians per unit of `u`.
    case sinusoidal(SinusoidalFeatures, resolution: Double)
    /// Of random frequencies.
    case fourier(FourierFeatures)
  }

  public let scale: Scale
  /// The waves.
  public var waves: Waves

  public init(scale: Scale, waves: Waves) {
    self.scale = scale
    self.waves = waves
  }

  /// Sinusoidal features, of periods from about half of the scale upwards: velocities change slowly.
  public init(scale: Scale, frequencies: Int) {
    self.init(scale: scale, waves: .sinusoidal(SinusoidalFeatures(frequencies: frequencies, longestPeriod: 100), resolution: 10))
  }

  /// Number of features.
  public var count: Int {
    switch waves {
    case .sinusoidal(let features, _): 2 * features.frequencies
    case .fourier(let features): 2 * features.frequencies.shape[1]
    }
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.setting("scale", scale)
    switch waves {
    case .sinusoidal(var features, let resolution):
      walker.setting("resolution", resolution)
      walker.child("sinusoidal", &features)
      waves = .sinusoidal(features, resolution: resolution)
    case .fourier(var features):
      walker.child("fourier", &features)
      waves = .fourier(features)
    }
  }

  /// `[batch] -> [batch, count]`
  public func callAsFunction(_ time: Tensor) -> Tensor {
    let u: Tensor =
      switch scale {
      case .linear(let duration): time / duration
      // Time 0, where a sampler ends, is not told from times too small to matter.
      case .logarithmic: 0.25 * log(maximum(time, Tensor(1e-5, dtype: time.dtype)))
      }
    switch waves {
    case .sinusoidal(let features, let resolution): return features(resolution * u)
    case .fourier(let features): return features(column(u))
    }
  }
}
