import Plotting

/// Several runs side by side: what was set differently, what came out, and their curves on one pair of axes.
package struct RunComparison: Sendable {
  package let runs: [RunSummary]

  package init(_ runs: [RunSummary]) { self.runs = runs }

  /// Keys whose values differ between the runs, without words that change no bit.
  package var differingKeys: [String] {
    let prose = ["title", "about", "reference"]
    var keys: [String] = []
    for field in runs.flatMap(\.fields) where !keys.contains(field.key) && !prose.contains(field.key) { keys.append(field.key) }
    return keys.filter { key in Set(runs.map { $0.value(of: key) }).count > 1 }
  }

  /// Every quantity that some run reports, in the order of the reports.
  package var quantities: [String] {
    runs.flatMap(\.figures).map(\.quantity).reduce(into: []) { kept, name in if !kept.contains(name) { kept.append(name) } }
  }

  /// Rows of a table: what differs first, then the figures; a mark tells which targets are met.
  package var rows: [[String]] {
    var rows = [["recipe"] + runs.map(\.recipe), ["steps"] + runs.map(\.state)]
    rows += differingKeys.map { key in [key] + runs.map { $0.value(of: key) } }
    rows.append(["last loss"] + runs.map { run in run.loss.map { Formatting.figure($0) } ?? "" })
    rows.append(["training time"] + runs.map { run in run.seconds.map(Formatting.duration) ?? "" })
    rows += quantities.map { quantity in
      [quantity]
        + runs.map { run in
          guard let figure = run.figures.first(where: { $0.quantity == quantity }) else { return "" }
          let mark = figure.meetsTarget.map { $0 ? " ✓" : " ✗" } ?? ""
          return Formatting.figure(figure.ours) + mark
        }
    }
    rows.append(["targets met"] + runs.map(\.targets))
    return rows
  }

  /// For a terminal.
  package var text: String {
    var table = TextTable([""] + names, rightAligned: Set(1...max(1, runs.count)))
    for row in rows { table.append(row) }
    return table.text
  }

  /// What tells the runs apart: the last part of their paths, or the whole where that is not enough.
  private var names: [String] {
    let short = runs.map { $0.folder.path.split(separator: "/").last.map(String.init) ?? $0.folder.path }
    return Set(short).count == runs.count ? short : runs.map(\.folder.display)
  }

  /// Every metric that all runs recorded, over their steps; the loss first.
  var curves: [Figure] {
    let common = runs.map { Set($0.metrics?.names ?? []) }.reduce(nil as Set<String>?) { $0?.intersection($1) ?? $1 } ?? []
    let ordered = (runs.first?.metrics?.names ?? []).filter { common.contains($0) && $0 != "step" && $0 != "seconds" }
    return ordered.compactMap { overlay(of: $0) }
  }

  /// At most five runs have a colour of their own; the rest share the last one.
  private func overlay(of metric: String) -> Figure? {
    let marks = runs.enumerated().compactMap { index, run -> Mark? in
      guard let steps = run.metrics?["step"], let values = run.metrics?[metric], values.contains(where: \.isFinite) else { return nil }
      let smooth = Curve.smoothed(values, reach: max(0, values.count / 60))
      let thin = Curve.thinned(x: steps, y: smooth)
      return .line(x: thin.x, y: thin.y, series: min(index, 4), label: index < 5 ? names[index] : nil)
    }
    let values = runs.compactMap { $0.metrics?[metric] }.map { Array($0.dropFirst($0.count / 20)) }.flatMap { $0 }.filter(\.isFinite)
    guard let low = values.min(), let high = values.max(), high > low else { return nil }
    let words = MetricWords.of(metric)
    let isWide = low > 0 && high / low > 30
    let spare = 0.06 * (high - low)
    let axis = Axis(
      words.title.lowercased(), scale: isWide ? .logarithmic : .linear, range: isWide ? nil : (low - spare)...(high + spare))
    return Figure(
      name: metric, title: words.title, caption: "\(words.meaning); a running mean over the steps of each run.",
      svg: Plot(x: Axis("step"), y: axis, marks: marks).svg)
  }

  /// One HTML file with the table and the curves.
  package var page: String {
    let head = "<tr><th></th>" + names.map { "<th class=\"n\">\(HTMLPage.escaped($0))</th>" }.joined() + "</tr>"
    let body = rows.map { row in
      "<tr><th scope=\"row\">\(HTMLPage.escaped(row[0]))</th>"
        + row.dropFirst().map { "<td class=\"n\">\(HTMLPage.escaped($0))</td>" }.joined() + "</tr>"
    }
    return HTMLPage.document(
      title: "\(runs.count) runs side by side",
      body: """
        <h1>\(runs.count) runs side by side</h1>
        <div class="wide"><table class="sides"><thead>\(head)</thead><tbody>\(body.joined(separator: "\n"))</tbody></table></div>
        \(HTMLPage.figures("Curves", curves))
        """)
  }
}
