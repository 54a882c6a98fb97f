import Autodiff
import Foundation
import NHF
import Plotting
import Probability

/// The posterior of (h, omega_m) on a regular grid, in float64: the exact answer that the flow is held against.
struct SupernovaQuadrature {
  let density: ScalarGrid
  let mean: [Double]
  let standardDeviation: [Double]
  let correlation: Double
  /// Logarithm of the evidence, with the normalised Gaussian likelihood.
  let logEvidence: Double

  /// Trapezoidal sums over `points` by `points` nodes of the prior's box, or of the part of it within `window` deviations of
  /// `center`: the integrand is smooth and vanishes at the ends, so the sums converge faster than any power of the spacing.
  init(_ posterior: SupernovaPosterior, points: Int, center: [Double], deviation: [Double], window: Double = 9) {
    func range(_ box: ClosedRange<Double>, _ index: Int) -> ClosedRange<Double> {
      let inner = (center[index] - window * deviation[index])...(center[index] + window * deviation[index])
      return max(box.lowerBound, inner.lowerBound)...min(box.upperBound, inner.upperBound)
    }
    let (hs, oms) = (range(posterior.prior.h, 0), range(posterior.prior.omegaM, 1))
    var grid = ScalarGrid(x: hs, y: oms, columns: points, rows: points, values: [Double](repeating: 0, count: points * points))
    let energyOfRow = compile { (parameters: Tensor) -> Tensor in posterior(parameters) }
    for row in 0..<points {
      let parameters = (0..<points).flatMap { [grid.xNode($0), grid.yNode(row)] }
      let energies = energyOfRow(Tensor(parameters, shape: [points, 2])).doubles
      for column in 0..<points { grid.values[row * points + column] = -energies[column] }
    }
    let highest = grid.values.max() ?? 0
    grid = grid.mapped { exp($0 - highest) }
    let cell = (hs.upperBound - hs.lowerBound) * (oms.upperBound - oms.lowerBound) / Double((points - 1) * (points - 1))
    func edge(_ index: Int) -> Double { index == 0 || index == points - 1 ? 0.5 : 1 }
    func sum(_ function: (Double, Double) -> Double) -> Double {
      var total = 0.0
      for row in 0..<points {
        for column in 0..<points {
          total += edge(row) * edge(column) * grid[row, column] * function(grid.xNode(column), grid.yNode(row))
        }
      }
      return total
    }
    let mass = sum { _, _ in 1 }
    let means = [sum { h, _ in h } / mass, sum { _, om in om } / mass]
    let deviations = [
      (sum { h, _ in (h - means[0]) * (h - means[0]) } / mass).squareRoot(),
      (sum { _, om in (om - means[1]) * (om - means[1]) } / mass).squareRoot(),
    ]
    mean = means
    standardDeviation = deviations
    correlation = sum { h, om in (h - means[0]) * (om - means[1]) } / mass / (deviations[0] * deviations[1])
    logEvidence = log(mass * cell) + highest + posterior.referenceLogLikelihood
    density = grid.mapped { $0 / (mass * cell) }
  }

  /// Density of parameter `index` at the nodes of its axis.
  func marginal(_ index: Int) -> (x: [Double], density: [Double]) {
    let points = density.columns
    let nodes = (0..<points).map { index == 0 ? density.xNode($0) : density.yNode($0) }
    let across = index == 0 ? density.y : density.x
    let spacing = (across.upperBound - across.lowerBound) / Double(points - 1)
    let values = (0..<points).map { node in
      (0..<points).reduce(0.0) { $0 + (index == 0 ? density[$1, node] : density[node, $1]) } * spacing
    }
    return (nodes, values)
  }
}
