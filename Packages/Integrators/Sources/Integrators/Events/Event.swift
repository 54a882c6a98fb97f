/// Something that happens where a function of the solution crosses zero.
///
///     let ground = Event<Phase<Double>>("ground", .falling, .modify { ball, _ in ball.momentum *= -0.9 }) { ball, _ in ball.position }
public struct Event<State: CoordinateSpace>: Sendable {
  public typealias Scalar = State.Scalar

  /// Which crossings count, seen in the direction of integration.
  public enum Direction: Sendable, Hashable { case rising, falling, either }

  /// What a crossing does beside being recorded.
  public enum Action: Sendable {
    /// Nothing.
    case record
    /// The solve ends at the crossing.
    case stop
    /// The state is changed, and the solve goes on from the changed one.
    case modify(@Sendable (inout State, Scalar) -> Void)
  }

  public let name: String
  public let direction: Direction
  public let action: Action
  public let root: @Sendable (State, Scalar) -> Scalar

  public init(
    _ name: String, _ direction: Direction = .either, _ action: Action,
    where root: @escaping @Sendable (State, Scalar) -> Scalar
  ) {
    self.name = name
    self.direction = direction
    self.action = action
    self.root = root
  }

  /// Whether going from one sign to the other counts.
  @inlinable
  func counts(from before: Scalar, to after: Scalar) -> Bool {
    switch direction {
    case .rising: before < 0 && after > 0
    case .falling: before > 0 && after < 0
    case .either: before < 0 && after > 0 || before > 0 && after < 0
    }
  }
}

/// One crossing: when, and the state before the event changed it.
public struct Occurrence<State: CoordinateSpace>: Sendable {
  public let event: String
  public let time: State.Scalar
  public let state: State

  @inlinable
  init(event: String, time: State.Scalar, state: State) {
    self.event = event
    self.time = time
    self.state = state
  }
}
