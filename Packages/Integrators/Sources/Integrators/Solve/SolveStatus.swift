/// How a solve ended. Whatever it says, the solution holds everything computed up to there.
public enum SolveStatus<Scalar: RealScalar>: Sendable, Hashable {
  /// The end was reached.
  case finished
  /// A terminal event happened.
  case stopped(event: String, at: Scalar)
  /// As many steps were attempted as allowed.
  case maximumSteps(Int, at: Scalar)
  /// The tolerance asked for a step below the smallest one, or below the resolution of the time.
  case stepUnderflow(at: Scalar)
  /// The right-hand side, or the state, is NaN or infinite in that coordinate however small the step.
  case notFinite(at: Scalar, coordinate: Int)
  /// An event changed the state over and over without time passing.
  case chattering(event: String, at: Scalar)
  /// The equations of an implicit step have no solution that the iteration finds.
  case notConverged(at: Scalar)
  /// What was asked makes no sense; nothing was computed.
  case invalid(SolveMistake)

  /// Whether the solution reaches where it was meant to: the end, or a terminal event.
  public var isSuccess: Bool {
    switch self {
    case .finished, .stopped: true
    default: false
    }
  }
}

extension SolveStatus: CustomStringConvertible {
  public var description: String {
    switch self {
    case .finished: "finished"
    case .stopped(let event, let time): "stopped by \(event) at \(time)"
    case .maximumSteps(let count, let time): "stopped at \(time) after the allowed \(count) steps; allow more, or a larger tolerance"
    case .stepUnderflow(let time):
      "step too small at \(time): the solution is singular or stiff there; use a stiff method or a larger tolerance"
    case .notFinite(let time, let coordinate): "coordinate \(coordinate) is not finite at \(time)"
    case .chattering(let event, let time): "\(event) happens again and again at \(time) without time passing"
    case .notConverged(let time): "the implicit equations were not solved at \(time); take smaller steps or Newton iteration"
    case .invalid(let mistake): "invalid: \(mistake)"
    }
  }
}

/// What a solve cannot start with.
public enum SolveMistake: Sendable, Hashable {
  case toleranceNegative(coordinate: Int)
  case toleranceBelowRoundOff(coordinate: Int)
  case toleranceSize(expected: Int, found: Int)
  case derivativeSize(expected: Int, found: Int)
  case jacobianSize(expected: Int, found: Int)
  case span
  case stepSize
  case control(String)
}

extension SolveMistake: CustomStringConvertible {
  public var description: String {
    switch self {
    case .toleranceNegative(let index): "tolerance of coordinate \(index) is negative or not finite; give 0 or more"
    case .toleranceBelowRoundOff(let index):
      "tolerance of coordinate \(index) is zero or below the unit round-off; give a relative one above it, or an absolute one"
    case .toleranceSize(let expected, let found): "tolerance has \(found) coordinates, the state \(expected)"
    case .derivativeSize(let expected, let found): "derivative has \(found) coordinates, the state \(expected)"
    case .jacobianSize(let expected, let found): "Jacobian has \(found) rows, the state \(expected) coordinates"
    case .span: "start and end must be finite"
    case .stepSize: "the step size must be finite and not zero; its sign does not matter"
    case .control(let what): what
    }
  }
}

/// What `Solution.checked()` throws.
public struct SolveFailure<Scalar: RealScalar>: Error, CustomStringConvertible {
  public let status: SolveStatus<Scalar>
  public var description: String { "solve: \(status)" }
}

/// What a solve cost.
public struct SolveStatistics: Sendable, Hashable {
  /// Evaluations of the right-hand side, those for interpolants and finite differences included.
  public var evaluations = 0
  public var acceptedSteps = 0
  public var rejectedSteps = 0
  public var jacobians = 0
  /// Matrices factorised.
  public var factorisations = 0

  @inlinable
  public init() {}
}

extension SolveStatistics: CustomStringConvertible {
  public var description: String {
    let text = "\(acceptedSteps) steps (\(rejectedSteps) more rejected), \(evaluations) evaluations"
    return factorisations == 0 ? text : text + ", \(jacobians) Jacobians, \(factorisations) factorisations"
  }
}
