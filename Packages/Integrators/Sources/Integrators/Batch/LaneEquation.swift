/// dy/dt = f(y, t) for as many independent trajectories as a SIMD vector has lanes, each with its own time.
///
///     struct LorenzLanes: LaneEquation {
///       let coordinateCount = 3
///       func evaluate(_ slope: inout MutableSpan<SIMD8<Double>>, of y: Span<SIMD8<Double>>, at time: SIMD8<Double>) {
///         slope[0] = 10 * (y[1] - y[0])
///         slope[1] = y[0] * (28 - y[2]) - y[1]
///         slope[2] = y[0] * y[1] - 8 / 3 * y[2]
///       }
///     }
///
/// A parameter that differs between trajectories is a coordinate whose slope is zero.
public protocol LaneEquation<Lanes>: Sendable {
  /// One number of every trajectory.
  associatedtype Lanes: SIMD & Sendable where Lanes.Scalar: RealScalar

  /// How many coordinates a trajectory has.
  var coordinateCount: Int { get }

  /// Writes f(y, t) over `slope`: element c holds coordinate c of all lanes.
  func evaluate(_ slope: inout MutableSpan<Lanes>, of state: Span<Lanes>, at time: Lanes)
}

/// The ends of a batch of trajectories.
public struct BatchSolution<Scalar: RealScalar>: Sendable {
  /// The last state of every trajectory, `[trajectory, coordinate]` row after row.
  public let final: [Scalar]
  /// The time that each trajectory reached.
  public let finalTimes: [Scalar]
  /// How each trajectory ended.
  public let statuses: [SolveStatus<Scalar>]
  /// What each trajectory cost; evaluations are counted as if it had been alone.
  public let statistics: [SolveStatistics]
  public let coordinateCount: Int

  @inlinable
  init(
    final: [Scalar], finalTimes: [Scalar], statuses: [SolveStatus<Scalar>], statistics: [SolveStatistics],
    coordinateCount: Int
  ) {
    self.final = final
    self.finalTimes = finalTimes
    self.statuses = statuses
    self.statistics = statistics
    self.coordinateCount = coordinateCount
  }

  /// The last state of one trajectory.
  public subscript(trajectory: Int) -> ArraySlice<Scalar> {
    final[trajectory * coordinateCount..<(trajectory + 1) * coordinateCount]
  }
}

extension BatchSolution: CustomStringConvertible {
  public var description: String {
    let failed = statuses.filter { !$0.isSuccess }.count
    let steps = statistics.reduce(0) { $0 + $1.acceptedSteps }
    let rejected = statistics.reduce(0) { $0 + $1.rejectedSteps }
    return "\(statuses.count) trajectories (\(failed) failed): \(steps) steps (\(rejected) more rejected)"
  }
}
