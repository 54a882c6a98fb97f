import Integrators

extension CoordinateSpace {
  /// All real numbers of the state.
  public var coordinates: [Scalar] { (0..<coordinateCount).map { self[coordinate: $0] } }
}

/// The largest difference of a coordinate.
public func distance<State: CoordinateSpace>(_ a: State, _ b: State) -> State.Scalar {
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
