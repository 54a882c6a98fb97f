import Integrators

/// How far the energy strays over a long run, relative to the energy at the start.
public struct EnergyDrift: Sendable {
  /// The largest deviation: bounded for a symplectic method.
  public let largest: Double
  /// The slope of the straight line through the deviations, times the number of steps: zero for a symplectic method.
  public let drift: Double

  public init<Method: Stepper>(
    of method: Method, on problem: ReferenceProblem<Method.System>, stepSize: Double, steps: Int
  ) where Method.State == Phase<Method.System.Q>, Method.System: MeasurableHamiltonian {
    self.init(of: method, from: problem.initial, on: problem.system, stepSize: stepSize, steps: steps, problem.system.energy)
  }

  /// Of any state and any energy.
  public init<Method: Stepper>(
    of method: Method, from initial: Method.State, on system: Method.System, stepSize: Method.State.Scalar, steps: Int,
    _ energy: (Method.State) -> Double
  ) {
    let start = energy(initial)
    var deviations: [(x: Double, y: Double)] = [(0, 0)]
    deviations.reserveCapacity(steps + 1)
    var state = initial
    method.steps(steps, &state, of: system, at: 0, by: stepSize, observingEvery: 1) { taken, state in
      deviations.append((Double(taken), (energy(state) - start) / abs(start)))
    }
    largest = deviations.map { abs($0.y) }.max() ?? 0
    drift = leastSquaresSlope(deviations) * Double(steps)
  }
}

extension EnergyDrift: CustomStringConvertible {
  public var description: String {
    "energy within \(scientific(largest, digits: 2)), drift \(scientific(drift, digits: 1)) over the run (relative)"
  }
}

/// The Jacobian J of one step, by central differences of fourth order, and what a canonical map asks of it.
public struct StepJacobian: Sendable {
  /// J[row][column] = ∂(new coordinate row)/∂(old coordinate column).
  public let entries: [[Double]]

  public init<Method: Stepper>(
    of method: Method, on problem: ReferenceProblem<Method.System>, stepSize: Double, spacing: Double = 1e-3
  ) where Method.State == Phase<Method.System.Q>, Method.System: MeasurableHamiltonian {
    self.init(of: method, on: problem.system, at: problem.initial, stepSize: stepSize, spacing: spacing)
  }

  /// Of any method at any state.
  public init<Method: Stepper>(
    of method: Method, on system: Method.System, at state: Method.State, stepSize: Double, spacing: Double = 1e-3
  ) where Method.State: CoordinateSpace, Method.State.Scalar == Double {
    func stepped(_ column: Int, _ offset: Double) -> [Double] {
      var moved = state
      moved[coordinate: column] += offset
      method.step(&moved, of: system, at: 0, by: stepSize)
      return moved.coordinates
    }
    let columns = (0..<state.coordinateCount).map { column in
      let near = zip(stepped(column, spacing), stepped(column, -spacing)).map { $0 - $1 }
      let far = zip(stepped(column, 2 * spacing), stepped(column, -2 * spacing)).map { $0 - $1 }
      return zip(near, far).map { (8 * $0 - $1) / (12 * spacing) }
    }
    entries = columns.indices.map { row in columns.map { $0[row] } }
  }

  /// The largest entry of |Jᵀ Ω J − Ω|, Ω = [[0, 1], [−1, 0]].
  public var symplecticityError: Double {
    let size = entries.count
    let half = size / 2
    func omega(_ row: Int, _ column: Int) -> Double { column == row + half ? 1 : row == column + half ? -1 : 0 }
    var largest = 0.0
    for row in 0..<size {
      for column in 0..<size {
        var form = 0.0
        for index in 0..<half {
          form += entries[index][row] * entries[index + half][column]
          form -= entries[index + half][row] * entries[index][column]
        }
        largest = max(largest, abs(form - omega(row, column)))
      }
    }
    return largest
  }

  /// det J, by elimination with partial pivoting.
  public var determinant: Double {
    var rows = entries
    var product = 1.0
    for column in rows.indices {
      let pivot = (column..<rows.count).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      if pivot != column {
        rows.swapAt(pivot, column)
        product = -product
      }
      product *= rows[column][column]
      for row in (column + 1)..<max(rows.count, column + 1) {
        let factor = rows[row][column] / rows[column][column]
        for index in column..<rows.count { rows[row][index] -= factor * rows[column][index] }
      }
    }
    return product
  }
}

extension StepJacobian: CustomStringConvertible {
  public var description: String {
    "|Jᵀ Ω J - Ω| = \(scientific(symplecticityError, digits: 1)), det J - 1 = \(scientific(determinant - 1, digits: 1))"
  }
}

/// The distance from the start after `steps` steps forward and as many of −h.
public func returnDistance<Method: Stepper>(
  of method: Method, on problem: ReferenceProblem<Method.System>, stepSize: Double, steps: Int
) -> Double where Method.State == Phase<Method.System.Q>, Method.System: MeasurableHamiltonian {
  var state = integrate(problem.system, from: problem.initial, stepSize: stepSize, steps: steps, with: method)
  method.steps(steps, &state, of: problem.system, at: 0, by: -stepSize)
  return distance(state, problem.initial)
}
