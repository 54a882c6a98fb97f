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
  @Option(help: ArgumentHelp("Fraction of the rows, shuffled, to validate on.", valueName: "x")) var validationFraction: Double = 0
  @Option(help: ArgumentHelp("Fraction of the rows, shuffled, to test on.", valueName: "x")) var testFraction: Double = 0
  @Option(parsing: .unconditional, help: ArgumentHelp("Seed of that shuffle.", valueName: "N")) var seed: UInt64 = 0
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
    var source = DatasetSource(label: label)
    var file: DatasetFile
    let rows = try source.read(FileAccess.absolute(input), labels: labels.map(FileAccess.absolute))
    if let test {
      guard validationFraction + testFraction == 0 || testFraction == 0 else {
        throw UserError.usage("--test and --test-fraction: give one of them")
      }
      file = DatasetFile.splitting(rows.train, validation: validationFraction, key: KeyWords(seed: seed))
      file.test = try source.read(FileAccess.absolute(test), labels: testLabels.map(FileAccess.absolute)).train
    } else if validationFraction + testFraction > 0 {
      guard rows.test == nil, rows.validation == nil else {
        throw UserError.usage("--validation-fraction: \(input) already has splits")
      }
      file = DatasetFile.splitting(rows.train, validation: validationFraction, test: testFraction, key: KeyWords(seed: seed))
    } else {
      file = DatasetFile(train: rows.train, validation: rows.validation, test: rows.test)
    }
    file.featureNames = source.featureNames
    file.scaling = Scaling(of: file.train.x)
    let about = [("title", title ?? FileAccess.stem(target)), ("source", self.source ?? FileAccess.display(input)), ("license", license)]
    for case (let name, let text?) in about { file.attributes[name] = .string(text) }
    try file.write(to: target, provenance: Provenance(software: "flowctl", softwareVersion: flowctlVersion))
    let parts = file.splits.map { "\($0.split.rowCount) rows to \($0.name == "validation" ? "validate" : $0.name)" }
    return "\(FileAccess.display(target)): \(file.train.x.elementType.rawValue) rows of shape \(Array(file.train.x.shape.dropFirst())), "
      + parts.joined(separator: ", ")
  }
}
