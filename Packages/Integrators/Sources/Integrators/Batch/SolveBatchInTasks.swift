/// `solveBatch` in as many concurrent tasks as given, for as many processors; the same bits whatever their number.
///
///     let planets = await solveBatch(equation, from: starts, until: 10, with: .dormandPrince5, relative: 1e-8, absolute: 1e-8, tasks: 2)
@inlinable
public func solveBatch<Equation: LaneEquation>(
  _ equation: Equation, from initial: [Equation.Lanes.Scalar], at start: Equation.Lanes.Scalar = 0,
  until end: Equation.Lanes.Scalar, with tableau: EmbeddedTableau, relative: Equation.Lanes.Scalar,
  absolute: Equation.Lanes.Scalar, control: StepControl = .proportionalIntegral, tasks: Int
) async -> BatchSolution<Equation.Lanes.Scalar> {
  precondition(tasks > 0, "solveBatch: \(tasks) tasks compute nothing; give 1 or more")
  // Each trajectory is computed in a lane of its own, so where the batch is cut changes no digit. Several pieces for each
  // task, because pieces take different times; pieces of many lanes, because lanes idle where a piece ends.
  let width = Swift.max(equation.coordinateCount, 1)
  let least = 64 * Equation.Lanes.scalarCount
  let length = Swift.max(least, (initial.count / width + 8 * tasks - 1) / (8 * tasks)) * width
  @Sendable func piece(_ first: Int) -> BatchSolution<Equation.Lanes.Scalar> {
    solveBatch(
      equation, from: Array(initial[first..<Swift.min(first + length, initial.count)]), at: start, until: end, with: tableau,
      relative: relative, absolute: absolute, control: control)
  }
  let firsts = Array(stride(from: 0, to: initial.count, by: length))
  guard tasks > 1, firsts.count > 1, initial.count % width == 0 else {
    return solveBatch(
      equation, from: initial, at: start, until: end, with: tableau, relative: relative, absolute: absolute, control: control)
  }
  let pieces = await withTaskGroup(of: (Int, BatchSolution<Equation.Lanes.Scalar>).self) { group in
    var pieces: [BatchSolution<Equation.Lanes.Scalar>?] = Array(repeating: nil, count: firsts.count)
    var next = 0
    func addOne() {
      guard next < firsts.count else { return }
      let index = next
      group.addTask { (index, piece(firsts[index])) }
      next += 1
    }
    for _ in 0..<tasks { addOne() }
    while let (index, solution) = await group.next() {
      pieces[index] = solution
      addOne()
    }
    return pieces.compactMap { $0 }
  }
  return BatchSolution(
    final: pieces.flatMap(\.final), finalTimes: pieces.flatMap(\.finalTimes), statuses: pieces.flatMap(\.statuses),
    statistics: pieces.flatMap(\.statistics), coordinateCount: equation.coordinateCount)
}
