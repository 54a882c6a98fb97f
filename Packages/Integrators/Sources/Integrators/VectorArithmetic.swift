extension SIMD where Scalar: RealScalar {
  /// self + factor · direction, rounded after the product and after the sum.
  ///
  /// Where the type is known the operators are vector instructions; those of the protocol are loops over lanes, from which the
  /// compiler has to find its way back to vectors, and does not always.
  @inlinable @inline(__always)
  func adding(_ factor: Self, times direction: Self) -> Self {
    if Self.self == SIMD8<Double>.self {
      typealias Known = SIMD8<Double>
      return unsafeBitCast(cast(self, Known.self) + cast(factor, Known.self) * cast(direction, Known.self), to: Self.self)
    }
    if Self.self == SIMD16<Double>.self {
      typealias Known = SIMD16<Double>
      return unsafeBitCast(cast(self, Known.self) + cast(factor, Known.self) * cast(direction, Known.self), to: Self.self)
    }
    if Self.self == SIMD4<Double>.self {
      typealias Known = SIMD4<Double>
      return unsafeBitCast(cast(self, Known.self) + cast(factor, Known.self) * cast(direction, Known.self), to: Self.self)
    }
    if Self.self == SIMD3<Double>.self {
      typealias Known = SIMD3<Double>
      return unsafeBitCast(cast(self, Known.self) + cast(factor, Known.self) * cast(direction, Known.self), to: Self.self)
    }
    if Self.self == SIMD2<Double>.self {
      typealias Known = SIMD2<Double>
      return unsafeBitCast(cast(self, Known.self) + cast(factor, Known.self) * cast(direction, Known.self), to: Self.self)
    }
    if Self.self == SIMD16<Float>.self {
      typealias Known = SIMD16<Float>
      return unsafeBitCast(cast(self, Known.self) + cast(factor, Known.self) * cast(direction, Known.self), to: Self.self)
    }
    if Self.self == SIMD8<Float>.self {
      typealias Known = SIMD8<Float>
      return unsafeBitCast(cast(self, Known.self) + cast(factor, Known.self) * cast(direction, Known.self), to: Self.self)
    }
    if Self.self == SIMD4<Float>.self {
      typealias Known = SIMD4<Float>
      return unsafeBitCast(cast(self, Known.self) + cast(factor, Known.self) * cast(direction, Known.self), to: Self.self)
    }
    return self + factor * direction
  }

  @inlinable @inline(__always)
  func cast<Known>(_ vector: Self, _ type: Known.Type) -> Known { unsafeBitCast(vector, to: type) }
}
