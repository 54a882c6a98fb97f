/// A floating-point type in which time and step sizes are measured.
public protocol RealScalar: BinaryFloatingPoint, Sendable {}

extension Float: RealScalar {}
extension Double: RealScalar {}

/// A state that can be moved along a direction: scaled addition is the only arithmetic a stepper needs.
///
/// No comparison and no reading of values is asked for, so a traced, symbolic or remote state can conform.
public protocol VectorSpace: Sendable {
  /// The real numbers that scale a direction, and in which time is measured.
  associatedtype Scalar: RealScalar

  /// self += scale · direction.
  mutating func add(_ scale: Scalar, times direction: Self)

  /// self += scale · the direction at this place, which nobody else holds: a state on the heap is read where it lies, uncounted.
  mutating func add(_ scale: Scalar, timesPointee direction: UnsafeMutablePointer<Self>)

  /// self = other, kept in the memory that self owns where there is any.
  mutating func assign(_ other: Self)
}

extension VectorSpace {
  @inlinable @inline(__always)
  public mutating func assign(_ other: Self) { self = other }

  @inlinable @inline(__always)
  public mutating func add(_ scale: Scalar, timesPointee direction: UnsafeMutablePointer<Self>) {
    add(scale, times: direction.pointee)
  }

  /// The point self + scale · direction.
  @inlinable
  public func moved(_ scale: Scalar, along direction: Self) -> Self {
    var result = self
    result.add(scale, times: direction)
    return result
  }
}

extension Float: VectorSpace {
  public typealias Scalar = Float

  @inlinable @inline(__always)
  public mutating func add(_ scale: Float, times direction: Float) { self += scale * direction }
}

extension Double: VectorSpace {
  public typealias Scalar = Double

  @inlinable @inline(__always)
  public mutating func add(_ scale: Double, times direction: Double) { self += scale * direction }
}

extension SIMD2: VectorSpace where Scalar: RealScalar {
  @inlinable @inline(__always)
  public mutating func add(_ scale: Scalar, times direction: Self) { self += scale * direction }
}

extension SIMD3: VectorSpace where Scalar: RealScalar {
  @inlinable @inline(__always)
  public mutating func add(_ scale: Scalar, times direction: Self) { self += scale * direction }
}

extension SIMD4: VectorSpace where Scalar: RealScalar {
  @inlinable @inline(__always)
  public mutating func add(_ scale: Scalar, times direction: Self) { self += scale * direction }
}

extension SIMD8: VectorSpace where Scalar: RealScalar {
  @inlinable @inline(__always)
  public mutating func add(_ scale: Scalar, times direction: Self) { self += scale * direction }
}

extension Array: VectorSpace where Element: VectorSpace {
  public typealias Scalar = Element.Scalar

  /// self[i] += scale · direction[i]; both must have the same count.
  @inlinable
  public mutating func add(_ scale: Element.Scalar, times direction: [Element]) {
    precondition(
      count == direction.count,
      "add(_:times:): a state of \(count) elements cannot move along a direction of \(direction.count); "
        + "let velocity and force return as many elements as they are given")
    withUnsafeMutableBufferPointer { own in
      direction.withUnsafeBufferPointer { other in
        for index in own.indices { own[index].add(scale, times: other[index]) }
      }
    }
  }

  @inlinable
  public mutating func add(_ scale: Element.Scalar, timesPointee direction: UnsafeMutablePointer<[Element]>) {
    guard count == direction.pointee.count else { return add(scale, times: direction.pointee) }
    // Passing the array itself would retain and release it around every sum of two short vectors.
    withUnsafeMutableBufferPointer { own in
      direction.pointee.withUnsafeMutableBufferPointer { other in
        for index in own.indices { own[index].add(scale, times: other[index]) }
      }
    }
  }

  @inlinable
  public mutating func assign(_ other: [Element]) {
    guard count == other.count else {
      self = other
      return
    }
    withUnsafeMutableBufferPointer { own in
      other.withUnsafeBufferPointer { other in
        for index in own.indices { own[index].assign(other[index]) }
      }
    }
  }
}

@available(macOS 26.0, iOS 26.0, tvOS 26.0, watchOS 26.0, visionOS 26.0, *)
extension InlineArray: VectorSpace where Element: VectorSpace {
  public typealias Scalar = Element.Scalar

  /// self[i] += scale · direction[i], with the elements stored in place and nothing on the heap.
  @inlinable
  public mutating func add(_ scale: Element.Scalar, times direction: Self) {
    // Through spans: a subscript of the array itself may copy all of it.
    var own = mutableSpan
    let other = direction.span
    for index in own.indices { own[index].add(scale, times: other[index]) }
  }
}
