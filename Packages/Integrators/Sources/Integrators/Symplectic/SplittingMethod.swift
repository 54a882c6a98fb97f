/// Steps a separable Hamiltonian by the kicks and drifts of a palindrome.
///
/// The last flow of one step and the first of the next are the same flow, so n steps merge them: leapfrog from
/// kick to kick evaluates the force n + 1 times, not 2 n. Nothing is allocated for a state of fixed size, and no
/// value is inspected, so a traced state records one straight program.
///
///     let splitting = SplittingMethod<Pendulum>(.leapfrog)
///     splitting.steps(1_000, &state, of: pendulum, at: 0, by: 0.01)
public struct SplittingMethod<System: SeparableHamiltonian>: SymplecticStepper, ReversibleStepper {
  public typealias State = Phase<System.Q>

  public let palindrome: Palindrome

  @inlinable
  public init(_ palindrome: Palindrome) { self.palindrome = palindrome }

  /// A row whose order rests on T being quadratic.
  @inlinable
  public init(_ row: NystromPalindrome) where System: NaturalHamiltonian { palindrome = row.palindrome }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    steps(1, &state, of: system, at: time, by: stepSize)
  }

  @inlinable
  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar
  ) {
    // A stride of `count` makes the only observation the one after the last step, which costs nothing.
    steps(count, &state, of: system, at: time, by: stepSize, observingEvery: Swift.max(count, 1)) { _, _ in }
  }

  @inlinable
  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar,
    observingEvery stride: Int, _ observe: (Int, State) -> Void
  ) {
    switch palindrome.opening {
    case .kick:
      Self.merged(
        Kick<System>.self, palindrome.kicks, Drift<System>.self, palindrome.drifts, count, &state, system, stepSize,
        stride, observe)
    case .drift:
      Self.merged(
        Drift<System>.self, palindrome.drifts, Kick<System>.self, palindrome.kicks, count, &state, system, stepSize,
        stride, observe)
    }
  }

  /// Alternates `Outer` and `Inner`, with the closing flow of each step merged into the opening of the next.
  @inlinable
  static func merged<Outer: ExactFlow, Inner: ExactFlow>(
    _: Outer.Type, _ outer: [Double], _: Inner.Type, _ inner: [Double], _ count: Int, _ state: inout State,
    _ system: System, _ stepSize: State.Scalar, _ stride: Int, _ observe: (Int, State) -> Void
  ) where Outer.System == System, Inner.System == System {
    requireStepCount(count)
    requireStride(stride)
    guard count > 0 else { return }

    let edge = State.Scalar(outer[0]) * stepSize
    let seam = edge + edge
    Outer.flow(of: system, &state, for: edge)
    var untilObserved = stride
    for taken in 1...count {
      for stage in inner.indices {
        Inner.flow(of: system, &state, for: State.Scalar(inner[stage]) * stepSize)
        if stage + 1 < inner.count { Outer.flow(of: system, &state, for: State.Scalar(outer[stage + 1]) * stepSize) }
      }
      untilObserved -= 1
      if taken == count {
        Outer.flow(of: system, &state, for: edge)
        observe(taken, state)
      } else if untilObserved > 0 {
        Outer.flow(of: system, &state, for: seam)
      } else {
        // The observed copy closes its own step; the running state keeps the seam, so that observing changes no bit.
        untilObserved = stride
        let slope = Outer.slope(of: system, at: state)
        var observed = state
        Outer.move(&observed, along: slope, for: edge)
        observe(taken, observed)
        Outer.move(&state, along: slope, for: seam)
      }
    }
  }
}
