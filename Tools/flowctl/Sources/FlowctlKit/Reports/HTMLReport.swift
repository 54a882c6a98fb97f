import Foundation
import Plotting

/// One HTML file with everything inside it: no script, no font, no picture from elsewhere.
package struct HTMLReport {
  private let content: ReportContent

  package init(_ content: ReportContent) { self.content = content }

  package var text: String {
    HTMLPage.document(
      title: heading,
      body: """
        <header><h1>\(HTMLPage.escaped(heading))</h1>
        <p class="quiet">\(HTMLPage.escaped(subtitle))</p>
        <p class="verdict \(content.evaluation.meetsTargets ? "met" : "missed")">\(HTMLPage.escaped(content.evaluation.verdict))</p>
        \(paragraphs(content.recipe.about))\(paragraphs(content.evaluation.remarks))</header>
        \(comparisons)
        \(figures)
        <h2>The run</h2>
        \(table(content.facts.map { ($0.name, $0.value, "") }))
        <details><summary>Recipe: all \(content.fields.count) keys</summary>
        \(table(content.fields.map { ($0.key, $0.value.compact, $0.help) }))</details>
        <details><summary>Environment</summary>
        \(table((content.environment.members ?? []).map { ($0.name, $0.value.text ?? $0.value.compact, "") }))</details>
        """)
  }

  private var heading: String { content.recipe.title.isEmpty ? content.name : content.recipe.title }

  private var subtitle: String {
    let steps = "\(content.completedSteps) of \(content.recipe.training.steps) steps"
    let parts = [content.name, steps, content.recipe.precision.rawValue, "seed \(content.recipe.seed)"]
    let time = content.metrics["seconds"]?.last.map { "\(Formatting.duration($0)) of training" }
    let reference = content.recipe.reference.isEmpty ? nil : content.recipe.reference
    return (parts + [time, reference].compactMap { $0 }).joined(separator: " · ")
  }

  private var comparisons: String {
    let rows = content.evaluation.comparisons
    guard !rows.isEmpty else { return "" }
    let hasExact = rows.contains { $0.exact != nil }
    let hasPublished = rows.contains { $0.published != nil }
    var text = "<h2>Ours beside others</h2><div class=\"wide\"><table class=\"cards\"><thead><tr><th>Quantity</th><th class=\"n\">Ours</th>"
    text +=
      (hasExact ? "<th class=\"n\">Exact</th>" : "") + (hasPublished ? "<th>Published</th>" : "") + "<th>Target</th></tr></thead><tbody>"
    for row in rows {
      text += "<tr><td data-name=\"Quantity\">\(HTMLPage.escaped(row.quantity))</td>" + number("Ours", row.ours)
      if hasExact { text += row.exact.map { number("Exact", $0) } ?? "<td></td>" }
      if hasPublished {
        text += row.published.map { "<td class=\"whole\" data-name=\"Published\">\(HTMLPage.escaped($0))</td>" } ?? "<td></td>"
      }
      let mark = row.target.map { "<b class=\"\($0.isMet ? "met" : "missed")\">\($0.isMet ? "✓ met" : "✗ missed")</b> " } ?? ""
      text +=
        mark.isEmpty
        ? "<td></td></tr>" : "<td data-name=\"Target\"><span>\(mark)\(HTMLPage.escaped(row.target?.statement ?? ""))</span></td></tr>"
    }
    return text + "</tbody></table></div>"
  }

  private func number(_ name: String, _ value: Double) -> String {
    "<td class=\"n\" data-name=\"\(name)\">\(Formatting.figure(value))</td>"
  }

  private var figures: String {
    guard !content.figures.isEmpty else { return "" }
    let cards = content.figures.map { figure in
      "<figure><h3>\(HTMLPage.escaped(figure.title))</h3>\(figure.svg)<figcaption>\(HTMLPage.escaped(figure.caption))</figcaption></figure>"
    }
    return "<h2>Figures</h2><div class=\"figures\">" + cards.joined(separator: "\n") + "</div>"
  }

  private func table(_ rows: [(name: String, value: String, note: String)]) -> String {
    guard !rows.isEmpty else { return "" }
    let hasNotes = rows.contains { !$0.note.isEmpty }
    let lines = rows.map { row in
      "<tr><th scope=\"row\">\(HTMLPage.escaped(row.name))</th><td>\(HTMLPage.escaped(row.value))</td>"
        + (hasNotes ? "<td class=\"quiet\">\(HTMLPage.escaped(row.note))</td>" : "") + "</tr>"
    }
    return "<div class=\"wide\"><table class=\"facts\"><tbody>" + lines.joined() + "</tbody></table></div>"
  }

  private func paragraphs(_ texts: [String]) -> String { texts.map { "<p>\(marked(HTMLPage.escaped($0)))</p>" }.joined() }

  /// Words between back quotes as code.
  private func marked(_ text: String) -> String {
    text.components(separatedBy: "`").enumerated().map { $0.offset % 2 == 1 ? "<code>\($0.element)</code>" : $0.element }.joined()
  }
}
