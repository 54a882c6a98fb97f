import HDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a data set (FORMAT.md, section 4) row by row, so that it need not fit into memory; the file appears whole at `finish`, or not
/// at all.
public final class DatasetWriter {
  private let path: String
  private let temporary: String
  private let featureNames: [String]
  private var file: File?
  private var datasets: [String: Dataset] = [:]
  private var moments: ColumnMoments?
  private var isFinished = false

  /// Rows written so far, by split.
  public private(set) var rowCounts: [String: Int] = [:]

  public init(path: String, provenance: Provenance, featureNames: [String] = [], attributes: [String: AttributeValue] = [:]) throws {
    (self.path, self.featureNames) = (path, featureNames)
    temporary = AtomicWrite.temporaryPath(for: path)
    let file = try File.create(temporary)
    self.file = file
    try FormatFile.describe(file.root.attributes, .dataset, provenance)
    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) { try file.root.attributes.write(value, to: name) }
    try file.root.attributes.write(DatasetFile.schema, to: "schema")
    if !featureNames.isEmpty { try file.root.attributes.write(featureNames.joined(separator: ","), to: "feature_names") }
  }

  deinit {
    datasets = [:]
    file = nil
    if !isFinished { unlink(temporary) }
  }

  /// Adds rows `x`, `[rows, ...]`, and what belongs to them, to a split: `train`, `validation` or `test`.
  public func append(x: HostArray, y: HostArray? = nil, to split: String) throws {
    let first = rowCounts[split] ?? 0
    if moments == nil { moments = ColumnMoments(width: x.rowLength) }
    guard x.shape.count >= 2, x.rowLength > 0, x.rowLength == moments!.mean.count, y.map({ $0.rowCount == x.rowCount }) ?? true else {
      throw DataFileError(
        .wrongShape, file: path, place: "/\(split)/x", found: "rows \(x), labels \(y.map { "\($0)" } ?? "none")",
        expected: "rows of \(max(1, moments!.mean.count)) numbers, and a label each")
    }
    for (name, array) in [("x", x), ("y", y)] {
      if let array { try append(array, to: "\(split)/\(name)", first) }
    }
    rowCounts[split] = first + x.rowCount
    if split == "train" { moments!.add(x) }
  }

  /// Writes what is known only now, seals the file and puts it in its place.
  public func finish() throws {
    guard let moments, let file, moments.count > 0 else {
      throw DataFileError(.missing, file: path, place: "/train/x", found: "no rows", expected: "rows to train on")
    }
    try file.root.attributes.write(Int32(moments.mean.count), to: "n_features")
    let scaling = Scaling(moments)
    for (name, values) in [("mean", scaling.mean), ("std", scaling.deviation)] {
      try file.root.write(values, to: "scaling/\(name)", storage: .checksummed([values.count], .float64))
    }
    datasets = [:]
    try file.close()
    self.file = nil
    try AtomicWrite.adoptSealed(temporary, as: path)
    isFinished = true
  }

  private func append(_ array: HostArray, to place: String, _ first: Int) throws {
    if let index = array.firstNonFinite {
      let (row, column) = index.quotientAndRemainder(dividingBy: max(array.rowLength, 1))
      let name = place.hasSuffix("/x") && column < featureNames.count ? " (\(featureNames[column]))" : ""
      throw DataFileError(
        .notFinite, file: path, place: "/\(place), row \(first + row), column \(column)\(name)", found: "\(array.doubles[index])",
        expected: "a finite number", remedy: "correct or remove the row")
    }
    let shape = [first + array.rowCount] + array.shape.dropFirst()
    let dataset: Dataset
    if let known = datasets[place] {
      dataset = try known.resized(rows: shape[0])
    } else {
      let storage = Storage.rowChunks(
        of: [0] + array.shape.dropFirst(), array.elementType, deflate: 6, shuffle: array.elementType.byteCount > 1, fletcher32: true,
        extendable: true)
      dataset = try file!.root.createDataset(place, array.elementType, shape: shape, storage: storage)
    }
    datasets[place] = dataset
    try array.bytes.withUnsafeBytes {
      try dataset.writeBytes($0, as: array.elementType, Hyperslab(rows: first..<shape[0], of: shape))
    }
  }
}
