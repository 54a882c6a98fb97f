import Foundation

/// `metrics.csv`: one row per recorded step, `step`, the experiment's metrics, and the training time in `seconds`.
public final class MetricsLog {
  private let file: OutputFile
  private let columns: Int
  /// Training seconds in the last row kept.
  public let secondsBefore: Double

  /// Opens the file for steps after `step`, dropping rows of later steps and half-written rows: what a resumed run repeats.
  public init(path: String, metricNames: [String], after step: Int) throws(UserError) {
    let names = ["step"] + metricNames + ["seconds"]
    precondition(Set(names).count == names.count, "metrics \(metricNames): each needs a name of its own, 'step' and 'seconds' are taken")
    let header = names.joined(separator: ",")
    columns = metricNames.count
    var kept: [Substring] = []
    if step > 0, FileAccess.exists(path) {
      let lines = try FileAccess.readText(path).split(separator: "\n")
      if let found = lines.first, found != header {
        throw .failure("\(FileAccess.display(path)): expected the columns \(header), found \(found); move the file away to go on")
      }
      kept = lines.dropFirst().filter { line in
        let cells = line.split(separator: ",")
        return cells.count == metricNames.count + 2 && Int(cells[0]).map { $0 <= step } == true
      }
    }
    secondsBefore = kept.last?.split(separator: ",").last.flatMap { Double($0) } ?? 0
    let lines = [header] + kept.map(String.init)
    try FileAccess.write(lines.joined(separator: "\n") + "\n", to: path)
    file = try OutputFile(path: path, flags: O_WRONLY | O_APPEND, shownAs: path)
  }

  public func append(step: Int, values: [Double], seconds: Double) throws(UserError) {
    precondition(values.count == columns, "MetricsLog: \(values.count) values for \(columns) metrics; return one per metric name")
    let rounded = (seconds * 1000).rounded() / 1000
    try file.write("\(step)," + values.map { "\($0)," }.joined() + "\(rounded)\n")
  }

  /// Waits until the rows are on the disk; called before a checkpoint that they belong to.
  public func synchronise() throws(UserError) { try file.synchronise() }
}

/// The columns of a `metrics.csv`, for plots.
public struct MetricsTable: Sendable {
  public let names: [String]
  public let columns: [[Double]]

  public init(path: String) throws(UserError) {
    let lines = try FileAccess.readText(path).split(separator: "\n")
    names = (lines.first ?? "").split(separator: ",").map(String.init)
    let width = names.count
    let rows = lines.dropFirst().map { $0.split(separator: ",").map { Double($0) ?? .nan } }.filter { $0.count == width }
    columns = (0..<width).map { column in rows.map { $0[column] } }
  }

  public subscript(name: String) -> [Double]? { names.firstIndex(of: name).map { columns[$0] } }
}
