import Autodiff
import DifferentiableIntegrators
import Integrators
import NeuralNetworks

/// `F = -∇U` of an energy network `[batch, d] -> [batch, 1]`: conservative, so that it can be a score.
public struct EnergyForce<Network: Layer>: Layer {
  /// U
  public var energy: Network

  public init(_ energy: Network) { self.energy = energy }

  public mutating func walk(_ walker: inout some Walker) { walker.child("energy", &energy) }

  public func callAsFunction(_ x: Tensor) -> Tensor { -grad(x) { energy($0).sum() } }
}

/// A force given by a closure, without parameters: a known score to be judged.
public struct KnownForce: Layer {
  private let force: @Sendable (Tensor) -> Tensor

  public init(_ force: @escaping @Sendable (Tensor) -> Tensor) { self.force = force }

  public mutating func walk(_ walker: inout some Walker) {}

  public func callAsFunction(_ x: Tensor) -> Tensor { force(x) }
}

/// The motion dx/dt = v, dv/dt = F(x) of rows that each have a time of their own, on a clock from 0 to 1.
struct ScaledMotion<Force: Layer>: SeparableHamiltonian, Module {
  var law: Force
  /// `[batch, 1]`
  var time: Tensor

  func velocity(_ momentum: Tensor) -> Tensor { time * momentum }
  func force(_ position: Tensor) -> Tensor { time * law(position) }

  mutating func walk(_ walker: inout some Walker) {
    walker.child("law", &law)
    walker.parameter("time", &time)
  }
}

/// How the gradient goes through a simulated trajectory.
public enum TrajectoryGradient: String, Hashable, Sendable, Codable, CaseIterable {
  /// Every step recorded.
  case throughSteps
  /// The leapfrog undone step by step: memory for one state, the same gradient to round-off.
  case reversible
}

/// `(x_t, v_t)` at times `[batch]` under a force of positions, by `steps` leapfrog steps for each row.
public func trajectory<Force: Layer>(
  of launch: Phase<Tensor>, under force: Force, at time: Tensor, steps: Int, gradient: TrajectoryGradient = .throughSteps
) -> Phase<Tensor> {
  let motion = ScaledMotion(law: force, time: column(time))
  let clock = TimeGrid(from: Tensor(0, dtype: time.dtype), to: Tensor(1, dtype: time.dtype), steps: steps)
  switch gradient {
  case .throughSteps: return integrate(motion, from: launch, over: clock, with: .throughSteps(SplittingMethod(.leapfrog)))
  case .reversible: return integrate(motion, from: launch, over: clock, with: .reversible(SplittingMethod(.leapfrog)))
  }
}
