import Autodiff
import NeuralNetworks

/// A block of generalised Hamiltonian dynamics: leapfrog steps with trainable step sizes, rescalings `Q` and translations `T`.
///
///     ε = ε₀ exp(ε₀ e_l)
///     v <- v - ε/2 (∇U(y) ⊙ exp(ε₀/2 Q_v(y, ∇U, l)) + T_v(y, ∇U, l))
///     y <- y + ε   (v ⊙ exp(ε₀ Q_y(v, l)) + T_y(v, l))
///     v <- v - ε/2 (as the first, at the new y)
///
/// With last layers and `e` at zero, as it starts, this is the leapfrog with mass 1 and step `ε₀`.
public struct HamiltonianBlock: Module {
  /// `e`, `[iterations]`
  public var logSteps: Tensor
  /// `[y, ∇U, l] -> [Q_v, T_v]`
  public var kick: MLP
  /// `[v, l] -> [Q_y, T_y]`
  public var drift: MLP

  public var iterations: Int { logSteps.shape[0] }

  public init(dimension d: Int, iterations: Int, hidden: [Int], activation: Activation = .tanh, key: Key, dtype: DType = .float32) {
    require(iterations > 0, "HamiltonianBlock: \(iterations) iterations; give 1 or more")
    let keys = key.split()
    logSteps = .zeros([iterations], dtype: dtype)
    kick = MLP(sizes: [2 * d + 1] + hidden + [2 * d], activation: activation, lastInitializer: .zeros, key: keys[0], dtype: dtype)
    drift = MLP(sizes: [d + 1] + hidden + [2 * d], activation: activation, lastInitializer: .zeros, key: keys[1], dtype: dtype)
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("logSteps", &logSteps)
    walker.child("kick", &kick)
    walker.child("drift", &drift)
  }

  /// Positions, velocities and gradients `[batch, d]` after all iterations; `gradient` is `∇U` at `position`.
  func evolved(
    position: Tensor, velocity: Tensor, gradient: Tensor, baseStep: Double, gradientOf: (Tensor) -> Tensor
  ) -> (position: Tensor, velocity: Tensor, gradient: Tensor) {
    var (y, v, g) = (position, velocity, gradient)
    for iteration in 0..<iterations {
      let step = baseStep * exp(baseStep * logSteps.slice(axis: 0, iteration..<iteration + 1))
      let progress = Tensor.full([y.shape[0], 1], Double(iteration + 1) / Double(iterations), dtype: y.dtype)
      v = v - 0.5 * step * push(g, corrections(kick, [y, g, progress]), exponent: 0.5 * baseStep)
      y = y + step * push(v, corrections(drift, [v, progress]), exponent: baseStep)
      g = gradientOf(y)
      v = v - 0.5 * step * push(g, corrections(kick, [y, g, progress]), exponent: 0.5 * baseStep)
    }
    return (y, v, g)
  }

  private func corrections(_ network: MLP, _ inputs: [Tensor]) -> (scale: Tensor, shift: Tensor) {
    let d = inputs[0].shape[1]
    let both = network(.concatenated(inputs, axis: 1))
    return (both.slice(axis: 1, 0..<d), both.slice(axis: 1, d..<2 * d))
  }

  private func push(_ x: Tensor, _ correction: (scale: Tensor, shift: Tensor), exponent: Double) -> Tensor {
    x * exp(exponent * correction.scale) + correction.shift
  }
}
