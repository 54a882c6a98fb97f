import Plotting

/// The curves of a training run: the loss first, then every other metric.
enum TrainingFigures {
  static func figures(from metrics: MetricsTable) -> [Figure] {
    guard let steps = metrics["step"], steps.count > 1 else { return [] }
    return metrics.names.filter { $0 != "step" && $0 != "seconds" }.compactMap { name in
      guard let values = metrics[name], values.contains(where: \.isFinite) else { return nil }
      return figure(name: name, steps: steps, values: values)
    }
  }

  private static func figure(name: String, steps: [Double], values: [Double]) -> Figure {
    let words = name.replacing("_", with: " ")
    let thin = Curve.thinned(x: steps, y: values)
    let isNoisy = values.count >= 50 && name != "learning_rate"
    var marks: [Mark] = [.line(x: thin.x, y: thin.y, style: isNoisy ? .thin : .solid, label: isNoisy ? "recorded steps" : nil)]
    if isNoisy {
      let reach = max(2, values.count / 60)
      let mean = Curve.thinned(x: steps, y: Curve.smoothed(values, reach: reach))
      marks.append(.line(x: mean.x, y: mean.y, series: 1, label: "running mean"))
    }
    let range = axis(words, values)
    let plot = Plot(x: Axis("step"), y: range, marks: marks)
    let start =
      range.range.map { $0.upperBound < values[0] } == true ? " It starts above the frame, at \(Formatting.number(values[0]))." : ""
    let ending = start + (values.last.map { " It ends at \(Formatting.number($0, digits: 5))." } ?? "")
    let isLoss = name == "loss"
    return Figure(
      name: isLoss ? "loss" : "metric-\(name)", title: isLoss ? "Loss" : words.prefix(1).uppercased() + words.dropFirst(),
      caption: "\(isLoss ? "The training loss" : "The " + words) at each recorded step.\(ending)", svg: plot.svg)
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
