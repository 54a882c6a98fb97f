/// The states that one step works on, allocated once for a whole run.
///
/// All lie at fixed distances from one constant pointer, so the loop over steps neither counts references nor checks
/// exclusivity, and the compiler sees that a store to one leaves the others as they are.
public final class StepStorage<State: VectorSpace> {
  @usableFromInline let base: UnsafeMutablePointer<State>
  @usableFromInline let count: Int

  /// y at the start of the step.
  @inlinable @inline(__always) public var state: UnsafeMutablePointer<State> { base }
  /// y proposed for its end.
  @inlinable @inline(__always) public var candidate: UnsafeMutablePointer<State> { base + 1 }
  /// The estimate of its error, where the method makes one.
  @inlinable @inline(__always) public var error: UnsafeMutablePointer<State> { base + 2 }
  /// The state of a stage.
  @inlinable @inline(__always) public var scratch: UnsafeMutablePointer<State> { base + 3 }
  /// y − y, onto which linear combinations are built.
  @inlinable @inline(__always) public var zero: UnsafeMutablePointer<State> { base + 4 }
  /// Slopes, the first at the start of the step.
  @inlinable @inline(__always) public var slopes: UnsafeMutablePointer<State> { base + 5 }

  @inlinable
  public init(like state: State, slopes: Int) {
    count = slopes + 5
    base = .allocate(capacity: count)
    base.initialize(repeating: state, count: count)
    zero.pointee.add(-1, times: state)
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }
}
