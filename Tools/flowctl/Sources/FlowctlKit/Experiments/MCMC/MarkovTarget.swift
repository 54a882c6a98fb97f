import Autodiff
import DataIO
import Foundation
import NHF
import Probability

/// A density that chains are run on, and what is known of it.
struct MarkovTarget: Sendable {
  var energy: any Energy
  /// Names of the coordinates that a reader wants to see.
  var names: [String]
  /// From the chains' coordinates `[n, d]` to those, float64.
  var shown: @Sendable (Tensor) -> Tensor = { $0 }
  var exactMeans: [Double?]
  var exactDeviations: [Double?]
  /// Mean of `U`.
  var exactEnergy: Double? = nil
  /// The normalised density that annealing starts from, `nil` for no estimate of `log Z`.
  var start: DiagonalNormal? = nil
  var exactLogNormalizer: Double? = nil
  /// Added to `log Z` of the energy for the log evidence.
  var logNormalizerOffset = 0.0
  /// Rows whose labels are predicted, with the labels.
  var classification: (features: Tensor, labels: [Double])? = nil
  var remarks: [String] = []

  init(_ section: MarkovTargetSection, _ context: ExperimentContext) throws {
    switch section.name {
    case .funnel: self.init(funnel: section.dimension)
    case .logisticRegression: try self.init(regression: section, context)
    case .supernova: try self.init(supernovae: context.resolve(section.path))
    }
  }

  private init(funnel dimension: Int) {
    let place = { @Sendable (z: Tensor) -> Tensor in
      let neck = 3.0 * z.slice(axis: -1, 0..<1)
      return Tensor.concatenated([neck, exp(0.5 * neck) * z.slice(axis: -1, 1..<dimension)], axis: -1)
    }
    let funnel = Funnel(dimension: dimension, dtype: .float64)
    // |∂x/∂z| = 3 exp(x₀/2)^(d - 1)
    energy = FunctionEnergy(eventShape: [dimension]) { z in
      let neck = z.slice(axis: -1, 0..<1).squeezed(axis: -1)
      return -funnel.logDensity(place(z)) - (1.5 * Double(dimension - 1)) * neck - log(3.0)
    }
    names = ["neck"] + (1..<dimension).map { "x\($0)" }
    shown = place
    exactMeans = [0] + (1..<dimension).map { _ in nil }
    exactDeviations = [3] + (1..<dimension).map { _ in nil }
    start = DiagonalNormal(mean: .zeros([dimension], dtype: .float64), standardDeviation: .full([dimension], 2, dtype: .float64))
    exactLogNormalizer = 0
    remarks = [
      "The coordinates other than the neck have tails as heavy as those of exp of a normal number: their sample moments say little."
    ]
  }

  private init(regression section: MarkovTargetSection, _ context: ExperimentContext) throws {
    let path = context.resolve(section.path)
    let file = try DatasetFile(contentsOf: path)
    let splits = [file.train, file.validation, file.test].compactMap { $0 }
    guard splits.allSatisfy({ $0.y != nil && $0.x.shape.count == 2 }) else {
      throw UserError.failure("\(FileAccess.display(path)): expected rows of features /train/x with labels /train/y")
    }
    let labels = splits.flatMap { $0.y!.doubles }
    guard labels.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw UserError.failure("\(FileAccess.display(path)): labels other than 0 and 1; a logistic regression has two classes")
    }
    let rows = Tensor.concatenated(splits.map { Tensor($0.x.doubles, shape: $0.x.shape, dtype: .float64) }, axis: 0)
    let prepared = LogisticRegressionPosterior.prepared(rows, by: rows)
    let features = Tensor(prepared.doubles, shape: prepared.shape, dtype: .float64)
    let d = features.shape[1]
    energy = LogisticRegressionPosterior(features: features, labels: Tensor(labels, dtype: .float64), priorScale: section.priorScale)
    names = (1..<d).map { "weight_\($0)" } + ["bias"]
    exactMeans = names.map { _ in nil }
    exactDeviations = exactMeans
    start = DiagonalNormal(
      mean: .zeros([d], dtype: .float64), standardDeviation: .full([d], section.priorScale, dtype: .float64))
    classification = (features, labels)
    if section.priorScale == 1, let known = MarkovTarget.known.first(where: { $0.rows == labels.count && $0.weights == d }) {
      // Our U contains the prior's normaliser, theirs does not.
      let normalizer = 0.5 * Double(d) * log(2 * Double.pi)
      exactLogNormalizer = known.logNormalizer - normalizer
      exactEnergy = known.energy + normalizer
      remarks = ["The values under 'exact' are long Hamiltonian Monte Carlo and annealing runs of another program on the same rows."]
    }
    remarks += ["All rows are fitted; accuracy and area under the curve are those of the rows that were fitted."]
  }

  /// Reference runs on all rows with unit priors.
  private static let known = [
    (rows: 690, weights: 15, logNormalizer: -230.409, energy: 223.49), (rows: 270, weights: 14, logNormalizer: -101.110, energy: 98.83),
    (rows: 1000, weights: 25, logNormalizer: -506.207, energy: 481.87),
  ]

  private init(supernovae path: String) throws {
    let table = try SupernovaTable(contentsOf: path)
    let data: SupernovaData
    do {
      data = try SupernovaData(redshifts: table.redshift, moduli: table.modulus, errors: .independent(table.error))
    } catch {
      throw UserError.failure("\(FileAccess.display(path)): \(error)")
    }
    let posterior = SupernovaPosterior(data)
    let standardized = posterior.standardized(.diagonal, dtype: .float64)
    let spread = standardized.bijection.forward(Tensor([0, 0, 1, 0, 0, 1], shape: [3, 2], dtype: .float64)).y.columns
    let exact = SupernovaQuadrature(
      posterior, points: 401, center: spread.map { $0[0] }, deviation: [0, 1].map { 1.5 * abs(spread[$0][$0 + 1] - spread[$0][0]) })
    energy = standardized
    names = SupernovaPosterior.parameterNames
    shown = { standardized.bijection.forward($0).y }
    exactMeans = exact.mean
    exactDeviations = exact.standardDeviation
    start = DiagonalNormal(mean: .zeros([2], dtype: .float64), standardDeviation: .full([2], 2, dtype: .float64))
    logNormalizerOffset = posterior.referenceLogLikelihood
    exactLogNormalizer = exact.logEvidence
    remarks = ["Exact values: quadrature of the same posterior on 401 x 401 nodes in float64."]
  }
}
