/// A one-step method of fixed step size for one kind of system.
///
/// Only `step` is required. What a method promises beyond it is a refinement (`ReversibleStepper`,
/// `SymplecticStepper`), so that what needs the promise does not compile without it.
public protocol Stepper<System, State>: Sendable {
  associatedtype System
  associatedtype State: VectorSpace

  /// Moves the state from `time` to `time + stepSize`; a negative step size goes back in time.
  func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar)

  /// Moves the state over `count` steps; methods that share work between neighbouring steps do it here.
  func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar)

  /// The same steps bit for bit, calling `observe(k, state)` after every `stride`-th step k and after the last.
  func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar,
    observingEvery stride: Int, _ observe: (Int, State) -> Void)
}

extension Stepper {
  @inlinable
  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar
  ) {
    requireStepCount(count)
    for index in 0..<count {
      step(&state, of: system, at: time + State.Scalar(index) * stepSize, by: stepSize)
    }
  }

  @inlinable
  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar,
    observingEvery stride: Int, _ observe: (Int, State) -> Void
  ) {
    requireStepCount(count)
    requireStride(stride)
    for index in 0..<count {
      step(&state, of: system, at: time + State.Scalar(index) * stepSize, by: stepSize)
      if (index + 1) % stride == 0 || index + 1 == count { observe(index + 1, state) }
    }
  }
}

/// A method whose step of −h undoes its step of h in exact arithmetic, hence to round-off in floating point.
public protocol ReversibleStepper: Stepper {}

/// A method whose step is a canonical map: Jᵀ Ω J = Ω, and so the determinant of J is 1. Fixed steps only: a
/// step size that depends on the state destroys the property.
public protocol SymplecticStepper: Stepper {}

/// A reversible method that runs against time: its step of h is the base's step of −h.
public struct Reversed<Base: ReversibleStepper>: ReversibleStepper {
  public typealias System = Base.System
  public typealias State = Base.State

  public let base: Base

  @inlinable
  public init(_ base: Base) { self.base = base }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    base.step(&state, of: system, at: time, by: -stepSize)
  }

  @inlinable
  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar
  ) {
    base.steps(count, &state, of: system, at: time, by: -stepSize)
  }

  @inlinable
  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar,
    observingEvery stride: Int, _ observe: (Int, State) -> Void
  ) {
    base.steps(count, &state, of: system, at: time, by: -stepSize, observingEvery: stride, observe)
  }
}

extension Reversed: SymplecticStepper where Base: SymplecticStepper {}

extension ReversibleStepper {
  /// The same method run against time: as many steps of it take the end of a trajectory back to its start.
  @inlinable
  public var reversed: Reversed<Self> { Reversed(self) }
}

@inlinable
func requireStepCount(_ count: Int) {
  precondition(count >= 0, "steps: cannot take \(count) steps; give 0 or more, and a negative step size to go back")
}

@inlinable
func requireStride(_ stride: Int) {
  precondition(stride >= 1, "steps(observingEvery:): a stride of \(stride) never observes; give 1 or more")
}
