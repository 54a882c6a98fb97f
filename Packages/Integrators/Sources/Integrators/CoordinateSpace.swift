/// A state whose real coordinates can be read: what norms, tolerances and linear algebra need, and fixed explicit steps do not.
public protocol CoordinateSpace: VectorSpace {
  /// How many real numbers the state holds.
  var coordinateCount: Int { get }

  /// The real number at `index`, counted from 0.
  subscript(coordinate index: Int) -> Scalar { get set }

  /// Σᵢ (errorᵢ / (absoluteᵢ + relativeᵢ max(|startᵢ|, |endᵢ|)))², the sum below the root of an RMS norm.
  static func squaredErrorRatio(_ error: Self, start: Self, end: Self, absolute: Self, relative: Self) -> Scalar
}

extension CoordinateSpace {
  @inlinable
  public static func squaredErrorRatio(
    _ error: Self, start: Self, end: Self, absolute: Self, relative: Self
  ) -> Scalar {
    var sum: Scalar = 0
    for index in 0..<error.coordinateCount {
      let magnitude = Swift.max(abs(start[coordinate: index]), abs(end[coordinate: index]))
      let ratio = error[coordinate: index] / (absolute[coordinate: index] + relative[coordinate: index] * magnitude)
      sum += ratio * ratio
    }
    return sum
  }

  /// The first coordinate that is NaN or infinite, or nil.
  @inlinable
  public var firstNotFinite: Int? {
    for index in 0..<coordinateCount where !self[coordinate: index].isFinite { return index }
    return nil
  }

  /// The same state with every coordinate set to `value`.
  @inlinable
  public func filled(with value: Scalar) -> Self {
    var result = self
    for index in 0..<coordinateCount { result[coordinate: index] = value }
    return result
  }
}

extension Float: CoordinateSpace {
  @inlinable public var coordinateCount: Int { 1 }
  @inlinable public subscript(coordinate index: Int) -> Float {
    get { self }
    set { self = newValue }
  }
}

extension Double: CoordinateSpace {
  @inlinable public var coordinateCount: Int { 1 }
  @inlinable public subscript(coordinate index: Int) -> Double {
    get { self }
    set { self = newValue }
  }
}

extension SIMD where Scalar: RealScalar {
  // The standard library's own are calls, one for each lane.

  /// |x| of every lane: all bits but the sign.
  @inlinable @inline(__always)
  var magnitudes: Self {
    let bits = unsafeBitCast(self, to: MaskStorage.self) & MaskStorage(repeating: .max)
    return unsafeBitCast(bits, to: Self.self)
  }

  /// The larger of two numbers in every lane.
  @inlinable @inline(__always)
  func larger(than other: Self) -> Self {
    var result = self
    for lane in 0..<Self.scalarCount { result[lane] = self[lane] > other[lane] ? self[lane] : other[lane] }
    return result
  }

  /// The smaller of two numbers in every lane.
  @inlinable @inline(__always)
  func smaller(than other: Self) -> Self {
    var result = self
    for lane in 0..<Self.scalarCount { result[lane] = self[lane] < other[lane] ? self[lane] : other[lane] }
    return result
  }

  /// The sum of `CoordinateSpace.squaredErrorRatio`, on all lanes at once.
  @inlinable @inline(__always)
  static func squaredRatio(_ error: Self, _ start: Self, _ end: Self, _ absolute: Self, _ relative: Self) -> Scalar {
    let magnitude = start.magnitudes.larger(than: end.magnitudes)
    let ratio = error / (absolute + relative * magnitude)
    return (ratio * ratio).sum()
  }
}

extension CoordinateSpace where Self: SIMD, Scalar: RealScalar {
  @inlinable public var coordinateCount: Int { scalarCount }
  @inlinable public subscript(coordinate index: Int) -> Scalar {
    get { self[index] }
    set { self[index] = newValue }
  }
  @inlinable @inline(__always)
  public static func squaredErrorRatio(
    _ error: Self, start: Self, end: Self, absolute: Self, relative: Self
  ) -> Scalar { squaredRatio(error, start, end, absolute, relative) }
}

extension SIMD2: CoordinateSpace where Scalar: RealScalar {}
extension SIMD3: CoordinateSpace where Scalar: RealScalar {}
extension SIMD4: CoordinateSpace where Scalar: RealScalar {}
extension SIMD8: CoordinateSpace where Scalar: RealScalar {}

/// The coordinates of the elements one after the other; all elements have as many as the first.
extension Array: CoordinateSpace where Element: CoordinateSpace {
  @inlinable public var coordinateCount: Int { isEmpty ? 0 : count * self[0].coordinateCount }
  @inlinable public subscript(coordinate index: Int) -> Element.Scalar {
    get {
      let width = self[0].coordinateCount
      return self[index / width][coordinate: index % width]
    }
    set {
      let width = self[0].coordinateCount
      self[index / width][coordinate: index % width] = newValue
    }
  }
  @inlinable
  public static func squaredErrorRatio(
    _ error: [Element], start: [Element], end: [Element], absolute: [Element], relative: [Element]
  ) -> Element.Scalar {
    var sum: Element.Scalar = 0
    for index in error.indices {
      sum += Element.squaredErrorRatio(
        error[index], start: start[index], end: end[index], absolute: absolute[index], relative: relative[index])
    }
    return sum
  }
}

/// The coordinates of the elements one after the other; all elements have as many as the first.
@available(macOS 26.0, iOS 26.0, tvOS 26.0, watchOS 26.0, visionOS 26.0, *)
extension InlineArray: CoordinateSpace where Element: CoordinateSpace {
  @inlinable public var coordinateCount: Int { isEmpty ? 0 : count * self[0].coordinateCount }
  @inlinable public subscript(coordinate index: Int) -> Element.Scalar {
    get {
      let width = self[0].coordinateCount
      return self[index / width][coordinate: index % width]
    }
    set {
      let width = self[0].coordinateCount
      self[index / width][coordinate: index % width] = newValue
    }
  }
}

/// Positions first, momenta after them.
extension Phase: CoordinateSpace where Q: CoordinateSpace {
  @inlinable public var coordinateCount: Int { position.coordinateCount + momentum.coordinateCount }
  @inlinable public subscript(coordinate index: Int) -> Q.Scalar {
    get {
      let half = position.coordinateCount
      return index < half ? position[coordinate: index] : momentum[coordinate: index - half]
    }
    set {
      let half = position.coordinateCount
      if index < half { position[coordinate: index] = newValue } else { momentum[coordinate: index - half] = newValue }
    }
  }
  @inlinable @inline(__always)
  public static func squaredErrorRatio(
    _ error: Self, start: Self, end: Self, absolute: Self, relative: Self
  ) -> Q.Scalar {
    Q.squaredErrorRatio(
      error.position, start: start.position, end: end.position, absolute: absolute.position, relative: relative.position)
      + Q.squaredErrorRatio(
        error.momentum, start: start.momentum, end: end.momentum, absolute: absolute.momentum, relative: relative.momentum)
  }
}
