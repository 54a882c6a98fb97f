import Plotting

/// Everything a report says, before it has a form.
public struct ReportContent {
  public let name: String
  public let recipe: Recipe
  public let fields: [RecipeField]
  public let environment: JSONValue
  public let facts: [(name: String, value: String)]
  public let completedSteps: Int
  public let metrics: MetricsTable
  public let evaluation: Evaluation
  public let figures: [Figure]

  public init(
    name: String, recipe: Recipe, fields: [RecipeField], environment: JSONValue, facts: [(name: String, value: String)],
    completedSteps: Int, metrics: MetricsTable, evaluation: Evaluation, figures: [Figure]
  ) {
    self.name = name
    self.recipe = recipe
    self.fields = fields
    self.environment = environment
    self.facts = facts
    self.completedSteps = completedSteps
    self.metrics = metrics
    self.evaluation = evaluation
    self.figures = figures
  }

  /// The content of `report.json`.
  public var data: JSONValue {
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
      "figures": .list(figures.map { .text("plots/\($0.name).svg") }),
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
