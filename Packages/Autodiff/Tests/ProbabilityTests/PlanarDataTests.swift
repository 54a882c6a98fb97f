import Autodiff
import Probability
import Testing

struct PlanarDataTests {
  private static let count = 20_000

  private func points(_ data: PlanarData) -> [(x: Double, y: Double)] {
    let values = data.sample(PlanarDataTests.count, key: Key(seed: 11), dtype: .float64).doubles
    return stride(from: 0, to: values.count, by: 2).map { (values[$0], values[$0 + 1]) }
  }

  private func radii(_ data: PlanarData) -> [Double] { points(data).map { ($0.x * $0.x + $0.y * $0.y).squareRoot() } }

  /// Mean and variance of each coordinate of the generators of FFJORD, by `Golden/planar_data.py`; standard errors of ours are about 0.02.
  @Test(arguments: PlanarData.allCases)
  func momentsAreThoseOfTheReferenceGenerators(_ data: PlanarData) {
    let reference: [PlanarData: (mean: [Double], variance: [Double])] = [
      .eightGaussians: ([0, 0], [4.127, 4.127]), .moons: ([0, 0.3], [3.035, 1.018]), .pinwheel: ([0, 0], [2.2, 2.2]),
      .checkerboard: ([0, 0], [5.333, 5.333]), .swissRoll: ([0.401, 0.044], [1.795, 1.974]), .circles: ([0, 0], [2.873, 2.873]),
      .rings: ([0, 0], [2.116, 2.116]), .spirals: ([0, 0], [2.592, 2.511]),
    ]
    let all = points(data)
    for (axis, values) in [all.map(\.x), all.map(\.y)].enumerated() {
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect((mean - reference[data]!.mean[axis]).magnitude < 0.08, "\(data) mean \(axis): \(mean)")
      #expect((variance - reference[data]!.variance[axis]).magnitude < 0.15, "\(data) variance \(axis): \(variance)")
    }
  }

  @Test func checkerboardIsUniformOnItsBlackSquares() {
    var counts: [Int: Int] = [:]
    for (x, y) in points(.checkerboard) {
      #expect(x.magnitude <= 4 && y.magnitude <= 4)
      counts[4 * Int(((x + 4) / 2).rounded(.down)) + Int(((y + 4) / 2).rounded(.down)), default: 0] += 1
    }
    #expect(counts.keys.sorted() == [0, 2, 5, 7, 8, 10, 13, 15])
    for count in counts.values { #expect((Double(count) / 2500 - 1).magnitude < 0.08) }
    #expect((PlanarData.checkerboard.bestLogLikelihood! + referenceLog(32)).magnitude < 1e-15)
  }

  @Test func circlesHaveTheirRadii() {
    for radius in radii(.circles) { #expect(min((radius - 1.5).magnitude, (radius - 3).magnitude) < 1.2) }
    for radius in radii(.rings) { #expect([0.75, 1.5, 2.25, 3].map { (radius - $0).magnitude }.min()! < 0.38) }
  }

  @Test func pointsAreAFunctionOfTheKey() {
    for data in PlanarData.allCases {
      let draw = data.sample(7, key: Key(seed: 3))
      #expect(draw.shape == [7, 2] && draw.dtype == .float32)
      #expect(draw.doubles == data.sample(7, key: Key(seed: 3)).doubles)
      #expect(draw.doubles != data.sample(7, key: Key(seed: 4)).doubles)
    }
  }
}
