import Integrators

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One Brownian path on a grid of [0, 1], in memory: W and its integral at every point, made of independent increments.
public struct TabulatedPath: BrownianPath {
  public static let steps = 1 << 12
  let values: [Paths]
  let integrals: [Paths]

  public init(key: NoiseKey) {
    let increments = IndependentIncrements(like: Paths.zero, key: key)
    let length = 1 / Double(Self.steps)
    var values = [Paths.zero]
    var integrals = [Paths.zero]
    for index in 0..<Self.steps {
      let increment = increments.increment(from: Double(index) * length, to: Double(index + 1) * length)
      integrals.append(integrals[index] + length * (values[index] + increment.mean))
      values.append(values[index] + increment.displacement)
    }
    self.values = values
    self.integrals = integrals
  }

  public func increment(from start: Double, to end: Double) -> BrownianIncrement<Paths> {
    let (first, last) = (index(start), index(end))
    let displacement = values[last] - values[first]
    let mean = (integrals[last] - integrals[first]) / (end - start) - values[first]
    return BrownianIncrement(displacement: displacement, area: mean - displacement / 2)
  }

  /// W(1)
  public var end: Paths { values[Self.steps] }

  private func index(_ time: Double) -> Int { Int((time * Double(Self.steps)).rounded()) }
}

/// How the error of a stochastic method falls with the step size along given paths of the noise, at the end of t = 1: the
/// strong order from the root of the mean square error, the weak order from the error of the mean.
public struct StrongConvergence: Sendable {
  public let order: Double
  public let weakOrder: Double
  public let points: [(stepSize: Double, error: Double, bias: Double)]

  /// Step sizes of 1/32 to 1/512, all along the same paths, 8 times `groups` of them; `exact` gives the end along a path.
  public init<Method: Stepper>(
    on system: Method.System, from initial: Double, groups: Int, seed: UInt64, method: (TabulatedPath) -> Method,
    exact: (TabulatedPath, Paths) -> Paths
  ) where Method.State == Paths {
    let start = Paths(repeating: initial)
    let levels = 5...9
    var squares = Array(repeating: 0.0, count: levels.upperBound + 1)
    var sums = squares
    for group in 0..<groups {
      let path = TabulatedPath(key: NoiseKey(seed: seed).child(UInt64(group)))
      let end = exact(path, start)
      for level in levels {
        let steps = 1 << level
        let error = integrate(system, from: start, stepSize: 1 / Double(steps), steps: steps, with: method(path)) - end
        squares[level] += (error * error).sum()
        sums[level] += error.sum()
      }
    }
    let count = Double(8 * groups)
    points = levels.map { (1 / Double(1 << $0), (squares[$0] / count).squareRoot(), abs(sums[$0]) / count) }
    order = leastSquaresSlope(points.map { (log($0.stepSize), log($0.error)) })
    weakOrder = leastSquaresSlope(points.map { (log($0.stepSize), log($0.bias)) })
  }
}

extension StrongConvergence: CustomStringConvertible {
  public var description: String {
    let errors = points.map {
      "\(scientific($0.error, digits: 2)) (mean \(scientific($0.bias, digits: 2))) at h = \(scientific($0.stepSize, digits: 2))"
    }
    return "strong order \(fixed(order, decimals: 2)), weak order \(fixed(weakOrder, decimals: 2)): " + errors.joined(separator: ", ")
  }
}
