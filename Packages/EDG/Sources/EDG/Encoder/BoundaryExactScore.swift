import Autodiff
import NeuralNetworks

/// A score with hard-wired values at both ends, whatever its network says (EDG, section 3.2).
///
///     linear:  s = (1 - t) b + t ∇log p(z₁) + t (1 - t) s'            b = ∇_z [log p(x|z) + log p(z)]
///     learned: s = (1 - t) (γ b' + (1 - γ) (s'/√v - z)) + t ∇log p(z₁)     γ = 1/(1 + v exp(c)),  b' = b/sqrt(1 + v|b|²/(9 n))
///
/// The linear gate is the paper's. Away from `t = 0` the steep `b` of a nearly deterministic decoder is much larger than the score,
/// which has the size of `sqrt(n/v)`: the learned gate holds it to that, and the network `c` says how fast it fades.
public struct BoundaryExactScore: LatentScore {
  /// How the part that is exact at the boundary fades in time.
  public enum Gate: String, Sendable, Codable, CaseIterable {
    case linear
    case learned
  }

  /// `[z, x, √v b', time features] -> [s', c]`
  public var network: ResidualMLP
  /// Typical size of a coordinate of events, by which they are divided, `[d]`
  public var eventScale: Tensor
  public let gate: Gate

  static let waves = 4

  public init(network: ResidualMLP, eventScale: Tensor, gate: Gate) {
    self.network = network
    self.eventScale = eventScale
    self.gate = gate
  }

  /// A network whose last layer starts at zero.
  public init(
    latentDimension n: Int, eventScale: Tensor, gate: Gate = .learned, width: Int = 128, blocks: Int = 2, activation: Activation = .silu,
    key: Key
  ) {
    let inputs = 2 * n + eventScale.shape[0] + 2 + 2 * BoundaryExactScore.waves
    self.init(
      network: ResidualMLP(
        inputs, n + 1, width: width, blocks: blocks, activation: activation, lastInitializer: .zeros, key: key, dtype: eventScale.dtype),
      eventScale: eventScale, gate: gate)
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("network", &network)
    walker.buffer("eventScale", &eventScale)
    walker.setting("gate", gate)
  }

  public func callAsFunction(
    _ z: Tensor, given x: Tensor, at time: Tensor, of decoder: some Decoder, _ diffusion: LatentDiffusion
  ) -> Tensor {
    let n = z.shape[1]
    let t = time.expanded(axis: 1)
    let variance = diffusion.variance(t)
    let boundary = decoder.jointScore(z, given: x)
    let size = square(boundary).sum(axis: 1, keepingDimensions: true) * (1 / (9 * Double(n)))
    let held = boundary * rsqrt(1.0 + variance * size)
    let inputs = Tensor.concatenated(
      [z, x / eventScale, sqrt(variance) * held, BoundaryExactScore.features(diffusion.accumulatedRate(t))], axis: 1)
    let output = network(inputs)
    let correction = output.slice(axis: 1, 0..<n)
    let end = t * diffusion.terminalScore(z)
    switch gate {
    case .linear: return (1.0 - t) * (boundary + t * correction) + end
    case .learned:
      let fading = variance * exp(clamp(output.slice(axis: 1, n..<n + 1) + 2.0, -10, 14))
      // (1 - γ)/√v = √v exp(c) γ stays finite at v = 0.
      let kept = 1.0 / (1.0 + fading)
      let rest = fading * kept * (correction * rsqrt(variance + 1e-12) - z)
      return (1.0 - t) * (kept * held + rest) + end
    }
  }

  /// `B`, its logarithm, and waves of that: `[batch, 1] -> [batch, 2 + 2 waves]`, all of the size of 1.
  static func features(_ accumulated: Tensor) -> Tensor {
    let logarithm = log(accumulated + 1e-5) * 0.2
    let waves = (1...waves).flatMap { [sin(Double($0) * logarithm), cos(Double($0) * logarithm)] }
    return .concatenated([accumulated * 0.1, logarithm] + waves, axis: 1)
  }
}
