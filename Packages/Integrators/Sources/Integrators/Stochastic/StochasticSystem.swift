/// dx = f(x, t) dt + G(x, t) dW. How the product with dW is meant is a refinement: `ItoSystem` or `StratonovichSystem`.
public protocol StochasticSystem: Sendable {
  associatedtype State: VectorSpace
  /// The space of W; its coordinates are independent Brownian motions.
  associatedtype Noise: CoordinateSpace where Noise.Scalar == State.Scalar

  /// f(x, t)
  func drift(_ state: State, at time: State.Scalar) -> State

  /// G(x, t) · noise
  func diffusion(_ state: State, at time: State.Scalar, times noise: Noise) -> State
}

/// The product G dW is Itô's.
public protocol ItoSystem: StochasticSystem {}

/// The product G dW is Stratonovich's.
public protocol StratonovichSystem: StochasticSystem {}

/// G does not depend on the state: both products are the same.
public protocol AdditiveNoiseSystem: ItoSystem, StratonovichSystem {}

/// Each coordinate of the state has its own Brownian motion: (G · noise)ᵢ = gᵢ(xᵢ, t) noiseᵢ, or there is one coordinate.
public protocol DiagonalNoiseSystem: ItoSystem where Noise == State {}

/// A diagonal noise whose derivative is known, for Milstein's method.
public protocol DifferentiableNoiseSystem: DiagonalNoiseSystem {
  /// gᵢ (∂gᵢ/∂xᵢ) factorᵢ in each coordinate i.
  func diffusionSlope(_ state: State, at time: State.Scalar, times factor: State) -> State
}
