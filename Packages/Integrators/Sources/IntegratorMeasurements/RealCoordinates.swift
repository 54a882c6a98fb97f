import Integrators

/// A state that can be laid out as real numbers, which finite differences and norms need and steppers do not.
public protocol RealCoordinates: VectorSpace where Scalar == Double {
  init(coordinates: [Double])
  var coordinates: [Double] { get }
}

extension Double: RealCoordinates {
  public init(coordinates: [Double]) { self = coordinates[0] }
  public var coordinates: [Double] { [self] }
}

extension SIMD2: RealCoordinates where Scalar == Double {
  public init(coordinates: [Double]) { self.init(coordinates[0], coordinates[1]) }
  public var coordinates: [Double] { [x, y] }
}

/// Positions first, momenta after them.
extension Phase: RealCoordinates where Q: RealCoordinates {
  public init(coordinates: [Double]) {
    let half = coordinates.count / 2
    self.init(position: Q(coordinates: Array(coordinates[..<half])), momentum: Q(coordinates: Array(coordinates[half...])))
  }

  public var coordinates: [Double] { position.coordinates + momentum.coordinates }
}

/// The largest difference of a coordinate.
public func distance<State: RealCoordinates>(_ a: State, _ b: State) -> Double {
  zip(a.coordinates, b.coordinates).map { abs($0 - $1) }.max() ?? 0
}

/// The slope of the straight line nearest to the points in the least-squares sense.
public func leastSquaresSlope(_ points: [(x: Double, y: Double)]) -> Double {
  let count = Double(points.count)
  let centre = (x: points.reduce(0) { $0 + $1.x } / count, y: points.reduce(0) { $0 + $1.y } / count)
  let covariance = points.reduce(0) { $0 + ($1.x - centre.x) * ($1.y - centre.y) }
  let variance = points.reduce(0) { $0 + ($1.x - centre.x) * ($1.x - centre.x) }
  return covariance / variance
}
