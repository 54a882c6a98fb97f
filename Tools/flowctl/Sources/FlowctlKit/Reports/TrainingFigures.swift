import Plotting

/// What a run recorded while it trained: curves, or the numbers themselves where a curve would say nothing.
struct TrainingFigures {
  /// The loss first, then every other metric.
  private(set) var figures: [Figure] = []
  /// Metrics that kept one value: `divergences 0`.
  private(set) var constants: [String] = []
  /// The rows of a run with so few that a curve is a stroke; the first holds the titles.
  private(set) var rows: [[String]] = []

  private static let fewestRows = 5

  init(_ metrics: MetricsTable) {
    guard let steps = metrics["step"], !steps.isEmpty else { return }
    let names = metrics.names.filter { $0 != "step" && $0 != "seconds" }
    if steps.count < TrainingFigures.fewestRows {
      rows = [["step"] + names.map { MetricWords.of($0).title }]
      rows += steps.indices.map { row in ["\(Int(steps[row]))"] + names.map { Formatting.figure(metrics[$0]?[row] ?? .nan) } }
      return
    }
    for name in names {
      guard let values = metrics[name], let first = values.first(where: \.isFinite) else { continue }
      if values.allSatisfy({ $0 == first }) {
        constants.append("\(MetricWords.of(name).title.lowercased()) \(Formatting.figure(first))")
      } else {
        figures.append(TrainingFigures.figure(name: name, steps: steps, values: values))
      }
    }
  }

  /// Whether a figure of that name is one of these.
  static func isCurve(_ name: String) -> Bool { name == "loss" || name.hasPrefix("metric-") }

  private static func figure(name: String, steps: [Double], values: [Double]) -> Figure {
    let words = MetricWords.of(name)
    let thin = Curve.thinned(x: steps, y: values)
    let isNoisy = values.count >= 50 && name != "learning_rate"
    var marks: [Mark] = [.line(x: thin.x, y: thin.y, style: isNoisy ? .thin : .solid, label: isNoisy ? "recorded steps" : nil)]
    if isNoisy {
      let reach = max(2, values.count / 60)
      let mean = Curve.thinned(x: steps, y: Curve.smoothed(values, reach: reach))
      marks.append(.line(x: mean.x, y: mean.y, series: 1, label: "running mean"))
    }
    let range = axis(words.title.lowercased(), values)
    let plot = Plot(x: Axis("step"), y: range, marks: marks)
    let start =
      range.range.map { $0.upperBound < values[0] } == true ? " It starts above the frame, at \(Formatting.number(values[0]))." : ""
    let ending = start + (values.last.map { " It ends at \(Formatting.number($0, digits: 5))." } ?? "")
    return Figure(
      name: name == "loss" ? "loss" : "metric-\(name)", title: words.title, caption: "\(words.meaning).\(ending)", svg: plot.svg)
  }

  /// Logarithmic where values span decades; otherwise the first spikes may leave the frame, so that the rest can be read.
  private static func axis(_ label: String, _ values: [Double]) -> Axis {
    guard let low = Curve.quantile(values, 0), let high = Curve.quantile(values, 1) else { return Axis(label) }
    if low > 0, high / low > 30 { return Axis(label, scale: .logarithmic) }
    let late = values.dropFirst(values.count / 20)
    guard let usual = late.filter(\.isFinite).max(), let least = values.filter(\.isFinite).min(), usual > least else { return Axis(label) }
    let spare = 0.06 * (usual - least)
    return Axis(label, range: (least - spare)...(usual + 3 * spare))
  }
}

/// What a column of `metrics.csv` is called, and what it means, in a report.
struct MetricWords {
  let title: String
  let meaning: String

  static func of(_ name: String) -> MetricWords {
    if let known = known[name] { return known }
    let words = name.replacing("_", with: " ")
    return MetricWords(title: words.prefix(1).uppercased() + words.dropFirst(), meaning: "The \(words) at each recorded step")
  }

  private static let known = [
    "loss": MetricWords(title: "Loss", meaning: "What training minimises, on the batch of each recorded step"),
    "gradient_norm": MetricWords(title: "Gradient norm", meaning: "Euclidean norm of the whole gradient"),
    "learning_rate": MetricWords(title: "Learning rate", meaning: "Step size of the optimiser by the recipe's schedule"),
    "validation": MetricWords(
      title: "Validation", meaning: "Mean log likelihood, in nats, of rows that training does not see; higher is better"),
    "acceptance": MetricWords(title: "Acceptance", meaning: "Mean acceptance probability of a round of chains"),
    "step_size": MetricWords(title: "Step size", meaning: "Mean step size that the warm-up of a round found"),
    "gradients": MetricWords(title: "Gradients", meaning: "Gradient evaluations of a round"),
    "divergences": MetricWords(title: "Divergences", meaning: "Trajectories of a round on which the energy ran away"),
    "rejected": MetricWords(title: "Rejected", meaning: "Points of a round without a finite energy"),
  ]
}
