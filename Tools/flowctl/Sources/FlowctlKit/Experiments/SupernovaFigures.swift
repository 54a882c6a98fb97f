import Autodiff
import Foundation
import NHF
import Plotting
import Probability

/// The pictures of a supernova run.
struct SupernovaFigures {
  let posterior: SupernovaPosterior
  let supernovae: SupernovaData
  let samples: SampleSet
  let exact: SupernovaQuadrature

  var corner: Figure {
    let plot = CornerPlot(
      names: ["h", "Ωₘ"], columns: [samples.column(0), samples.column(1)], sampleLabel: "flow",
      exact: .init(
        label: "quadrature", marginals: [exact.marginal(0), exact.marginal(1)],
        joints: [(xColumn: 0, yColumn: 1, density: exact.density)]))
    return Figure(
      name: "corner", title: "Posterior",
      caption:
        "Draws of the flow, without reweighting: histograms, and the regions that hold 68 % and 95 % of them. Dashed: exact quadrature of the same posterior.",
      svg: plot.svg)
  }

  /// Moduli relative to the best mean universe, with the spread of the posterior.
  var hubbleDiagram: Figure {
    let fine = (0..<120).map { 0.012 * pow((supernovae.redshifts.max() ?? 1.4) / 0.012, Double($0) / 119) }
    let means = [exact.mean[0], exact.mean[1]]
    let model = FlatLambdaCDM(redshifts: fine, reference: (means[0], means[1]))
    let few = 400
    let parameters = Tensor(Array(samples.values.prefix(2 * few)), shape: [min(few, samples.count), 2])
    let bands = model.modulusDifference(parameters).columns.map { $0.sorted() }
    let data = FlatLambdaCDM(redshifts: supernovae.redshifts, reference: (means[0], means[1]))
    let residuals = zip(supernovae.moduli, data.referenceModulus).map { $0 - $1 }
    let errors: [Double] =
      switch supernovae.errors {
      case .independent(let deviations): deviations
      case .covariance(let entries): supernovae.redshifts.indices.map { entries[$0 * supernovae.count + $0].squareRoot() }
      }
    let moduli = Plot(
      x: Axis("redshift", scale: .logarithmic), y: Axis("distance modulus"),
      marks: [
        .measurements(x: supernovae.redshifts, y: supernovae.moduli, error: errors, label: "supernovae"),
        .line(x: fine, y: model.referenceModulus, series: 1, label: "posterior mean"),
      ])
    let difference = Plot(
      x: Axis("redshift", scale: .logarithmic), y: Axis("difference from the mean universe", range: -1...1),
      marks: [
        .measurements(x: supernovae.redshifts, y: residuals, error: errors),
        .band(x: fine, lower: bands.map { quantile($0, 0.025) }, upper: bands.map { quantile($0, 0.975) }, series: 1, label: "95 %"),
        .line(x: fine, y: fine.map { _ in 0 }, series: 1),
      ])
    return Figure(
      name: "hubble", title: "Hubble diagram",
      caption: "Distance moduli of \(supernovae.count) points with their errors, and the universes that the posterior allows.",
      svg: PlotRow([moduli, difference]).svg)
  }

  private func quantile(_ sorted: [Double], _ fraction: Double) -> Double {
    sorted[min(sorted.count - 1, Int(fraction * Double(sorted.count)))]
  }
}
