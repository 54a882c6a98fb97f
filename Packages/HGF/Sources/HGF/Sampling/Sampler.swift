import Autodiff
import DifferentiableIntegrators
import Integrators
import NeuralNetworks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A fixed number of steps from T back to the data.
public struct Sampler: Hashable, Sendable, Codable {
  /// One step from t to t'.
  public enum Method: String, Hashable, Sendable, Codable, CaseIterable {
    case euler
    case heun
    case midpoint
    case rungeKutta4
    /// The point `(x, V)` flies on along the force's own motion: exact where `V` is that of one data point. The rotation (exponential)
    /// integrator for the oscillation, Euler for F = 0, and never out of the box for reflections.
    case exactMotion
    /// The same with the velocity of the midpoint, second order; linear forces only.
    case exactMidpoint

    /// Evaluations of the predictor in a step.
    public var evaluationsPerStep: Int {
      switch self {
      case .euler, .exactMotion: 1
      case .heun, .midpoint, .exactMidpoint: 2
      case .rungeKutta4: 4
      }
    }

    var tableau: ExplicitTableau? {
      switch self {
      case .euler: .euler
      case .heun: .heun
      case .midpoint: .midpoint
      case .rungeKutta4: .rungeKutta4
      case .exactMotion, .exactMidpoint: nil
      }
    }
  }

  /// Where the times lie.
  public enum Spacing: Hashable, Sendable, Codable {
    case even
    /// Even in `t^(1/power)`: denser towards the data (Karras et al. 2022: 7).
    case power(Double)
  }

  public var method: Method
  public var steps: Int
  public var spacing: Spacing
  /// Rate of the noise that a stochastic sampler adds, relative to that of the noise level over T; 0 for none.
  public var stochasticity: Double

  public init(_ method: Method, steps: Int, spacing: Spacing = .even, stochasticity: Double = 0) {
    self.method = method
    self.steps = steps
    self.spacing = spacing
    self.stochasticity = stochasticity
  }

  /// As many steps as `evaluations` of the predictor pay for.
  public init(_ method: Method, evaluations: Int, spacing: Spacing = .even, stochasticity: Double = 0) throws(ConfigurationError) {
    self.init(method, steps: evaluations / method.evaluationsPerStep, spacing: spacing, stochasticity: stochasticity)
    guard steps > 0 else {
      throw ConfigurationError(
        path: "sampler.evaluations", found: "\(evaluations)",
        expected: "at least \(method.evaluationsPerStep), one step of \(method.rawValue)")
    }
  }

  /// Evaluations of the predictor for a batch; noise costs one more in each step.
  public var evaluations: Int { steps * (method.evaluationsPerStep + (stochasticity > 0 ? 1 : 0)) }

  /// Times from `end` down to `start`, `steps + 1` of them.
  func times(from start: Double, to end: Double) -> [Double] {
    (0...steps).map { index in
      let fraction = Double(index) / Double(steps)
      switch spacing {
      case .even: return index == steps ? start : end + fraction * (start - end)
      case .power(let power):
        let (low, high) = (pow(start, 1 / power), pow(end, 1 / power))
        return index == steps ? start : pow(high + fraction * (low - high), power)
      }
    }
  }

  /// Throws where this sampler cannot follow the process.
  public func validate(for process: HamiltonianProcess) throws(ConfigurationError) {
    guard steps > 0 else { throw ConfigurationError(path: "sampler.steps", found: "\(steps)", expected: "at least 1") }
    if case .power(let power) = spacing, !(power >= 1 && power.isFinite) {
      throw ConfigurationError(path: "sampler.spacing", found: "power \(power)", expected: "a power of 1 or more")
    }
    guard stochasticity >= 0 && stochasticity.isFinite else {
      throw ConfigurationError(path: "sampler.stochasticity", found: "\(stochasticity)", expected: "0 or a positive rate")
    }
    guard process.path != nil || (method != .exactMidpoint && stochasticity == 0) else {
      throw ConfigurationError(
        path: "sampler", found: "\(method.rawValue) with stochasticity \(stochasticity)",
        expected: "another method and stochasticity 0: the force of this process is not linear")
    }
  }
}
