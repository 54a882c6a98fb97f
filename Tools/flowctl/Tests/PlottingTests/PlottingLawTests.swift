import Foundation
import Plotting
import Testing

@Suite struct TickTests {
  @Test func areRoundNumbersInsideTheRange() {
    #expect(Ticks.linear(0...1, count: 5).map(\.label) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Ticks.linear(-30...70, count: 5).map(\.label) == ["−20", "0", "20", "40", "60"])
    #expect(Ticks.linear(0.6951...0.7049, count: 4).map(\.label) == ["0.696", "0.698", "0.700", "0.702", "0.704"])
    #expect(Ticks.linear(0...2_000_000, count: 5).map(\.label) == ["0", "500000", "1e6", "1.5e6", "2e6"])
    #expect(Ticks.linear(1...1, count: 4).isEmpty)
  }

  @Test func followPowersOfTenOnLogarithmicAxes() {
    #expect(Ticks.logarithmic(0.01...2, count: 6).map(\.label) == ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"])
    #expect(Ticks.logarithmic(1...1000, count: 6).map(\.label) == ["1", "10", "100", "1000"])
    #expect(Ticks.logarithmic(0...1, count: 6).isEmpty)
  }
}

@Suite struct DensityTests {
  /// The region above the returned level holds the asked share of a Gaussian: its level is exp(-r²/2) with r² = -2 log(1 - share).
  @Test func credibleLevelsMatchTheGaussian() {
    let grid = ScalarGrid(x: -6...6, y: -6...6, columns: 601, rows: 601) { exp(-0.5 * ($0 * $0 + $1 * $1)) }
    let levels = grid.credibleLevels([0.68, 0.95])
    #expect(abs(levels[0] - 0.32) < 1e-3)
    #expect(abs(levels[1] - 0.05) < 1e-3)
  }

  @Test func histogramHasUnitAreaAndUsesWeights() {
    let result = SampleDensity.histogram([0.1, 0.2, 0.7], weights: [1, 1, 2], bins: 2, range: 0...1)
    #expect(result.edges == [0, 0.5, 1])
    #expect(result.heights == [1, 1])
  }

  @Test func jointDensityKeepsItsWeightAndPlace() {
    let density = SampleDensity.joint(x: [1, 1.1, 0.9], y: [-1, -1.1, -0.9], xRange: -3...3, yRange: -3...3)
    #expect(abs(density.values.reduce(0, +) - 3) < 1e-9)
    let peak = density.values.indices.max { density.values[$0] < density.values[$1] } ?? 0
    #expect(abs(density.xNode(peak % density.columns) - 1) < 0.1)
    #expect(abs(density.yNode(peak / density.columns) + 1) < 0.1)
  }

  @Test func rangeIgnoresFarTails() {
    let values = (0..<10_000).map { Double($0) / 10_000 } + [1e6]
    let range = SampleDensity.range(values)
    #expect(range.upperBound < 1.2 && range.lowerBound > -0.2)
  }
}

@Suite struct CurveTests {
  @Test func thinningKeepsTheExtremes() {
    var y = [Double](repeating: 0, count: 10_000)
    y[5432] = 9
    y[1234] = -4
    let thin = Curve.thinned(x: y.indices.map(Double.init), y: y, buckets: 100)
    #expect(thin.x.count <= 200 && thin.y.max() == 9 && thin.y.min() == -4)
    #expect(thin.x == thin.x.sorted())
  }

  @Test func runningMeanOfAConstantIsTheConstant() {
    #expect(Curve.smoothed([2, 2, 2, 2], reach: 2) == [2, 2, 2, 2])
    #expect(Curve.smoothed([0, 3, 6], reach: 1) == [1.5, 3, 4.5])
  }
}
