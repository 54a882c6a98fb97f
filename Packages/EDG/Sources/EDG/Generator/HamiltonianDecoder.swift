import Autodiff
import NeuralNetworks
import Probability

/// The decoder of generalised Hamiltonian dynamics on the target itself (EDG, section 3.3).
///
/// A latent is `(ζ, v₁, ..., v_K)`. A network places `y = affine(ζ) + network(ζ)`; block k evolves it from the fresh velocity `v_k`; a
/// Langevin step of size `h(y) = ε₀ exp(ε₀ η(y))` ends it:
///
///     x = y - h ∇U(y) + sqrt(2 h) ξ
public struct HamiltonianDecoder<Target: Energy>: Decoder {
  /// `∇U`, limited where the energy is singular.
  public let gradient: LimitedGradient<Target>
  /// `ε₀`
  public let baseStep: Double
  /// `[ζ] -> [d]`
  public var affine: Linear
  /// `[ζ] -> [d]`, last layer zero at the start.
  public var network: MLP
  public var blocks: [HamiltonianBlock]
  /// `η`, `[d] -> [1]`, last layer zero at the start.
  public var langevin: MLP

  public var eventDimension: Int { affine.weight.shape[1] }
  public var latentDimension: Int { affine.weight.shape[0] + blocks.count * eventDimension }

  public init(
    gradient: LimitedGradient<Target>, baseStep: Double, affine: Linear, network: MLP, blocks: [HamiltonianBlock], langevin: MLP
  ) {
    require(
      gradient.energy.eventShape == [affine.weight.shape[1]] && baseStep > 0,
      "HamiltonianDecoder: an energy of \(gradient.energy.eventShape), positions [\(affine.weight.shape[1])], base step \(baseStep); "
        + "give an energy of vectors, as many coordinates, and a positive step")
    self.gradient = gradient
    self.baseStep = baseStep
    self.affine = affine
    self.network = network
    self.blocks = blocks
    self.langevin = langevin
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("affine", &affine)
    walker.child("network", &network)
    walker.child("blocks", &blocks)
    walker.child("langevin", &langevin)
    walker.setting("baseStep", baseStep)
  }

  /// The position that the network gives to `ζ`, `[batch, d]`.
  public func placed(_ zeta: Tensor) -> Tensor { affine(zeta) + network(zeta) }

  public func callAsFunction(_ z: Tensor) -> ConditionalNormal {
    let (d, n) = (eventDimension, affine.weight.shape[0])
    var y = placed(z.slice(axis: 1, 0..<n))
    var g = gradient(y)
    for (index, block) in blocks.enumerated() {
      let velocity = z.slice(axis: 1, n + index * d..<n + (index + 1) * d)
      (y, _, g) = block.evolved(position: y, velocity: velocity, gradient: g, baseStep: baseStep) { gradient($0) }
    }
    let logStep = baseStep * langevin(y) + Tensor(baseStep, dtype: z.dtype).logarithm
    return ConditionalNormal(mean: y - exp(logStep) * g, logStandardDeviation: 0.5 * (logStep + Tensor(2, dtype: z.dtype).logarithm))
  }
}

extension Tensor {
  fileprivate var logarithm: Tensor { log(self) }
}
