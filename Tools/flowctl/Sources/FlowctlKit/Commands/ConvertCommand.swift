import ArgumentParser
import DataIO

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Turn IDX, NPY, NPZ, and CSV files into data sets, and weights into safetensors or NPZ.",
    discussion: """
      What is made follows from the names of the files.
        flowctl convert train-images-idx3-ubyte.gz \\
          --labels train-labels-idx1-ubyte.gz \\
          --test t10k-images-idx3-ubyte.gz --test-labels t10k-labels-idx1-ubyte.gz \\
          --title MNIST --out mnist.h5
        flowctl convert table.csv --label mass --validation-fraction 0.1 \\
          --test-fraction 0.1 --out table.h5
        flowctl convert runs/mine --out mine.safetensors
        flowctl convert latest.h5 --averages --out mine.npz
        flowctl convert mine.safetensors --out mine.npz
      """)

  @Argument(help: "IDX (.gz), NPY, NPZ, CSV, safetensors, a checkpoint, or a run folder.") var input: String
  @Option(help: ArgumentHelp("File to make: .h5, .safetensors, or .npz.", valueName: "file")) var out: String
  @Option(help: ArgumentHelp("Labels or targets of the rows: IDX or NPY.", valueName: "file")) var labels: String?
  @Option(help: ArgumentHelp("Name of the column that holds labels or targets.", valueName: "name")) var label: String?
  @Option(help: ArgumentHelp("Rows to test on.", valueName: "file")) var test: String?
  @Option(help: ArgumentHelp("Labels of the rows to test on.", valueName: "file")) var testLabels: String?
  @Option(help: ArgumentHelp("Fraction of the rows, drawn at random, to validate on.", valueName: "x")) var validationFraction: Double = 0
  @Option(help: ArgumentHelp("Fraction of the rows, drawn at random, to test on.", valueName: "x")) var testFraction: Double = 0
  @Option(parsing: .unconditional, help: ArgumentHelp("Seed of that draw.", valueName: "N")) var seed: UInt64 = 0
  @Option(help: "Title of the data set.") var title: String?
  @Option(help: "Where the data comes from.") var source: String?
  @Option(help: "Licence of the data.") var license: String?
  @Flag(help: "Take the moving averages of the weights.") var averages = false

  func run() throws {
    guard validationFraction >= 0, testFraction >= 0, validationFraction + testFraction < 1 else {
      throw UserError.usage("--validation-fraction \(validationFraction) and --test-fraction \(testFraction): expected a sum below 1")
    }
    let target = FileAccess.absolute(out)
    let sentence: String
    switch DataFiles.suffix(of: target) {
    case "h5", "hdf5": sentence = try makeDataset(target)
    case "safetensors": sentence = try weights().write(.safetensors, to: target)
    case "npz": sentence = try weights().write(.npz, to: target)
    case let other:
      throw UserError.usage("--out \(out): unknown ending '\(other)'; give a file that ends in .h5, .safetensors, or .npz")
    }
    Terminal.print(sentence)
  }

  private func weights() throws -> WeightSet {
    guard labels == nil, label == nil, test == nil, testLabels == nil, validationFraction + testFraction == 0 else {
      throw UserError.usage("--out \(out): weights have no labels and no splits; give --out a file that ends in .h5 to make a data set")
    }
    return try WeightSet(DataFiles.path(of: input), averages: averages)
  }

  private func makeDataset(_ target: String) throws -> String {
    let path = FileAccess.absolute(input)
    let isSplit = validationFraction + testFraction > 0
    let scratch = DataFiles.folder(of: target)
    if try DataFiles.head(of: path, 2) == [0x50, 0x4B] {
      guard labels == nil else { throw UserError.usage("--labels: an NPZ file brings its own labels") }
      let splits = try DatasetSource.archive(path, label: label, scratchFolder: scratch)
      guard !isSplit || splits.count == 1 else { throw UserError.usage("--validation-fraction: \(input) already has splits") }
      return try write(splits, parts: isSplit ? parts(splits[0].source.rowCount ?? 0) : nil, to: target)
    }
    guard test == nil || testFraction == 0 else { throw UserError.usage("--test and --test-fraction: give one of them") }
    func open() throws -> DatasetSource {
      try DatasetSource(path, labels: labels.map(FileAccess.absolute), label: label, scratchFolder: scratch)
    }
    return try write([("train", open())], parts: isSplit ? parts(open().countedRows()) : nil, to: target)
  }

  private func parts(_ count: Int) -> [UInt8] {
    DatasetFile.parts(count, validation: validationFraction, test: testFraction, key: KeyWords(seed: seed))
  }

  /// Writes the sources to splits of their names, piece by piece; the rows of the first to the splits that `parts` tells, where it does.
  private func write(_ splits: [(name: String, source: DatasetSource)], parts: [UInt8]?, to target: String) throws -> String {
    let about = [("title", title ?? FileAccess.stem(target)), ("source", source ?? FileAccess.display(input)), ("license", license)]
    let writer = try DatasetWriter(
      path: target, provenance: Provenance(software: "flowctl", softwareVersion: flowctlVersion),
      featureNames: splits[0].source.featureNames,
      attributes: Dictionary(uniqueKeysWithValues: about.compactMap { name, text in text.map { (name, .string($0)) } }))
    var (first, shape) = (0, "")
    let names = ["train", "validation", "test"]
    for (number, (name, source)) in splits.enumerated() {
      while let (x, y) = try source.next() {
        shape = "\(x.elementType.rawValue) rows of shape \(Array(x.shape.dropFirst()))"
        guard number == 0, let parts else {
          try writer.append(x: x, y: y, to: name)
          continue
        }
        for (part, name) in names.enumerated() {
          let members = (0..<x.rowCount).filter { parts[first + $0] == part }
          if !members.isEmpty { try writer.append(x: x.rows(members), y: y?.rows(members), to: name) }
        }
        first += x.rowCount
      }
    }
    if let test {
      let source = try DatasetSource(
        FileAccess.absolute(test), labels: testLabels.map(FileAccess.absolute), label: label, scratchFolder: DataFiles.folder(of: target))
      while let (x, y) = try source.next() { try writer.append(x: x, y: y, to: "test") }
    }
    try writer.finish()
    let counts = names.compactMap { name in
      writer.rowCounts[name].map { "\($0) rows to \(name == "validation" ? "validate" : name)" }
    }
    return "\(FileAccess.display(target)): \(shape), " + counts.joined(separator: ", ")
  }
}
