import Integrators

/// Which states to keep on the way back through many steps where only some fit in memory: the binomial schedule, which repeats the
/// fewest steps. Griewank, Walther, ACM Trans. Math. Softw. 26, 19 (2000), algorithm 799 (revolve).
public enum BinomialSchedule {
  /// β(s, r) = (s + r)! / (s! r!): as many steps can be undone with s snapshots when none is repeated more than r times.
  public static func reach(snapshots: Int, repetitions: Int) -> Int {
    guard repetitions >= 0 else { return 0 }
    return (0..<repetitions).reduce(1) { $0 * (snapshots + $1 + 1) / ($1 + 1) }
  }

  /// The least r with β(s, r) ≥ steps.
  static func repetitions(_ steps: Int, _ snapshots: Int) -> Int {
    var repetitions = 0
    var reach = 1
    while reach < steps {
      repetitions += 1
      reach = reach * (snapshots + repetitions) / repetitions
    }
    return repetitions
  }

  /// How many steps are taken forwards, beside those whose derivative is taken: r · steps − β(s + 1, r − 1), the least possible.
  /// The start counts among the snapshots.
  public static func forwardSteps(_ steps: Int, snapshots: Int) -> Int {
    let repetitions = repetitions(steps, snapshots)
    return repetitions * steps - reach(snapshots: snapshots + 1, repetitions: repetitions - 1)
  }

  /// How many steps to go from the start of two or more to where the next snapshot is kept.
  public static func split(_ steps: Int, snapshots: Int) -> Int {
    let repetitions = repetitions(steps, snapshots)
    return max(
      1, reach(snapshots: snapshots, repetitions: repetitions - 2),
      steps - reach(snapshots: snapshots - 1, repetitions: repetitions))
  }
}
