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
    let shown = fine.first!...fine.last! * 1.03
    let moduli = Plot(
      x: Axis("redshift", scale: .logarithmic, range: shown), y: Axis("distance modulus"), aspect: 0.55,
      marks: [
        .measurements(x: supernovae.redshifts, y: supernovae.moduli, error: errors, label: "supernovae"),
        .line(x: fine, y: model.referenceModulus, series: 1, label: "posterior mean"),
      ])
    let binned = RedshiftBins(redshifts: supernovae.redshifts, values: residuals, errors: errors)
    let reach = 1.8 * (zip(binned.means, binned.errors).map { abs($0) + $1 }.max() ?? 1)
    let difference = Plot(
      x: Axis("redshift", scale: .logarithmic, range: shown), y: Axis("difference", range: -reach...reach), aspect: 0.4,
      marks: [
        .band(
          x: fine, lower: bands.map { quantile($0, 0.025) }, upper: bands.map { quantile($0, 0.975) }, series: 1, label: "95 % of draws"),
        .line(x: fine, y: fine.map { _ in 0 }, series: 1, style: .thin),
        .measurements(x: binned.centres, y: binned.means, error: binned.errors, label: "weighted means"),
      ])
    return Figure(
      name: "hubble", title: "Hubble diagram",
      caption:
        "Above: \(supernovae.count) distance moduli with their errors. Below: their difference from the universe of the posterior mean, "
        + "averaged in bins of redshift with inverse-variance weights, and the band of 95 % of the universes that the flow draws.",
      svg: PlotColumn([moduli, difference]).svg)
  }

  private func quantile(_ sorted: [Double], _ fraction: Double) -> Double {
    sorted[min(sorted.count - 1, Int(fraction * Double(sorted.count)))]
  }
}

/// Inverse-variance means of measurements in bins of equal width in the logarithm of redshift; empty bins are left out.
struct RedshiftBins {
  private(set) var centres: [Double] = []
  private(set) var means: [Double] = []
  private(set) var errors: [Double] = []

  init(redshifts: [Double], values: [Double], errors deviations: [Double], count: Int = 16) {
    let logarithms = redshifts.map { log($0) }
    guard let low = logarithms.min(), let high = logarithms.max(), high > low else { return }
    let bins = logarithms.map { min(count - 1, Int((($0 - low) / (high - low) * Double(count)))) }
    for bin in 0..<count {
      let members = bins.indices.filter { bins[$0] == bin }
      guard !members.isEmpty else { continue }
      let weights = members.map { 1 / (deviations[$0] * deviations[$0]) }
      let total = weights.reduce(0, +)
      func mean(_ of: [Double]) -> Double { zip(members, weights).reduce(0) { $0 + of[$1.0] * $1.1 } / total }
      centres.append(exp(mean(logarithms)))
      means.append(mean(values))
      errors.append(1 / total.squareRoot())
    }
  }
}
