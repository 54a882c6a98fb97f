import Autodiff

/// Guidance without a classifier (Ho and Salimans 2022): `V = V(no label) + w (V(label) - V(no label))`.
///
/// w = 1 is the predictor given the label; above 1 draws are more typical of it and less varied. Two evaluations for one.
public struct LabelGuidance<Predictor: VelocityPredictor>: VelocityPredictor {
  public var predictor: Predictor
  /// `w`
  public let weight: Double

  public init(_ predictor: Predictor, weight: Double) {
    self.predictor = predictor
    self.weight = weight
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("predictor", &predictor)
    walker.setting("weight", weight)
  }

  public func velocity(_ x: Tensor, at time: Tensor, context: Tensor?) -> Tensor {
    let free = predictor.velocity(x, at: time, context: nil)
    guard let context else { return free }
    return free + weight * (predictor.velocity(x, at: time, context: context) - free)
  }
}

/// Guidance by an energy, without training: draws come near to `p(x) exp(-E(x))` (Chung et al. 2023, with the force field's own
/// motion in place of the diffusion's).
///
/// The score is moved by `-∇_x E(E[x_0|x_t])`, which moves the velocity by `B τ² (A B' - A' B)/A` times that gradient; the factor grows
/// without bound where A goes to 0, close to T, and is cut at `maximumFactor`.
public struct EnergyGuidance<Predictor: VelocityPredictor, Energy: Module>: VelocityPredictor {
  public var predictor: Predictor
  public var energy: Energy
  public let path: LinearPath
  public let maximumFactor: Double
  /// `E(x)`, `[batch, d] -> [batch]`, each row on its own.
  public let value: @Sendable (Energy, Tensor) -> Tensor

  public init(
    _ predictor: Predictor, along path: LinearPath, energy: Energy, maximumFactor: Double = 10,
    value: @escaping @Sendable (Energy, Tensor) -> Tensor
  ) {
    self.predictor = predictor
    self.energy = energy
    self.path = path
    self.maximumFactor = maximumFactor
    self.value = value
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("predictor", &predictor)
    walker.child("energy", &energy)
    walker.setting("path", path)
    walker.setting("maximumFactor", maximumFactor)
  }

  public func velocity(_ x: Tensor, at time: Tensor, context: Tensor?) -> Tensor {
    let push = grad(x) { x in
      let velocity = predictor.velocity(x, at: time, context: context)
      return value(energy, path.expectations(x, velocity: velocity, at: time).data).sum()
    }
    let c = path.coefficients(at: column(time))
    let noise = path.coupling.noiseScale * path.coupling.noiseScale
    let factor = noise * c.launch * c.determinant / maximum(c.start, Tensor(1e-6, dtype: x.dtype))
    return predictor.velocity(x, at: time, context: context) + minimum(factor, Tensor(maximumFactor, dtype: x.dtype)) * push
  }
}
