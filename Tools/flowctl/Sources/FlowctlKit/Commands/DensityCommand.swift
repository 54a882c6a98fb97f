import ArgumentParser
import DataIO
import Foundation
import HDF5

struct DensityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "density",
    abstract: "Score the rows of a file by the density that a run has learned.",
    discussion: """
      flowctl density runs/kernel-table-1 new-rows.csv --out scores.csv
      flowctl density runs/kernel-toy-1 points.h5 --dataset test/x

      The file has the columns that the run was trained on, in the same order. The
      scores are log densities in nats and in units of the data, evaluated in
      float64, one for each row; the lowest belong to outliers.
      """)

  @Argument(help: "Run folder, or a checkpoint inside one.", completion: Completions.runs) var folder: String
  @Argument(help: "CSV file, or an HDF5 file in the dataset schema.", completion: .file()) var file: String
  @Option(help: ArgumentHelp("Dataset of an HDF5 file; default: test/x, x, or samples/x.", valueName: "path")) var dataset: String?
  @Option(help: ArgumentHelp("File to write; default: scores.csv in the run folder.", valueName: "file")) var out: String?
  @Flag(help: "Leave out rows with missing numbers instead of refusing them.") var dropIncomplete = false
  @OptionGroup var machine: MachineOptions

  func run() throws {
    let session = try RunSession.open(folder, context: machine.context(Workspace.current()))
    let table = try rows()
    let scores = try session.experiment.logDensities(table.values, names: table.names)
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var rank = [Int](repeating: 0, count: scores.count)
    for (place, row) in order.enumerated() { rank[row] = place + 1 }
    let lines = scores.indices.map { "\($0 + 1),\(scores[$0]),\(rank[$0])" }
    let path = out ?? "\(session.folder.path)/scores.csv"
    try FileAccess.write((["row,log_density,outlier_rank"] + lines).joined(separator: "\n") + "\n", to: path)

    var shown = TextTable(["row", "log density"], rightAligned: [0, 1])
    for row in order.prefix(10) { shown.append(["\(row + 1)", Formatting.number(scores[row], digits: 6)]) }
    Terminal.print("\(scores.count) rows, mean log density \(Formatting.number(RowMean(scores).value, digits: 6)) nats; the least likely:")
    Terminal.print(shown.text)
    Terminal.note("wrote \(scores.count) scores to \(FileAccess.display(path))")
  }

  private func rows() throws -> NumberTable {
    let path = FileAccess.absolute(file)
    let table: NumberTable
    if path.hasSuffix(".csv") {
      table = try NumberTable.csv(path, dropIncomplete: dropIncomplete)
    } else {
      try File.checkSignature(path)
      let source = try File.open(path)
      let candidates = dataset.map { [$0] } ?? ["test/x", "x", "samples/x"]
      guard let found = try candidates.first(where: { try source.root.contains($0) }) else {
        throw UserError.failure(
          "\(FileAccess.display(path)): no dataset \(candidates.joined(separator: ", ")); name one with --dataset, it has "
            + (try source.root.names()).joined(separator: ", "))
      }
      table = try NumberTable.hdf5(
        source, found, names: NumberTable.names(of: source), path: path, dropIncomplete: dropIncomplete)
    }
    if table.incompleteRows > 0 { Terminal.note("flowctl: left out \(table.incompleteRows) rows with missing or infinite numbers") }
    return table
  }
}
