import DifferentiableIntegrators
import Testing

@Suite struct BinomialScheduleTests {
  /// The best of all splits, by dynamic programming: go m steps, keep the state, undo what is behind it, then what is before it.
  private static func optimum(steps: Int, snapshots: Int) -> Int {
    var least = [[Int]](repeating: [Int](repeating: 0, count: steps + 1), count: snapshots + 1)
    for length in 2...steps { least[1][length] = length * (length - 1) / 2 }
    for count in stride(from: 2, through: snapshots, by: 1) {
      for length in 2...steps {
        least[count][length] = (1..<length).map { $0 + least[count - 1][length - $0] + least[count][$0] }.min() ?? 0
      }
    }
    return least[snapshots][steps]
  }

  /// What the schedule does, step by step.
  private static func taken(_ steps: Int, _ snapshots: Int) -> Int {
    guard steps > 1 else { return 0 }
    let split = BinomialSchedule.split(steps, snapshots: snapshots)
    return split + taken(steps - split, snapshots - 1) + taken(split, snapshots)
  }

  @Test func isTheOptimum() {
    for snapshots in [1, 2, 3, 4, 7, 12, 40] {
      for steps in [2, 3, 4, 7, 10, 23, 56, 90] {
        let optimum = Self.optimum(steps: steps, snapshots: snapshots)
        #expect(BinomialSchedule.forwardSteps(steps, snapshots: snapshots) == optimum, "\(steps) steps, \(snapshots) snapshots")
        #expect(Self.taken(steps, snapshots) == optimum, "\(steps) steps, \(snapshots) snapshots")
      }
    }
  }

  /// Griewank, Walther (2000), table 1: β(s, r) steps with s snapshots and at most r repetitions.
  @Test func reachesAsFarAsPublished() {
    #expect(BinomialSchedule.reach(snapshots: 3, repetitions: 3) == 20)
    #expect(BinomialSchedule.reach(snapshots: 10, repetitions: 3) == 286)
    #expect(BinomialSchedule.reach(snapshots: 8, repetitions: 5) == 1_287)
    #expect(BinomialSchedule.forwardSteps(1, snapshots: 4) == 0)
    #expect(Self.taken(1_000, 10) == BinomialSchedule.forwardSteps(1_000, snapshots: 10))
    #expect(Self.taken(1_000, 10) < 4 * 1_000)
  }
}
