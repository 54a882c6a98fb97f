#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A position with its energy and gradient.
struct EvaluatedPoint: Sendable {
  var position: [Double]
  var energy: Double
  var gradient: [Double]

  /// NaN and +∞ are places without density.
  var isInside: Bool { energy.isFinite && gradient.allSatisfy { $0.isFinite } }
}

/// What a trajectory ends with.
struct TrajectoryOutcome: Sendable {
  var point: EvaluatedPoint
  /// Mean Metropolis probability of the points on the way.
  var acceptance: Double
  var leapfrogs: Int
  /// Whether the energy error passed 1000, as where curvature is too large for the step.
  var diverged = false
  /// Points with an energy or gradient that is not finite.
  var outside = 0
  var reachedMaximumDepth = false
}

/// A walk that asks for energies and gradients one after the other, so that many chains walk at once though each takes its own number
/// of steps.
protocol Trajectory: Sendable {
  /// Where energy and gradient are wanted next.
  var query: [Double] { get }
  /// Takes them in; the outcome once the walk has ended.
  mutating func receive(energy: Double, gradient: [Double], _ random: inout KeyStream) -> TrajectoryOutcome?
}

/// One end of a trajectory in phase space, moved by leapfrog steps.
struct LeapfrogTip: Sendable {
  private(set) var point: EvaluatedPoint
  private(set) var momentum: [Double]
  private(set) var velocity: [Double]

  init(_ point: EvaluatedPoint, momentum: [Double], inverseMass: InverseMass) {
    self.point = point
    self.momentum = momentum
    velocity = inverseMass.velocity(momentum)
  }

  /// `H = U + p·M⁻¹p/2`; not finite outside.
  var hamiltonian: Double { point.energy + 0.5 * dot(momentum, velocity) }

  /// Half a kick and the drift.
  mutating func depart(_ stepSize: Double, _ inverseMass: InverseMass) {
    momentum = moved(momentum, by: -0.5 * stepSize, along: point.gradient)
    point.position = moved(point.position, by: stepSize, along: inverseMass.velocity(momentum))
  }

  /// The other half of the kick.
  mutating func arrive(_ energy: Double, _ gradient: [Double], _ stepSize: Double, _ inverseMass: InverseMass) {
    point.energy = energy
    point.gradient = gradient
    momentum = moved(momentum, by: -0.5 * stepSize, along: gradient)
    velocity = inverseMass.velocity(momentum)
  }
}

/// Hamiltonian Monte Carlo with a fixed number of leapfrog steps (Duane et al. 1987; Neal 2011).
struct FixedTrajectory: Trajectory {
  private let start: EvaluatedPoint
  private let startHamiltonian: Double
  private let stepSize: Double
  private let steps: Int
  private let inverseMass: InverseMass
  private var tip: LeapfrogTip
  private var taken = 0

  /// The step is varied by a tenth, so that no period of the motion is met again and again.
  init(from start: EvaluatedPoint, stepSize: Double, steps: Int, _ inverseMass: InverseMass, _ random: inout KeyStream) {
    self.start = start
    self.stepSize = stepSize * (0.9 + 0.2 * random.uniform())
    self.steps = steps
    self.inverseMass = inverseMass
    tip = LeapfrogTip(start, momentum: inverseMass.momentum(&random), inverseMass: inverseMass)
    startHamiltonian = tip.hamiltonian
    tip.depart(self.stepSize, inverseMass)
  }

  var query: [Double] { tip.point.position }

  mutating func receive(energy: Double, gradient: [Double], _ random: inout KeyStream) -> TrajectoryOutcome? {
    tip.arrive(energy, gradient, stepSize, inverseMass)
    taken += 1
    guard tip.point.isInside else {
      return TrajectoryOutcome(point: start, acceptance: 0, leapfrogs: taken, diverged: true, outside: 1)
    }
    if taken < steps {
      tip.depart(stepSize, inverseMass)
      return nil
    }
    let gain = startHamiltonian - tip.hamiltonian
    let acceptance = gain.isNaN ? 0 : min(1, exp(gain))
    return TrajectoryOutcome(
      point: random.uniform() < acceptance ? tip.point : start, acceptance: acceptance, leapfrogs: taken, diverged: !(gain > -1000))
  }
}

/// The step size of a magnitude at which one leapfrog step is accepted with probability 0.8, by doubling or halving.
struct StepSizeSearch: Trajectory {
  private let start: EvaluatedPoint
  private let inverseMass: InverseMass
  private var startHamiltonian: Double
  private var tip: LeapfrogTip
  private var isGrowing: Bool?
  private(set) var stepSize: Double
  private var trials = 0

  private static let threshold = log(0.8)

  init(from start: EvaluatedPoint, stepSize: Double, _ inverseMass: InverseMass, _ random: inout KeyStream) {
    self.start = start
    self.stepSize = stepSize
    self.inverseMass = inverseMass
    tip = LeapfrogTip(start, momentum: inverseMass.momentum(&random), inverseMass: inverseMass)
    startHamiltonian = tip.hamiltonian
    tip.depart(stepSize, inverseMass)
  }

  var query: [Double] { tip.point.position }

  mutating func receive(energy: Double, gradient: [Double], _ random: inout KeyStream) -> TrajectoryOutcome? {
    tip.arrive(energy, gradient, stepSize, inverseMass)
    trials += 1
    let gain = tip.point.isInside ? startHamiltonian - tip.hamiltonian : -.infinity
    let isAccepted = gain > StepSizeSearch.threshold
    let growing = isGrowing ?? isAccepted
    // A flat density accepts any step, a wall none: a hundred factors of two are enough to know.
    if isGrowing != nil && isAccepted != growing || trials > 100 {
      return TrajectoryOutcome(point: start, acceptance: 0, leapfrogs: trials)
    }
    isGrowing = growing
    stepSize *= growing ? 2 : 0.5
    tip = LeapfrogTip(start, momentum: inverseMass.momentum(&random), inverseMass: inverseMass)
    startHamiltonian = tip.hamiltonian
    tip.depart(stepSize, inverseMass)
    return nil
  }
}
