import Autodiff

/// What is wrong with an energy.
public enum EnergyFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// `U` of points `[n, event...]` must have shape `[n]`.
  case shape(found: [Int], expected: [Int])
  /// `U` is NaN or infinite at so many of the points.
  case notFinite(points: Int, of: Int)
  /// `U` is finite, its gradient is not, at so many of the points.
  case notDifferentiable(points: Int, of: Int)
  /// `U` falls without end along a ray: `exp(-U)` has no integral, so there is nothing to sample.
  case unboundedBelow(energy: Double, distance: Double)

  public var description: String {
    switch self {
    case .shape(let found, let expected): "the energy of a batch has shape \(found), not \(expected): give one number for each point"
    case .notFinite(let points, let count): "the energy is NaN or infinite at \(points) of \(count) points: samplers reject such points"
    case .notDifferentiable(let points, let count):
      "the energy is finite but its gradient is not at \(points) of \(count) points: mend the function there, for instance roots of 0"
    case .unboundedBelow(let energy, let distance):
      "the energy falls to \(energy) at distance \(distance) and is unbounded below: exp(-U) has no integral; check its sign, or add a prior"
    }
  }
}

extension Energy {
  /// The faults found at `points` `[n, event...]` and along a ray from each, most serious first; none where all is well.
  ///
  /// The rays go out to `10⁶` times the size of the points (at least 1). An energy that falls more slowly than a logarithm, or only in
  /// directions that no ray meets, passes.
  public func faults(at points: Tensor, key: Key = Key(seed: 0)) -> [EnergyFault] {
    let n = points.shape.first ?? 0
    let energies = self(points)
    guard energies.shape == [n] else { return [.shape(found: energies.shape, expected: [n])] }
    let slopes = gradient(points).reshaped([n, -1]).doubles
    let values = energies.doubles
    let width = n == 0 ? 0 : slopes.count / n
    let isSmooth = (0..<n).map { row in slopes[row * width..<(row + 1) * width].allSatisfy { $0.isFinite } }
    var faults: [EnergyFault] = []
    if let fall = steepestFall(from: points, values, key) { faults.append(fall) }
    let bad = values.filter { !$0.isFinite }.count
    if bad > 0 { faults.append(.notFinite(points: bad, of: n)) }
    let rough = (0..<n).filter { values[$0].isFinite && !isSmooth[$0] }.count
    if rough > 0 { faults.append(.notDifferentiable(points: rough, of: n)) }
    return faults
  }

  private func steepestFall(from points: Tensor, _ start: [Double], _ key: Key) -> EnergyFault? {
    let n = start.count
    let directions = Tensor.normal(points.shape, key: key, dtype: points.dtype)
    let size = Swift.max(1, abs(points).max().item())
    let distances = (1...6).map { size * powerOfTen($0) }
    let along = distances.map { self(points + $0 * directions).doubles }
    for row in 0..<n where start[row].isFinite {
      let path = [start[row]] + along.map { $0[row] }
      // Falling at each of the last steps, and by more at each: no level is approached.
      let falls = zip(path.suffix(4), path.suffix(3)).map { $0 - $1 }
      let endless = falls.allSatisfy { $0 > 0 } && falls[2] >= falls[1] && falls[1] >= falls[0] && falls[2] > 1
      if endless || path.contains(-.infinity) {
        return .unboundedBelow(energy: path[path.count - 1], distance: distances[distances.count - 1])
      }
    }
    return nil
  }
}

private func powerOfTen(_ exponent: Int) -> Double { (0..<exponent).reduce(1) { value, _ in value * 10 } }
