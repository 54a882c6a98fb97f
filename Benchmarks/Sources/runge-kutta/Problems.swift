import Integrators

/// A problem of the speed comparison: what is integrated, how long, and where it ends.
struct SpeedProblem<System: DifferentialEquation> where System.State: CoordinateSpace {
  let name: String
  let system: System
  let initial: System.State
  let end: Double
  let final: System.State
}

/// A planet about a unit mass: (x, y, ẋ, ẏ).
struct KeplerEquation: DifferentialEquation {
  func derivative(_ s: SIMD4<Double>, at time: Double) -> SIMD4<Double> {
    let squared = s.x * s.x + s.y * s.y
    let strength = -1 / (squared * squared.squareRoot())
    return SIMD4(s.z, s.w, s.x * strength, s.y * strength)
  }
}

/// H = |p|²/2 + |q|²/2 + x² y − y³/3: (x, y, ẋ, ẏ).
struct HenonHeilesEquation: DifferentialEquation {
  func derivative(_ s: SIMD4<Double>, at time: Double) -> SIMD4<Double> {
    SIMD4(s.z, s.w, -s.x - 2 * s.x * s.y, -s.y - s.x * s.x + s.y * s.y)
  }
}

/// A satellite in the field of earth and moon, in the rotating frame: (x, y, ẋ, ẏ).
struct ArenstorfEquation: DifferentialEquation {
  func derivative(_ s: SIMD4<Double>, at time: Double) -> SIMD4<Double> {
    let moon = 0.012277471
    let earth = 1 - moon
    let (fromEarth, fromMoon) = (s.x + moon, s.x - earth)
    let a = fromEarth * fromEarth + s.y * s.y
    let b = fromMoon * fromMoon + s.y * s.y
    let pullOfEarth = earth / (a * a.squareRoot())
    let pullOfMoon = moon / (b * b.squareRoot())
    return SIMD4(
      s.z, s.w, s.x + 2 * s.w - fromEarth * pullOfEarth - fromMoon * pullOfMoon,
      s.y - 2 * s.z - s.y * pullOfEarth - s.y * pullOfMoon)
  }
}

/// Lorenz's convection with σ = 10, ρ = 28, β = 8/3.
struct LorenzEquation: DifferentialEquation {
  func derivative(_ s: SIMD3<Double>, at time: Double) -> SIMD3<Double> {
    SIMD3(10 * (s.y - s.x), s.x * (28 - s.z) - s.y, s.x * s.y - 8 / 3 * s.z)
  }
}
