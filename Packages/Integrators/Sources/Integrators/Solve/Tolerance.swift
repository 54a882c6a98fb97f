/// How large an error a step may make, in the norm √(1/n Σᵢ (errorᵢ / (absoluteᵢ + relativeᵢ |yᵢ|))²) ≤ 1, the larger |yᵢ| of
/// both ends of the step.
public struct Tolerance<State: CoordinateSpace>: Sendable {
  public typealias Scalar = State.Scalar

  @usableFromInline
  enum Bound: Sendable {
    case same(Scalar)
    case each(State)

    /// The bound of every coordinate, in the shape of `state`.
    @inlinable
    func spread(over state: State) -> State {
      switch self {
      case .same(let value): state.filled(with: value)
      case .each(let values): values
      }
    }
  }

  @usableFromInline let relative: Bound
  @usableFromInline let absolute: Bound

  /// The same bounds for every coordinate.
  @inlinable
  public init(relative: Scalar, absolute: Scalar) {
    self.relative = .same(relative)
    self.absolute = .same(absolute)
  }

  /// An absolute bound for each coordinate, in the units of that coordinate.
  @inlinable
  public init(relative: Scalar, absoluteForEach absolute: State) {
    self.relative = .same(relative)
    self.absolute = .each(absolute)
  }

  /// Bounds for each coordinate.
  @inlinable
  public init(relativeForEach relative: State, absoluteForEach absolute: State) {
    self.relative = .each(relative)
    self.absolute = .each(absolute)
  }

  /// What is wrong with the bounds for a solution that starts at `state`, or nil.
  @inlinable
  func mistake(for state: State) -> SolveMistake? {
    let (relative, absolute) = (self.relative.spread(over: state), self.absolute.spread(over: state))
    let count = state.coordinateCount
    for bound in [relative, absolute] where bound.coordinateCount != count {
      return .toleranceSize(expected: count, found: bound.coordinateCount)
    }
    for index in 0..<count {
      let mistake = toleranceMistake(
        relative[coordinate: index], absolute[coordinate: index], at: state[coordinate: index], coordinate: index)
      if let mistake { return mistake }
    }
    return nil
  }
}

/// What is wrong with the bounds of one coordinate that starts at `value`, or nil.
@inlinable
func toleranceMistake<Scalar: RealScalar>(
  _ relative: Scalar, _ absolute: Scalar, at value: Scalar, coordinate: Int
) -> SolveMistake? {
  guard relative.isFinite, absolute.isFinite, relative >= 0, absolute >= 0 else {
    return .toleranceNegative(coordinate: coordinate)
  }
  // Below two units of round-off no step could ever be accepted for the right reason.
  let smallest = 2 * Scalar.ulpOfOne
  let magnitude = abs(value)
  if absolute == 0 && relative < smallest || absolute + relative * magnitude < smallest * magnitude {
    return .toleranceBelowRoundOff(coordinate: coordinate)
  }
  return nil
}
