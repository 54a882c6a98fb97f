/// The flows that one configuration can build: two or three with kernels, and four with networks to compare them with.
public enum FlowArchitecture: String, Codable, Sendable, Hashable, CaseIterable {
  /// Kernel couplings between permutations (English, Kirchler and Lippert 2023).
  case ferumalRealNVP = "ff-realnvp"
  /// Kernel couplings between learned linear maps.
  case ferumalGlow = "ff-glow"
  /// Kernel couplings whose transform is a spline, between learned linear maps.
  case ferumalSpline = "ff-spline"
  /// Dinh, Sohl-Dickstein and Bengio (2017).
  case realNVP = "realnvp"
  /// Kingma and Dhariwal (2018), without its convolutions.
  case glow
  /// Coupling flow of Durkan, Bekasov, Murray and Papamakarios (2019).
  case neuralSpline = "neural-spline"
  /// Papamakarios, Pavlakou and Murray (2017).
  case maskedAutoregressive = "maf"

  public var hasKernels: Bool { [.ferumalRealNVP, .ferumalGlow, .ferumalSpline].contains(self) }
  public var hasSpline: Bool { self == .ferumalSpline || self == .neuralSpline }
  /// Learned linear maps between the layers instead of permutations.
  public var isMixedLinearly: Bool { [.ferumalGlow, .ferumalSpline, .glow, .neuralSpline].contains(self) }
}

/// How a kernel conditioner holds its functions.
public enum KernelExpansion: String, Codable, Sendable, Hashable, CaseIterable {
  /// A few learned points.
  case auxiliaryPoints = "auxiliary-points"
  /// Every training point.
  case fullData = "full-data"
  /// Random Fourier features.
  case randomFeatures = "random-features"
}

/// What a coupling layer does to the coordinates that it changes, where the architecture has no spline.
public enum CouplingForm: String, Codable, Sendable, Hashable, CaseIterable {
  case affine
  case additive
}
