import Foundation
import Plotting

/// One HTML file with everything inside it: no script, no font, no picture from elsewhere.
package struct HTMLReport {
  private let content: ReportContent

  package init(_ content: ReportContent) { self.content = content }

  package var text: String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(escaped(heading))</title>
    <style>\(HTMLReport.styleSheet)</style></head>
    <body><main>
    <header><h1>\(escaped(heading))</h1>
    <p class="quiet">\(escaped(subtitle))</p>
    <p class="verdict \(content.evaluation.meetsTargets ? "met" : "missed")">\(escaped(content.evaluation.verdict))</p>
    \(paragraphs(content.recipe.about))\(paragraphs(content.evaluation.remarks))</header>
    \(comparisons)
    \(figures)
    <h2>The run</h2>
    \(table(content.facts.map { ($0.name, $0.value, "") }))
    <details><summary>Recipe: all \(content.fields.count) keys</summary>
    \(table(content.fields.map { ($0.key, $0.value.compact, $0.help) }))</details>
    <details><summary>Environment</summary>
    \(table((content.environment.members ?? []).map { ($0.name, $0.value.text ?? $0.value.compact, "") }))</details>
    </main></body></html>

    """
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
      text += "<tr><td data-name=\"Quantity\">\(escaped(row.quantity))</td>" + number("Ours", row.ours)
      if hasExact { text += row.exact.map { number("Exact", $0) } ?? "<td></td>" }
      if hasPublished { text += row.published.map { "<td class=\"whole\" data-name=\"Published\">\(escaped($0))</td>" } ?? "<td></td>" }
      let mark = row.target.map { "<b class=\"\($0.isMet ? "met" : "missed")\">\($0.isMet ? "✓ met" : "✗ missed")</b> " } ?? ""
      text +=
        mark.isEmpty ? "<td></td></tr>" : "<td data-name=\"Target\"><span>\(mark)\(escaped(row.target?.statement ?? ""))</span></td></tr>"
    }
    return text + "</tbody></table></div>"
  }

  private func number(_ name: String, _ value: Double) -> String {
    "<td class=\"n\" data-name=\"\(name)\">\(Formatting.figure(value))</td>"
  }

  private var figures: String {
    guard !content.figures.isEmpty else { return "" }
    let cards = content.figures.map { figure in
      "<figure><h3>\(escaped(figure.title))</h3>\(figure.svg)<figcaption>\(escaped(figure.caption))</figcaption></figure>"
    }
    return "<h2>Figures</h2><div class=\"figures\">" + cards.joined(separator: "\n") + "</div>"
  }

  private func table(_ rows: [(name: String, value: String, note: String)]) -> String {
    guard !rows.isEmpty else { return "" }
    let hasNotes = rows.contains { !$0.note.isEmpty }
    let lines = rows.map { row in
      "<tr><th scope=\"row\">\(escaped(row.name))</th><td>\(escaped(row.value))</td>"
        + (hasNotes ? "<td class=\"quiet\">\(escaped(row.note))</td>" : "") + "</tr>"
    }
    return "<div class=\"wide\"><table class=\"facts\"><tbody>" + lines.joined() + "</tbody></table></div>"
  }

  private func paragraphs(_ texts: [String]) -> String { texts.map { "<p>\(marked(escaped($0)))</p>" }.joined() }

  /// Words between back quotes as code.
  private func marked(_ text: String) -> String {
    text.components(separatedBy: "`").enumerated().map { $0.offset % 2 == 1 ? "<code>\($0.element)</code>" : $0.element }.joined()
  }

  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }

  private static let styleSheet = """
    :root{color-scheme:light dark;--paper:#fff;--back:#f3f5f8;--ink:#1c2530;--quiet:#5c6875;--rule:#dde3ea;--good:#14804f;--bad:#b3261e}
    @media (prefers-color-scheme:dark){:root{--paper:#151a21;--back:#0d1117;--ink:#e4e9ef;--quiet:#96a2b0;--rule:#2a323d;--good:#5ed6a2;--bad:#ff8a80}}
    *{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}
    main{max-width:70rem;margin:0 auto;padding:1rem}h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .6rem}
    h3{font-size:1rem;margin:0 0 .4rem}p{max-width:46rem;margin:.5rem 0}.quiet{color:var(--quiet)}
    .verdict{font-size:1.1rem;font-weight:600;border-left:4px solid;padding-left:.7rem}.met{color:var(--good)}.missed{color:var(--bad)}
    .wide{overflow-x:auto;background:var(--paper);border:1px solid var(--rule);border-radius:8px}
    table{border-collapse:collapse;width:100%;font-size:.93rem}th,td{text-align:left;padding:.4rem .7rem;border-bottom:1px solid var(--rule);vertical-align:top}
    tbody tr:last-child>*{border-bottom:0}.whole{white-space:nowrap}.n{text-align:right;font-variant-numeric:tabular-nums}.facts th{font-weight:500;width:16rem}.facts td{overflow-wrap:anywhere}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem}
    figure{margin:0;padding:.8rem;background:var(--paper);border:1px solid var(--rule);border-radius:8px;break-inside:avoid}
    figure svg{display:block;width:100%;height:auto}figcaption{color:var(--quiet);font-size:.93rem;margin-top:.4rem}
    details{margin:.8rem 0}summary{cursor:pointer;font-weight:500;margin-bottom:.5rem}
    @media (max-width:40rem){.facts th{width:40%}.cards thead{display:none}.cards tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--rule)}
    .cards tr:last-child{border:0}.cards td{display:flex;justify-content:space-between;gap:1rem;border:0;padding:.12rem .8rem;text-align:right}
    .cards td:empty{display:none}.cards td:first-child{font-weight:600;text-align:left}.cards td:not(:first-child)::before{content:attr(data-name);color:var(--quiet)}}
    @media print{body{background:#fff}main{max-width:none}.figures{grid-template-columns:1fr 1fr}}
    """
}
