import Integrators

/// Where an orbit passes a coordinate plane in one direction. Each point is found by Hénon's trick: at the crossing the
/// coordinate becomes the independent variable, so that one step lands on the plane. Hénon, Physica D 5, 412 (1982).
public struct PoincareSection<State: CoordinateSpace>: Sendable where State.Scalar == Double {
  /// The states on the plane, in the order of passage.
  public let points: [State]
  /// When they are reached.
  public let times: [Double]
  /// The coordinate and the value that make the plane.
  public let coordinate: Int
  public let level: Double

  /// Passages of coordinate `coordinate` (positions first, then momenta) through `level`, upwards, in `steps` steps.
  public init<System: SeparableHamiltonian, Method: Stepper>(
    of method: Method, on system: System, from initial: State, coordinate: Int, level: Double = 0, stepSize: Double, steps: Int
  ) where Method.System == System, State == Phase<System.Q>, Method.State == State {
    var points: [State] = []
    var times: [Double] = []
    var last = initial
    var state = initial
    method.steps(steps, &state, of: system, at: 0, by: stepSize, observingEvery: 1) { taken, next in
      if last[coordinate: coordinate] < level && next[coordinate: coordinate] >= level {
        let crossing = Self.land(last, on: system, coordinate: coordinate, level: level)
        points.append(crossing.state)
        times.append(Double(taken - 1) * stepSize + crossing.duration)
      }
      last = next
    }
    self.points = points
    self.times = times
    self.coordinate = coordinate
    self.level = level
  }

  /// Two steps of the classical Runge-Kutta method for dy/dx = f(y)/fₓ(y), dt/dx = 1/fₓ(y), x the coordinate.
  private static func land<System: SeparableHamiltonian>(
    _ start: State, on system: System, coordinate: Int, level: Double
  ) -> (state: State, duration: Double) where State == Phase<System.Q> {
    func slope(_ state: State) -> (state: State, time: Double) {
      let field = State(position: system.velocity(state.momentum), momentum: system.force(state.position))
      let speed = field[coordinate: coordinate]
      return (field.moved(1 / speed - 1, along: field), 1 / speed)
    }
    var state = start
    var duration = 0.0
    let span = level - start[coordinate: coordinate]
    for _ in 0..<2 {
      let step = span / 2
      let first = slope(state)
      let second = slope(state.moved(step / 2, along: first.state))
      let third = slope(state.moved(step / 2, along: second.state))
      let fourth = slope(state.moved(step, along: third.state))
      for (weight, stage) in [(1.0, first), (2, second), (2, third), (1, fourth)] {
        state.add(weight * step / 6, times: stage.state)
        duration += weight * step / 6 * stage.time
      }
    }
    return (state, duration)
  }
}

extension PoincareSection: CustomStringConvertible {
  public var description: String { "\(points.count) passages of coordinate \(coordinate) through \(level)" }

  /// The points as characters: coordinate `x` to the right, `y` up, over the range of the points.
  public func plot(_ x: Int, _ y: Int, columns: Int = 60, rows: Int = 24) -> String {
    guard !points.isEmpty else { return description }
    let across = points.map { $0[coordinate: x] }
    let up = points.map { $0[coordinate: y] }
    let (left, right) = (across.min() ?? 0, across.max() ?? 0)
    let (bottom, top) = (up.min() ?? 0, up.max() ?? 0)
    var grid = Array(repeating: Array(repeating: Character(" "), count: columns), count: rows)
    for (a, b) in zip(across, up) {
      let column = right > left ? Int((a - left) / (right - left) * Double(columns - 1)) : 0
      let row = top > bottom ? Int((b - bottom) / (top - bottom) * Double(rows - 1)) : 0
      grid[rows - 1 - row][column] = "."
    }
    return grid.map { String($0) }.joined(separator: "\n")
  }
}
