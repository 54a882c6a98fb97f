import Integrators

/// A number as the unevaluated sum of two doubles, with 32 digits: what it takes to see the order of a method whose error
/// reaches the round-off of doubles before its asymptotic range. Dekker, Numer. Math. 18, 224 (1971).
public struct DoubleDouble: Sendable, Hashable {
  public var high: Double
  public var low: Double

  @inlinable
  public init(_ high: Double, _ low: Double = 0) {
    self.high = high
    self.low = low
  }

  /// a + b exactly, for any a and b.
  @inlinable
  static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
    let sum = a + b
    let part = sum - a
    return DoubleDouble(sum, (a - (sum - part)) + (b - part))
  }

  /// a · b exactly.
  @inlinable
  static func product(_ a: Double, _ b: Double) -> DoubleDouble {
    let product = a * b
    return DoubleDouble(product, (-product).addingProduct(a, b))
  }

  @inlinable
  public static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let high = sum(a.high, b.high)
    let low = sum(a.low, b.low)
    let middle = sum(high.high, high.low + low.high)
    return sum(middle.high, middle.low + low.low)
  }

  @inlinable
  public static prefix func - (a: DoubleDouble) -> DoubleDouble { DoubleDouble(-a.high, -a.low) }

  @inlinable
  public static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

  @inlinable
  public static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = product(a.high, b.high)
    return sum(product.high, product.low + (a.high * b.low + a.low * b.high))
  }

  @inlinable
  public static func * (a: Double, b: DoubleDouble) -> DoubleDouble { DoubleDouble(a) * b }

  @inlinable
  public static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = a.high / b.high
    let rest = a - first * b
    let second = rest.high / b.high
    return sum(first, second) + DoubleDouble((rest - second * b).high / b.high)
  }

  /// `√x` to 32 digits: one Newton step from the root of the high part.
  @inlinable
  public func squareRoot() -> DoubleDouble {
    let root = high.squareRoot()
    return DoubleDouble(root) + DoubleDouble((self - DoubleDouble.product(root, root)).high / (2 * root))
  }

  /// The sine, by the Taylor series of an eighth of the angle and three doublings.
  public var sine: DoubleDouble {
    let eighth = 0.125 * self
    let squared = eighth * eighth
    var sine = DoubleDouble(1)
    var versine = DoubleDouble(1)
    for index in stride(from: 12, through: 1, by: -1) {
      let order = Double(index)
      sine = DoubleDouble(1) - squared * sine / DoubleDouble(2 * order * (2 * order + 1))
      versine = DoubleDouble(1) - squared * versine / DoubleDouble((2 * order + 1) * (2 * order + 2))
    }
    sine = eighth * sine
    // 1 − cos, which keeps its digits where the cosine is near 1.
    versine = 0.5 * squared * versine
    for _ in 0..<3 {
      let doubled = 2 * sine * (DoubleDouble(1) - versine)
      versine = 2 * sine * sine
      sine = doubled
    }
    return sine
  }
}

extension DoubleDouble: VectorSpace {
  public typealias Scalar = Double

  @inlinable @inline(__always)
  public mutating func add(_ scale: Double, times direction: DoubleDouble) { self = self + scale * direction }
}

/// A point of the plane in double-double.
public struct DoubleDoublePlane: Sendable, Hashable, VectorSpace {
  public typealias Scalar = Double

  public var x: DoubleDouble
  public var y: DoubleDouble

  @inlinable
  public init(_ x: DoubleDouble, _ y: DoubleDouble) {
    self.x = x
    self.y = y
  }

  @inlinable @inline(__always)
  public mutating func add(_ scale: Double, times direction: DoubleDoublePlane) {
    x.add(scale, times: direction.x)
    y.add(scale, times: direction.y)
  }
}
