import Plotting

/// Everything a report says, before it has a form.
struct ReportContent {
  let name: String
  let recipe: Recipe
  let fields: [RecipeField]
  let environment: JSONValue
  let facts: [(name: String, value: String)]
  let completedSteps: Int
  let metrics: MetricsTable
  let evaluation: Evaluation
  /// What the experiment shows of its model, the most telling first.
  let figures: [Figure]

  /// What the run recorded while it trained.
  let training: TrainingFigures

  /// The content of `report.json`.
  var data: JSONValue {
    .record([
      "recipe": .text(name),
      "title": .text(recipe.title),
      "written": .text(Formatting.timestamp()),
      "completedSteps": .integer(completedSteps),
      "steps": .integer(recipe.training.steps),
      "verdict": .text(evaluation.verdict),
      "meetsTargets": .flag(evaluation.meetsTargets),
      "comparisons": evaluation.document["comparisons"] ?? .list([]),
      "remarks": .list(evaluation.remarks.map { .text($0) }),
      "facts": .object(facts.map { JSONMember(name: $0.name, value: .text($0.value)) }),
      "lastMetrics": .object(zip(metrics.names, metrics.columns).map { JSONMember(name: $0, value: .finite($1.last)) }),
      "figures": .list(
        (figures + training.figures).map { figure in
          .record([
            "name": .text(figure.name), "file": .text("plots/\(figure.name).svg"), "title": .text(figure.title),
            "caption": .text(figure.caption),
          ])
        }),
    ])
  }
}

extension Evaluation {
  /// The comparison as a table for a terminal, with the verdict under it.
  public var text: String {
    var table = TextTable(["quantity", "ours", "exact", "published", "target"], rightAligned: [1, 2])
    for row in comparisons {
      let target = row.target.map { ($0.isMet ? "met: " : "MISSED: ") + $0.statement } ?? ""
      table.append([
        row.quantity, Formatting.figure(row.ours), row.exact.map { Formatting.figure($0) } ?? "",
        row.published ?? "", target,
      ])
    }
    let head = comparisons.isEmpty ? [] : [table.text]
    return (head + remarks + [verdict]).joined(separator: "\n")
  }

  /// The comparison for programs.
  public var document: JSONValue {
    .record([
      "verdict": .text(verdict), "meetsTargets": .flag(meetsTargets), "comparisons": .list(comparisons.map(\.document)),
      "remarks": .list(remarks.map { .text($0) }),
    ])
  }
}

extension Comparison {
  var document: JSONValue {
    let judged = target.map { target -> JSONValue in
      .record([
        "measure": .text(target.measure), "achieved": .finite(target.achieved), "sense": .text(target.sense.rawValue),
        "limit": .finite(target.limit), "met": .flag(target.isMet),
      ])
    }
    return .record([
      "quantity": .text(quantity), "ours": .finite(ours), "exact": .finite(exact), "published": published.map { .text($0) } ?? .null,
      "target": judged ?? .null,
    ])
  }
}
