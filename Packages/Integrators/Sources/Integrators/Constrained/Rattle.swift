/// Velocity Verlet on a surface: the position is brought back to gᵢ(q) = 0 by Newton's method on the multipliers, the momentum
/// to ∇gᵢ · M⁻¹p = 0 by a linear solve. Second order, symplectic on the surface and reversible; its positions are SHAKE's.
/// Ryckaert, Ciccotti, Berendsen, J. Comput. Phys. 23, 327 (1977); Andersen, J. Comput. Phys. 52, 24 (1983).
///
/// A step for which no multipliers are found (too long, or constraints that depend on each other) leaves a state of NaN;
/// `solve` ends before it, with the status `notConverged`.
///
///     let end = integrate(pendulum, from: start, stepSize: 0.01, steps: 100, with: Rattle())
public struct Rattle<System: ConstrainedHamiltonian>: SymplecticStepper, ReversibleStepper {
  public typealias State = Phase<System.Q>
  public typealias Scalar = System.Q.Scalar

  /// The largest |gᵢ(q)| that counts as zero, in the units of g.
  public let tolerance: Scalar
  /// Newton's iterations, at most.
  public let iterations: Int

  @inlinable
  public init(tolerance: Scalar = 256 * Scalar.ulpOfOne, iterations: Int = 50) {
    precondition(tolerance > 0, "Rattle: a tolerance of \(tolerance) is never met; give more than 0")
    self.tolerance = tolerance
    self.iterations = iterations
  }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: Scalar, by stepSize: Scalar) {
    var force: System.Q?
    move(&state, &force, of: system, by: stepSize)
  }

  @inlinable
  public func steps(_ count: Int, _ state: inout State, of system: System, at time: Scalar, by stepSize: Scalar) {
    requireStepCount(count)
    var force: System.Q?
    for _ in 0..<count { move(&state, &force, of: system, by: stepSize) }
  }

  /// One step; `force` is the force at the position, which the next step begins with. Whether multipliers were found.
  @inlinable @discardableResult
  func move(_ state: inout State, _ force: inout System.Q?, of system: System, by stepSize: Scalar) -> Bool {
    let count = system.constraintCount
    return withUnsafeTemporaryAllocation(of: System.Q.self, capacity: count) { gradients in
      for index in 0..<count {
        (gradients.baseAddress! + index).initialize(to: system.constraintGradient(index, at: state.position))
      }
      defer { gradients.baseAddress?.deinitialize(count: count) }
      return withUnsafeTemporaryAllocation(of: Scalar.self, capacity: count * count + count) { workspace in
        state.momentum.add(stepSize / 2, times: force ?? system.force(state.position))
        let start = state.position
        state.position.add(stepSize, times: system.velocity(state.momentum))
        var residual = system.constraintError(state.position)
        var iteration = 0
        while !(residual <= tolerance) && iteration < iterations {
          Self.correct(&state, start, gradients, workspace, system, stepSize)
          residual = system.constraintError(state.position)
          iteration += 1
        }
        let isFound = residual <= tolerance
        if !isFound { state.position.add(.nan, times: start) }

        let next = system.force(state.position)
        force = next
        state.momentum.add(stepSize / 2, times: next)
        for index in 0..<count { gradients[index] = system.constraintGradient(index, at: state.position) }
        Self.project(&state, gradients, workspace, system)
        return isFound
      }
    }
  }

  /// One step of Newton's method: p −= Σ λᵢ ∇gᵢ(start) with q = start + h M⁻¹ p brought to first order onto the surface.
  @inlinable
  static func correct(
    _ state: inout State, _ start: System.Q, _ gradients: UnsafeMutableBufferPointer<System.Q>,
    _ workspace: UnsafeMutableBufferPointer<Scalar>, _ system: System, _ stepSize: Scalar
  ) {
    let count = gradients.count
    for row in 0..<count {
      let here = system.constraintGradient(row, at: state.position)
      for column in 0..<count {
        workspace[row * count + column] = stepSize * here.dot(system.velocity(gradients[column]))
      }
      workspace[count * count + row] = system.constraint(row, at: state.position)
    }
    eliminate(workspace, count)
    for index in 0..<count { state.momentum.add(-workspace[count * count + index], times: gradients[index]) }
    state.position = start.moved(stepSize, along: system.velocity(state.momentum))
  }

  /// p −= Σ μᵢ ∇gᵢ(q) such that every ∇gᵢ(q) · M⁻¹ p = 0.
  @inlinable
  static func project(
    _ state: inout State, _ gradients: UnsafeMutableBufferPointer<System.Q>,
    _ workspace: UnsafeMutableBufferPointer<Scalar>, _ system: System
  ) {
    let count = gradients.count
    let velocity = system.velocity(state.momentum)
    for row in 0..<count {
      for column in 0..<count {
        workspace[row * count + column] = gradients[row].dot(system.velocity(gradients[column]))
      }
      workspace[count * count + row] = gradients[row].dot(velocity)
    }
    eliminate(workspace, count)
    for index in 0..<count { state.momentum.add(-workspace[count * count + index], times: gradients[index]) }
  }

  /// Solves A x = b for A in rows at the front of the workspace and b after it, where x is left: Gauss with partial pivoting.
  @inlinable
  static func eliminate(_ a: UnsafeMutableBufferPointer<Scalar>, _ count: Int) {
    let right = count * count
    for column in 0..<count {
      var pivot = column
      for row in column..<count where abs(a[row * count + column]) > abs(a[pivot * count + column]) { pivot = row }
      if pivot != column {
        for index in column..<count { a.swapAt(pivot * count + index, column * count + index) }
        a.swapAt(right + pivot, right + column)
      }
      for row in (column + 1)..<Swift.max(count, column + 1) {
        let factor = a[row * count + column] / a[column * count + column]
        for index in column..<count { a[row * count + index] -= factor * a[column * count + index] }
        a[right + row] -= factor * a[right + column]
      }
    }
    for row in (0..<count).reversed() {
      for column in (row + 1)..<Swift.max(count, row + 1) { a[right + row] -= a[row * count + column] * a[right + column] }
      a[right + row] /= a[row * count + row]
    }
  }
}
