import Autodiff
import Probability

/// Posterior of `θ = (h, Ω_m)` from supernova distance moduli, with uniform priors.
///
///     U(θ) = ½ χ²(θ) - ½ χ²(θ_ref) - log prior(θ)
///
/// The constant keeps `U` of order one near the mode, so that float32 has its digits; the log evidence is
/// `log ∫ exp(-U) dθ + referenceLogLikelihood`. Defined inside the box of the prior; see `standardized`.
public struct SupernovaPosterior: Energy {
  public static let parameterNames = ["h", "omega_m"]

  /// The box on which the prior is uniform.
  public struct Prior: Sendable, Hashable {
    /// Default 0.4 to 1.
    public var h: ClosedRange<Double>
    /// Default 0 to 1.
    public var omegaM: ClosedRange<Double>

    public init(h: ClosedRange<Double> = 0.4...1, omegaM: ClosedRange<Double> = 0...1) {
      self.h = h
      self.omegaM = omegaM
    }

    /// The map from all of R² to the inside of the box.
    public func box(dtype: DType) -> IntervalLogit {
      IntervalLogit(
        lower: Tensor([h.lowerBound, omegaM.lowerBound], dtype: dtype), upper: Tensor([h.upperBound, omegaM.upperBound], dtype: dtype))
    }

    func contains(_ point: (h: Double, omegaM: Double)) -> Bool {
      h.lowerBound < point.h && point.h < h.upperBound && omegaM.lowerBound < point.omegaM && point.omegaM < omegaM.upperBound
    }
  }

  public let prior: Prior
  public let cosmology: FlatLambdaCDM
  public let data: SupernovaData
  /// `log L(θ_ref)` with the normaliser of the Gaussian likelihood, float64.
  public let referenceLogLikelihood: Double

  private let standardizedOffsets: [Double]
  private let negativeLogPrior: Double

  public var eventShape: [Int] { [2] }

  /// `reference` is a universe inside the box; `nodes` are those of the quadrature, see `FlatLambdaCDM`.
  public init(
    _ data: SupernovaData, prior: Prior = Prior(), reference: (h: Double, omegaM: Double) = (0.7, 0.3), nodes: Int = 24
  ) {
    require(
      prior.contains(reference), "SupernovaPosterior: the reference universe \(reference) is outside the prior \(prior); give one inside")
    self.data = data
    self.prior = prior
    cosmology = FlatLambdaCDM(redshifts: data.redshifts, reference: reference, nodes: nodes)
    let offsets = zip(data.moduli, cosmology.referenceModulus).map { $0 - $1 }
    standardizedOffsets = data.standardized(Tensor(offsets, shape: [1, offsets.count], dtype: .float64)).doubles
    referenceLogLikelihood = -0.5 * standardizedOffsets.reduce(0) { $0 + $1 * $1 } - data.logNormalizer
    let volume = (prior.h.upperBound - prior.h.lowerBound) * (prior.omegaM.upperBound - prior.omegaM.lowerBound)
    negativeLogPrior = log(Tensor(volume, dtype: .float64)).item()
  }

  /// `U(θ)`, `[batch..., 2] -> [batch...]`.
  public func callAsFunction(_ parameters: Tensor) -> Tensor {
    let rows = parameters.reshaped([-1, 2])
    let model = data.standardized(cosmology.modulusDifference(rows))
    // ½|δ - m|² - ½|δ|² without the large common term.
    let offsets = Tensor(standardizedOffsets, dtype: parameters.dtype)
    let energy = (model * (0.5 * model - offsets)).sum(axis: 1) + negativeLogPrior
    return energy.reshaped(Array(parameters.shape.dropLast()))
  }

  /// How the unconstrained coordinates are scaled before a flow sees them.
  ///
  /// A linear flow with unit momenta leaves `p_T|q_T` with the inverse covariance of `q_T`, which an encoder with
  /// independent coordinates cannot follow: a target of correlation ρ costs it `-½ log(1 - ρ²)` nats. Hence `full`.
  public enum Scaling: String, Codable, Sendable, CaseIterable {
    /// Centre and scale of each coordinate, from the mode and the curvature there.
    case diagonal
    /// The correlation is taken out too; the flow learns what is not Gaussian.
    case full
  }

  /// The posterior of unconstrained coordinates of unit size.
  public typealias Standardized = PulledBackEnergy<SupernovaPosterior, Composed<TriangularAffine, IntervalLogit>>

  /// The same posterior of unconstrained coordinates of unit size: `θ = box(center + A z)`, with the same evidence.
  ///
  /// Its `bijection.forward` carries samples `z` `[n, 2]` of `dtype` to `θ`.
  public func standardized(_ scaling: Scaling = .full, dtype: DType = .float32) -> Standardized {
    let unconstrained = PulledBackEnergy(self, through: prior.box(dtype: .float64))
    let start = prior.box(dtype: .float64).inverse(Tensor([cosmology.reference.h, cosmology.reference.omegaM], dtype: .float64)).x
    let laplace = LaplaceApproximation(of: unconstrained, from: start)
    let identity = Tensor.identity(2, dtype: .float64)
    let factor =
      switch scaling {
      case .diagonal: sqrt(laplace.covariance * identity)
      case .full: laplace.factor
      }
    let affine = TriangularAffine(shift: laplace.mode.cast(to: dtype), factor: factor.cast(to: dtype))
    return PulledBackEnergy(self, through: Composed(affine, then: prior.box(dtype: dtype)))
  }
}
