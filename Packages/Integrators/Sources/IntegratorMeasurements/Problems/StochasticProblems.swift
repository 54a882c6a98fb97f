import Integrators

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Eight independent paths in the lanes.
public typealias Paths = SIMD8<Double>

/// x = arsinh(t + W + sinh x₀): dx = (1/cosh x − sinh x / (2 cosh³ x)) dt + dW / cosh x in Itô's sense,
/// dx = (dt + dW) / cosh x in Stratonovich's.
public enum Spreading {
  /// The solution after `displacement` of the Brownian path.
  public static func exact(_ initial: Paths, _ displacement: Paths, after time: Double) -> Paths {
    lanes(initial, displacement) { asinh(time + $1 + sinh($0)) }
  }

  /// In Itô's form.
  public struct Ito: DifferentiableNoiseSystem {
    public init() {}
    public func drift(_ x: Paths, at time: Double) -> Paths {
      lanes(x, x) { x, _ in 1 / cosh(x) - sinh(x) / (2 * cosh(x) * cosh(x) * cosh(x)) }
    }
    public func diffusion(_ x: Paths, at time: Double, times noise: Paths) -> Paths { lanes(x, noise) { $1 / cosh($0) } }
    public func diffusionSlope(_ x: Paths, at time: Double, times factor: Paths) -> Paths {
      lanes(x, factor) { -$1 * sinh($0) / (cosh($0) * cosh($0) * cosh($0)) }
    }
  }

  /// In Stratonovich's form.
  public struct Stratonovich: StratonovichSystem {
    public init() {}
    public func drift(_ x: Paths, at time: Double) -> Paths { lanes(x, x) { x, _ in 1 / cosh(x) } }
    public func diffusion(_ x: Paths, at time: Double, times noise: Paths) -> Paths { lanes(x, noise) { $1 / cosh($0) } }
  }
}

/// x = tanh(W + artanh x₀): dx = −x (1 − x²) dt + (1 − x²) dW in Itô's sense, dx = (1 − x²) dW in Stratonovich's.
/// Kloeden, Platen, Numerical Solution of Stochastic Differential Equations (1992), 4.4.
public enum Saturating {
  /// The solution after `displacement` of the Brownian path.
  public static func exact(_ initial: Paths, _ displacement: Paths, after time: Double) -> Paths {
    lanes(initial, displacement) { tanh($1 + atanh($0)) }
  }

  /// In Itô's form.
  public struct Ito: DifferentiableNoiseSystem {
    public init() {}
    public func drift(_ x: Paths, at time: Double) -> Paths { -x * (1 - x * x) }
    public func diffusion(_ x: Paths, at time: Double, times noise: Paths) -> Paths { (1 - x * x) * noise }
    public func diffusionSlope(_ x: Paths, at time: Double, times factor: Paths) -> Paths { -2 * x * (1 - x * x) * factor }
  }

  /// In Stratonovich's form.
  public struct Stratonovich: StratonovichSystem {
    public init() {}
    public func drift(_ x: Paths, at time: Double) -> Paths { .zero }
    public func diffusion(_ x: Paths, at time: Double, times noise: Paths) -> Paths { (1 - x * x) * noise }
  }
}

/// dx = (x − x³) dt + (1 + sin(3 t)/2) dW: a double well shaken with additive noise of changing strength.
public struct ShakenWell: AdditiveNoiseSystem {
  public init() {}
  public func drift(_ x: Paths, at time: Double) -> Paths { x - x * x * x }
  public func diffusion(_ x: Paths, at time: Double, times noise: Paths) -> Paths { (1 + sin(3 * time) / 2) * noise }
}

/// dx = −sin x dt + 0.7 dW: a rotor in a bath.
public struct ShakenRotor: AdditiveNoiseSystem {
  public init() {}
  public func drift(_ x: Paths, at time: Double) -> Paths { lanes(x, x) { angle, _ in -sin(angle) } }
  public func diffusion(_ x: Paths, at time: Double, times noise: Paths) -> Paths { 0.7 * noise }
}

/// V = q²/2 in a bath, unit mass: the stationary averages of q² and p² are kT.
public struct BathOscillator: LangevinSystem {
  public init() {}
  public func velocity(_ momentum: Paths) -> Paths { momentum }
  public func force(_ position: Paths) -> Paths { -position }
  public func thermalMomentum(_ noise: Paths) -> Paths { noise }
}

private func lanes(_ a: Paths, _ b: Paths, _ f: (Double, Double) -> Double) -> Paths {
  var result = Paths.zero
  for lane in result.indices { result[lane] = f(a[lane], b[lane]) }
  return result
}
