import Autodiff
import DifferentiableIntegrators
import Integrators
import NeuralNetworks
import Probability

/// Neural Hamiltonian flow (Souveton et al., arXiv:2302.01955; Toth et al. 2020): the leapfrog of a learned
/// `H(q, p) = K(p) + V(q)` carries a simple law of positions and momenta to the data.
///
/// Any `Energy` that is a `Module` can be `V`; `NeuralHamiltonianFlow` takes a softplus network. The leapfrog is a
/// composition of shears, so its determinant is 1 whatever the step, and the density on phase space is that of the prior
/// at the point traced back.
///
/// Saved as `potential.*`, `kinetic.*`, `encoder.mean.*`, `encoder.logStandardDeviation.*`.
public struct HamiltonianFlow<Potential: Energy & Module>: Module {
  public var potential: Potential
  public var kinetic: KineticEnergy
  public var encoder: MomentumEncoder
  /// `Π₀`; not trained.
  public let prior: PhaseSpacePrior
  /// `L`
  public let leapfrogSteps: Int
  /// `T`; the step is `T/L`.
  public let integrationTime: Double

  /// `d`
  public var dimension: Int { prior.dimension }
  public var dtype: DType { encoder.mean.layers[0].weight.dtype }
  public var hamiltonian: FlowHamiltonian<Potential> { FlowHamiltonian(potential: potential, kinetic: kinetic) }

  public init(
    potential: Potential, kinetic: KineticEnergy, encoder: MomentumEncoder, prior: PhaseSpacePrior, leapfrogSteps: Int,
    integrationTime: Double
  ) {
    require(
      potential.eventShape == [prior.dimension],
      "HamiltonianFlow: V takes \(potential.eventShape), the prior has dimension \(prior.dimension); give both the same d")
    require(leapfrogSteps > 0, "HamiltonianFlow: \(leapfrogSteps) leapfrog steps; give at least 1")
    if case .learned(let network) = kinetic { requireSmoothScalar(network, "KineticEnergy") }
    self.potential = potential
    self.kinetic = kinetic
    self.encoder = encoder
    self.prior = prior
    self.leapfrogSteps = leapfrogSteps
    self.integrationTime = integrationTime
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("potential", &potential)
    walker.child("kinetic", &kinetic)
    walker.child("encoder", &encoder)
  }

  /// Which way along the flow.
  public enum Direction: Sendable {
    /// `Φ_T`, from the prior (time 0) to the data (time T).
    case towardData
    /// `Φ_T⁻¹`, from the data (time T) to the prior (time 0): the same leapfrog with `-T/L`.
    case towardPrior
  }

  /// Kick-drift-kick leapfrog of `L` steps on positions and momenta `[batch, d]`.
  public func transport(_ point: Phase<Tensor>, _ direction: Direction) -> Phase<Tensor> {
    let step = integrationTime / Double(leapfrogSteps)
    return integrate(
      hamiltonian, from: point, stepSize: direction == .towardData ? step : -step, steps: leapfrogSteps, with: SplittingMethod(.leapfrog))
  }

  /// `log M(q_T, p_T) = log Π₀(Φ_T⁻¹(q_T, p_T))`, `[batch]`; exact, the determinant is 1.
  public func logDensity(_ point: Phase<Tensor>) -> Tensor { prior.logDensity(transport(point, .towardPrior)) }

  /// Positions `[count, d]` of prior draws carried to time T.
  public func sample(_ count: Int, key: Key) -> Tensor {
    transport(prior.sample(count, key: key, dtype: dtype), .towardData).position
  }
}

/// The usual flow, with a smooth (by default softplus) network for `V`.
public typealias NeuralHamiltonianFlow = HamiltonianFlow<NeuralPotential>
