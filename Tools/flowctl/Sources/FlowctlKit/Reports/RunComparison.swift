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
    var table = TextTable([""] + runs.map(\.folder.display), rightAligned: Set(1...max(1, runs.count)))
    for row in rows { table.append(row) }
    return table.text
  }

  /// The loss of every run over its steps. At most five runs have a colour of their own; the rest share the last one.
  var curves: Figure? {
    let marks = runs.enumerated().compactMap { index, run -> Mark? in
      guard let metrics = run.metrics, let steps = metrics["step"], let loss = metrics["loss"], loss.contains(where: \.isFinite) else {
        return nil
      }
      let smooth = Curve.smoothed(loss, reach: max(0, loss.count / 60))
      let thin = Curve.thinned(x: steps, y: smooth)
      return .line(x: thin.x, y: thin.y, series: min(index, 4), label: index < 5 ? FileAccess.stem(run.folder.path) : nil)
    }
    guard !marks.isEmpty else { return nil }
    let losses = runs.compactMap { $0.metrics?["loss"] }.map { Array($0.dropFirst($0.count / 20)) }.flatMap { $0 }.filter(\.isFinite)
    var axis = Axis("loss")
    if let low = losses.min(), let high = losses.max() {
      if low > 0, high / low > 30 {
        axis = Axis("loss", scale: .logarithmic)
      } else if high > low {
        axis = Axis("loss", range: (low - 0.06 * (high - low))...(high + 0.06 * (high - low)))
      }
    }
    let plot = Plot(x: Axis("step"), y: axis, marks: marks)
    return Figure(
      name: "losses", title: "Losses", caption: "The training loss of each run, as a running mean over its steps.", svg: plot.svg)
  }

  /// One HTML file with the table and the curves.
  package var page: String {
    let head = "<tr><th></th>" + runs.map { "<th class=\"n\">\(HTMLPage.escaped($0.folder.display))</th>" }.joined() + "</tr>"
    let body = rows.map { row in
      "<tr><th scope=\"row\">\(HTMLPage.escaped(row[0]))</th>"
        + row.dropFirst().map { "<td class=\"n\">\(HTMLPage.escaped($0))</td>" }.joined() + "</tr>"
    }
    let picture = curves.map {
      "<div class=\"figures\"><figure><h3>\($0.title)</h3>\($0.svg)<figcaption>\(HTMLPage.escaped($0.caption))</figcaption></figure></div>"
    }
    return HTMLPage.document(
      title: "\(runs.count) runs side by side",
      body: """
        <h1>\(runs.count) runs side by side</h1>
        <div class="wide"><table><thead>\(head)</thead><tbody>\(body.joined(separator: "\n"))</tbody></table></div>
        \(picture ?? "")
        """)
  }
}
