/// A method that advances a solution step by step and interpolates within a step: what `solve` with a fixed step needs.
///
/// A symplectic splitting is none: between its steps it has nothing to offer, and a variable step would break its promise.
public protocol DenseStepper<System>: Sendable {
  associatedtype System: DifferentialEquation where System.State: CoordinateSpace
  /// What the method keeps between steps beside the states: matrices, or nothing.
  associatedtype Workspace
  typealias State = System.State
  typealias Scalar = System.State.Scalar

  var name: String { get }
  /// The documented order.
  var order: Int { get }
  /// How many slopes a step works on.
  var slopeCount: Int { get }
  /// Degree in θ of the polynomial that interpolates a step.
  var interpolantDegree: Int { get }

  func makeWorkspace(like state: State) -> Workspace

  /// Proposes `storage.candidate` for `time + stepSize` from `storage.state` and its slope; false where the equations
  /// of the step could not be solved.
  func attempt(
    _ storage: StepStorage<State>, _ workspace: inout Workspace, _ system: System, at time: Scalar, by stepSize: Scalar,
    _ statistics: inout SolveStatistics
  ) -> Bool

  /// Leaves the slope at the end of an accepted step in storage, if `attempt` did not.
  func finish(
    _ storage: StepStorage<State>, _ system: System, at end: Scalar, _ statistics: inout SolveStatistics)

  /// Writes the coefficients of y(t₀ + θ h) = Σₖ coefficients[k] θᵏ of a finished step.
  func interpolate(
    _ storage: StepStorage<State>, _ workspace: inout Workspace, _ system: System, at time: Scalar, by stepSize: Scalar,
    into coefficients: UnsafeMutablePointer<State>, _ statistics: inout SolveStatistics)

  /// Makes the end of a finished step the start of the next.
  func advance(_ storage: StepStorage<State>, _ workspace: inout Workspace)

  /// The state was replaced between two steps: nothing known from the steps before holds.
  func forget(_ workspace: inout Workspace)
}

extension DenseStepper {
  @inlinable
  public func forget(_ workspace: inout Workspace) {}
}

/// A method whose step also estimates its own error: what a tolerance, and so a step-size controller, needs.
public protocol EmbeddedStepper<System>: DenseStepper {
  /// The estimate falls as the step size to the power of `errorOrder` + 1.
  var errorOrder: Int { get }

  /// Σᵢ (errorᵢ / scaleᵢ)² of the step attempted last, scaleᵢ = absoluteᵢ + relativeᵢ max(|yᵢ| at both ends).
  func squaredErrorRatio(
    _ storage: StepStorage<State>, by stepSize: Scalar, absolute: State, relative: State
  ) -> Scalar
}
