import Autodiff
import Probability
import Testing

private let normal = DiagonalNormal(dimension: 2, dtype: .float64)

struct FidelityTests {
  /// All permutations of six rows.
  @Test func assignmentIsTheBestPermutation() {
    for trial in 0..<10 {
      let costs = Tensor.uniform([6, 6], key: Key(seed: 1).folded(trial), dtype: .float64).doubles
      let cost = { (order: [Int]) in (0..<6).reduce(0) { $0 + costs[$1 * 6 + order[$1]] } }
      let best = permutations(Array(0..<6)).map(cost).min()!
      let found = optimalAssignment(costs: costs, count: 6)
      #expect(found.sorted() == Array(0..<6) && (cost(found) - best).magnitude < 1e-14)
    }
    #expect(optimalAssignment(costs: [3], count: 1) == [0])
    #expect(optimalAssignment(costs: [], count: 0).isEmpty)
  }

  @Test func assignmentOnTheLineIsInOrder() {
    let (x, y) = (
      Tensor.normal([200, 1], key: Key(seed: 1), dtype: .float64), Tensor.normal([200, 1], key: Key(seed: 2), dtype: .float64)
    )
    let assigned = nearestAssignment(of: x, to: y)
    let (a, b) = (x.doubles, y.doubles)
    let pairs = zip(a, assigned.map { b[$0] }).sorted { $0.0 < $1.0 }
    #expect(pairs.map(\.1) == b.sorted())
  }

  private func permutations(_ items: [Int]) -> [[Int]] {
    items.count <= 1 ? [items] : items.flatMap { first in permutations(items.filter { $0 != first }).map { [first] + $0 } }
  }

  /// Sorting gives what all pairs give.
  @Test func energyDistanceOfOneCoordinate() {
    let (x, y) = (
      Tensor.normal([40, 1], key: Key(seed: 1), dtype: .float64), 0.5 + Tensor.normal([30, 1], key: Key(seed: 2), dtype: .float64)
    )
    let padded = { (z: Tensor) in Tensor.concatenated([z, .zeros(like: z)], axis: 1) }
    #expect((energyDistance(x, y) - energyDistance(padded(x), padded(y))).magnitude < 1e-13)
  }

  @Test func nearestNeighboursTellLawsApart() {
    let sample = { (seed: UInt64) in normal.sample(600, key: Key(seed: seed)) }
    #expect((nearestNeighbourAccuracy(sample(1), sample(2)) - 0.5).magnitude < 4 * 0.5 / 600.0.squareRoot())
    #expect(nearestNeighbourAccuracy(sample(1), sample(2) + 10.0) == 1)
    #expect(nearestNeighbourAccuracy(sample(1), sample(1) + 1e-9) == 0)
    // By hand: neighbours 0 - 1, 5 - 5.5, 1 - 0, 5.5 - 5: each point's is of the other sample.
    #expect(nearestNeighbourAccuracy(double([0, 5], [2, 1]), double([1, 5.5], [2, 1])) == 0)
  }

  /// Moments that are known: |Δμ|² + Σ (σ_i - s_i)² for diagonal covariances; invariance under rotation.
  @Test func frechetDistanceOfKnownMoments() {
    let standardized = { (seed: UInt64) -> Tensor in
      // Whitened exactly, so that the moments are what they are said to be.
      let z = Tensor.normal([50, 3], key: Key(seed: seed), dtype: .float64)
      let centered = z - z.mean(axes: [0], keepingDimensions: true)
      let factor = (centered.transposed().matmul(centered) / 49.0).cholesky()
      return factor.triangularSolve(centered.transposed()).transposed()
    }
    let x = standardized(1) * double([1, 2, 3])
    let y = standardized(2) * double([2, 2.5, 1]) + double([1, 0, -2])
    let ratio = WeightedMoments(x).covariance[0][0]
    let expected = 5 + ratio * (1 + 0.25 + 4)
    #expect((frechetDistance(x, y) - expected).magnitude < 1e-12)
    let c = 0.8
    let turn = double([c, -0.6, 0, 0.6, c, 0, 0, 0, 1], [3, 3])
    #expect((frechetDistance(x.matmul(turn), y.matmul(turn)) - expected).magnitude < 1e-11)
    #expect(frechetDistance(x, x).magnitude < 1e-12)
  }

  @Test func fidelityTellsDrawsFromExamples() {
    let examples = normal.sample(400, key: Key(seed: 1))
    let judge = { (draws: Tensor) in
      SampleFidelity(
        draws: draws, examples: examples, floorPairs: 10, scaling: 0.5, resamples: 10, key: Key(seed: 3), statistic: energyDistance)
    }
    let (good, bad) = (judge(normal.sample(400, key: Key(seed: 2))), judge(normal.sample(400, key: Key(seed: 2)) + 0.5))
    #expect(good.excess < 4 && bad.excess > 8)
    #expect(good.floor.magnitude < 0.01 && bad.value > 2 * bad.standardError && bad.standardError > 0)
  }
}
