import Foundation
import Plotting

/// One HTML file with everything inside it: no script, no font, no picture from elsewhere.
struct HTMLReport {
  private let content: ReportContent

  init(_ content: ReportContent) { self.content = content }

  var text: String {
    HTMLPage.document(
      title: heading,
      body: """
        <header class="hero\(content.figures.isEmpty ? "" : " pair")">
        <div class="head"><h1>\(HTMLPage.escaped(heading))</h1>
        <p class="quiet">\(HTMLPage.escaped(subtitle))</p>
        \(verdict)</div>
        \(content.figures.first.map(HTMLPage.card) ?? "")
        <div class="words">\(paragraphs(content.recipe.about))\(paragraphs(content.evaluation.remarks))</div></header>
        \(comparisons)
        \(HTMLPage.figures("Figures", Array(content.figures.dropFirst())))
        \(training)
        <h2>The run</h2>
        \(table(content.facts.map { ($0.name, $0.value, "") }))
        <details><summary>Recipe: all \(content.fields.count) keys</summary>
        \(table(content.fields.filter { !said.contains($0.key) }.map { ($0.key, $0.value.text ?? $0.value.compact, $0.help) }))</details>
        <details><summary>Environment</summary>
        \(table((content.environment.members ?? []).map { ($0.name, $0.value.text ?? $0.value.compact, "") }))</details>
        """)
  }

  /// Keys of the recipe that the head of the report shows.
  private let said = ["title", "about", "reference"]

  private var heading: String { content.recipe.title.isEmpty ? content.name : content.recipe.title }

  private var subtitle: String {
    let steps = "\(content.completedSteps) of \(content.recipe.training.steps) steps"
    let parts = [content.name, steps, content.recipe.precision.rawValue, "seed \(content.recipe.seed)"]
    let time = content.metrics["seconds"]?.last.map { "\(Formatting.duration($0)) of training" }
    let reference = content.recipe.reference.isEmpty ? nil : content.recipe.reference
    return (parts + [time, reference].compactMap { $0 }).joined(separator: " · ")
  }

  /// The verdict in words; what is missed stands below it, one line each.
  private var verdict: String {
    let evaluation = content.evaluation
    let missed = evaluation.comparisons.filter { $0.target?.isMet == false }
    let look = evaluation.comparisons.allSatisfy { $0.target == nil } ? "open" : missed.isEmpty ? "met" : "missed"
    if missed.isEmpty { return "<p class=\"verdict \(look)\">\(HTMLPage.escaped(evaluation.verdict))</p>" }
    let judged = evaluation.comparisons.count { $0.target != nil }
    let lines = missed.map { "<li>\(HTMLPage.escaped("\($0.quantity): \($0.target?.statement ?? "")"))</li>" }
    return "<p class=\"verdict \(look)\">\(judged - missed.count) of \(judged) \(judged == 1 ? "target is" : "targets are") met.</p>"
      + "<ul class=\"missing\">\(lines.joined())</ul>"
  }

  private var comparisons: String {
    let rows = content.evaluation.comparisons
    guard !rows.isEmpty else { return "" }
    let hasExact = rows.contains { $0.exact != nil }
    let hasPublished = rows.contains { $0.published != nil }
    let hasTargets = rows.contains { $0.target != nil }
    let title = hasExact || hasPublished ? "Ours beside others" : "In numbers"
    var text = "<h2>\(title)</h2><div class=\"wide\"><table class=\"cards\"><thead><tr><th>Quantity</th><th class=\"n\">Ours</th>"
    text += (hasExact ? "<th class=\"n\">Exact</th>" : "") + (hasPublished ? "<th>Published</th>" : "")
    text += (hasTargets ? "<th>Target</th>" : "") + "</tr></thead><tbody>"
    for row in rows {
      text += "<tr><td data-name=\"Quantity\">\(HTMLPage.escaped(row.quantity))</td>" + number("Ours", row.ours)
      if hasExact { text += row.exact.map { number("Exact", $0) } ?? "<td></td>" }
      if hasPublished {
        text += row.published.map { "<td class=\"whole\" data-name=\"Published\">\(HTMLPage.escaped($0))</td>" } ?? "<td></td>"
      }
      if hasTargets { text += row.target.map(judgement) ?? "<td></td>" }
      text += "</tr>"
    }
    return text + "</tbody></table></div>"
  }

  private func judgement(_ target: Target) -> String {
    let mark = target.isMet ? "<b class=\"met\">✓ met</b>" : "<b class=\"missed\">✗ missed</b>"
    return "<td data-name=\"Target\"><span>\(mark) \(HTMLPage.escaped(target.statement))</span></td>"
  }

  private func number(_ name: String, _ value: Double) -> String {
    "<td class=\"n\" data-name=\"\(name)\">\(Formatting.figure(value))</td>"
  }

  private var training: String {
    let training = content.training
    if !training.rows.isEmpty {
      let cells = { (row: [String], tag: String) in row.map { "<\(tag) class=\"n\">\(HTMLPage.escaped($0))</\(tag)>" }.joined() }
      let body = training.rows.dropFirst().map { "<tr>\(cells($0, "td"))</tr>" }.joined()
      return "<h2>Training</h2><div class=\"wide\"><table><thead><tr>\(cells(training.rows[0], "th"))</tr></thead><tbody>\(body)</tbody>"
        + "</table></div>"
    }
    let constants = training.constants.isEmpty ? [] : ["The same at every recorded step: \(training.constants.joined(separator: ", "))."]
    return HTMLPage.figures("Training", training.figures) + paragraphs(constants)
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
