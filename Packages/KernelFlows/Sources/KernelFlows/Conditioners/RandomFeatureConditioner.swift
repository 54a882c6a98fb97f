import Autodiff
import Probability

/// `θ(u) = sqrt(2/M) cos(u Ω/ℓ + b) A`: a kernel expansion over all data by `M` random features (Rahimi and Recht 2007), at a cost
/// that does not depend on how many points there are.
///
/// `Ω` is drawn from the spectral density of the kernel and stays: normal for the squared exponential, Student t with 2ν degrees of
/// freedom for Matern ν, and a normal with gamma-distributed variance for the rational quadratic kernel with α = 1.
public struct RandomFeatureConditioner: DataInitializedConditioner {
  public var lengthscale: Lengthscale
  /// Ω, `[inputs, M]`, not trained.
  public var frequencies: Tensor
  /// b, `[M]`, not trained.
  public var phases: Tensor
  /// A, `[M, outputs]`
  public var coefficients: Tensor
  private let medianFactor: Double

  public init(
    _ form: StationaryKernel.Form, features: Int, outputs: Int, lengthscale: Lengthscale, inputs: Int, medianFactor: Double = 1, key: Key
  ) {
    let keys = key.split(3)
    let dtype = lengthscale.logarithm.dtype
    let normal = Tensor.normal([inputs, features], key: keys[0], dtype: dtype)
    let gamma = { (concentration: Double) in
      Tensor.gamma([features], concentration: Tensor(concentration, dtype: dtype), key: keys[2], dtype: dtype)
    }
    self.lengthscale = lengthscale
    switch form {
    case .squaredExponential: frequencies = normal
    case .matern12: frequencies = normal * rsqrt(gamma(0.5) / 0.5)
    case .matern32: frequencies = normal * rsqrt(gamma(1.5) / 1.5)
    case .matern52: frequencies = normal * rsqrt(gamma(2.5) / 2.5)
    case .rationalQuadratic: frequencies = normal * sqrt(gamma(1))
    }
    phases = Tensor.uniform([features], key: keys[1], dtype: dtype) * (2 * Double.pi)
    coefficients = .zeros([features, outputs], dtype: dtype)
    self.medianFactor = medianFactor
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("lengthscale", &lengthscale)
    walker.buffer("frequencies", &frequencies)
    walker.buffer("phases", &phases)
    walker.parameter("coefficients", &coefficients)
  }

  /// `φ(u)` with `φ(u)·φ(w)` about `k(u, w)`, `[batch, inputs] -> [batch, M]`.
  public func features(_ u: Tensor) -> Tensor {
    (2 / Double(phases.count)).squareRoot() * cos((u / lengthscale.value).matmul(frequencies) + phases)
  }

  public func callAsFunction(_ u: Tensor) -> Tensor { features(u).matmul(coefficients) }

  /// The lengthscale becomes the median distance.
  public func initialized(from x: Tensor, key: Key) -> RandomFeatureConditioner {
    var next = self
    next.lengthscale = lengthscale.fitted(to: x, factor: medianFactor)
    return next
  }

  /// `|A|²`, the squared norm of the functions in the space that the features span, `[]`.
  public var squaredNorm: Tensor { square(coefficients).sum() }
}
