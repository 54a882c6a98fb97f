#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A natural Hamiltonian in contact with a heat bath.
public protocol LangevinSystem: NaturalHamiltonian where Q: CoordinateSpace {
  /// M^½ · noise: a momentum of temperature 1, from independent standard normal numbers.
  func thermalMomentum(_ noise: Q) -> Q
}

/// A splitting of dq = M⁻¹p dt, dp = F(q) dt − γ p dt + √(2 γ kT) M^½ dW into moves solved exactly, as a word:
/// A drifts, B kicks, O is the Ornstein-Uhlenbeck process of friction and noise. A letter that occurs n times shares the step.
public struct LangevinScheme: Sendable, Hashable {
  /// One of the three flows that a scheme puts together.
  public enum Move: Character, Sendable, Hashable {
    case drift = "A"
    case kick = "B"
    case bath = "O"
  }

  public let name: String
  public let moves: [Move]
  public let reference: String

  /// A word of the letters A, B, O, each at least once.
  public init(_ word: String, reference: String) {
    name = word
    moves = word.map { letter in
      guard let move = Move(rawValue: letter) else {
        preconditionFailure("LangevinScheme \(word): \(letter) is none of the moves A (drift), B (kick), O (bath)")
      }
      return move
    }
    for move in [Move.drift, .kick, .bath] {
      precondition(moves.contains(move), "LangevinScheme \(word): the move \(move.rawValue) (\(move)) does not occur")
    }
    self.reference = reference
  }

  /// Every shipped scheme.
  public static let catalogue: [LangevinScheme] = [baoab, aboba, obabo, gla2]

  /// Exact averages of quadratic functions of q in a harmonic potential; the smallest configurational error.
  public static let baoab = LangevinScheme("BAOAB", reference: "Leimkuhler, Matthews, Appl. Math. Res. Express 2013, 34 (2013)")

  /// As `baoab` with the parts exchanged; momenta are hotter.
  public static let aboba = LangevinScheme("ABOBA", reference: "Leimkuhler, Matthews, Appl. Math. Res. Express 2013, 34 (2013)")

  /// Velocity Verlet between two half steps of the bath.
  public static let obabo = LangevinScheme("OBABO", reference: "Bussi, Parrinello, Phys. Rev. E 75, 056707 (2007)")

  /// Geometric Langevin of second order in its stationary averages: velocity Verlet, then the bath.
  public static let gla2 = LangevinScheme("BABO", reference: "Bou-Rabee, Owhadi, SIAM J. Numer. Anal. 48, 278 (2010)")
}

extension LangevinScheme: CustomStringConvertible {
  public var description: String { name }
}

/// Langevin dynamics by a splitting scheme. The noise is a function of the key and of the time of the step, so that a run
/// is repeated bit for bit by its key.
///
///     let bath = Langevin<Well>(.baoab, temperature: 1, friction: 0.5, key: NoiseKey(seed: 7))
///     let end = integrate(well, from: start, stepSize: 0.1, steps: 1_000, with: bath)
public struct Langevin<System: LangevinSystem>: Stepper {
  public typealias State = Phase<System.Q>
  public typealias Scalar = System.Q.Scalar

  public let scheme: LangevinScheme
  /// kT, an energy.
  public let temperature: Scalar
  /// γ, the rate at which momenta are forgotten.
  public let friction: Scalar
  public let key: NoiseKey

  @inlinable
  public init(_ scheme: LangevinScheme, temperature: Scalar, friction: Scalar, key: NoiseKey) {
    precondition(temperature >= 0, "Langevin: a temperature kT of \(temperature) is below zero")
    precondition(friction >= 0, "Langevin: a friction of \(friction) would heat; give 0 or more")
    self.scheme = scheme
    self.temperature = temperature
    self.friction = friction
    self.key = key
  }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: Scalar, by stepSize: Scalar) {
    var force: System.Q?
    move(&state, &force, of: system, at: time, by: stepSize)
  }

  @inlinable
  public func steps(_ count: Int, _ state: inout State, of system: System, at time: Scalar, by stepSize: Scalar) {
    requireStepCount(count)
    var force: System.Q?
    for index in 0..<count { move(&state, &force, of: system, at: time + Scalar(index) * stepSize, by: stepSize) }
  }

  /// One step; `force` is the force at the position, or nil where the position has moved since.
  @inlinable
  func move(_ state: inout State, _ force: inout System.Q?, of system: System, at time: Scalar, by stepSize: Scalar) {
    var drifts = 0
    var kicks = 0
    var baths = 0
    for move in scheme.moves {
      switch move {
      case .drift: drifts += 1
      case .kick: kicks += 1
      case .bath: baths += 1
      }
    }
    let forgetting = -Double(friction * stepSize / Scalar(baths))
    let loss = Scalar(expm1(forgetting))
    let spread = (temperature * Scalar(-expm1(2 * forgetting))).squareRoot()
    let position = Double(time).bitPattern
    var occurrence: UInt64 = 0
    for move in scheme.moves {
      switch move {
      case .drift:
        state.position.add(stepSize / Scalar(drifts), times: system.velocity(state.momentum))
        force = nil
      case .kick:
        let current = force ?? system.force(state.position)
        force = current
        state.momentum.add(stepSize / Scalar(kicks), times: current)
      case .bath:
        let noise = key.normal(like: state.momentum, at: position, salt: occurrence)
        let momentum = state.momentum
        state.momentum.add(loss, times: momentum)
        state.momentum.add(spread, times: system.thermalMomentum(noise))
        occurrence += 1
      }
    }
  }
}
