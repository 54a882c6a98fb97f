import NeuralNetworks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The processes that have names. `dataScale` is the standard deviation of the data, best brought to 1.
extension HamiltonianProcess {
  /// Oscillation HGF: F = -α² x until T = π/(2α), where `x_T = v_0/α` exactly; positions keep the deviation of the data.
  public static func oscillation(
    dimension: Int, frequency: Double = 1, dataScale: Double = 1, coupling: Coupling? = nil
  ) throws(ConfigurationError) -> Self {
    guard frequency > 0 && frequency.isFinite else {
      throw ConfigurationError(path: "force.frequency", found: "\(frequency)", expected: "a positive α")
    }
    let path = LinearPath(
      force: .oscillation(frequency: frequency), coupling: coupling ?? .independent(velocityScale: frequency * dataScale),
      duration: .pi / (2 * frequency))
    return try Self(dimension: dimension, path, dataScale: dataScale)
  }

  /// Variance-exploding diffusion: F = 0 with unit velocities, so that the noise level is the time.
  public static func diffusion(
    dimension: Int, duration: Double = 80, minimumTime: Double = 0.002, dataScale: Double = 1
  ) throws(ConfigurationError) -> Self {
    let path = LinearPath(force: .zero, coupling: .independent(velocityScale: 1), duration: duration)
    return try Self(dimension: dimension, path, dataScale: dataScale, minimumTime: minimumTime)
  }

  /// Variance-preserving diffusion on times up to 1 (Song et al. 2021); its velocity is singular at time 0.
  public static func variancePreserving(
    dimension: Int, minimumRate: Double = 0.1, maximumRate: Double = 20, minimumTime: Double = 1e-3, dataScale: Double = 1
  ) throws(ConfigurationError) -> Self {
    let force = LinearForce.variancePreserving(minimumRate: minimumRate, maximumRate: maximumRate)
    let path = LinearPath(force: force, coupling: .independent(velocityScale: 1), duration: 1)
    return try Self(dimension: dimension, path, dataScale: dataScale, minimumTime: minimumTime)
  }

  /// Flow matching: F = 0, `v_0 = x_1 - x_0`, T = 1; optionally with ends assigned by optimal transport within the batch.
  public static func flowMatching(
    dimension: Int, noiseScale: Double = 1, optimalTransport: Bool = false, dataScale: Double = 1
  ) throws(ConfigurationError) -> Self {
    let coupling: Coupling = optimalTransport ? .optimalTransport(noiseScale: noiseScale) : .endpoint(noiseScale: noiseScale)
    return try Self(dimension: dimension, LinearPath(force: .zero, coupling: coupling, duration: 1), dataScale: dataScale)
  }
}
