import HDF5

/// What a file of the format holds, listed after its seal was verified and everything that is never read was refused.
public struct FormatTree: Sendable {
  /// A group with its attributes.
  public struct Group: Sendable {
    public let path: String
    public let attributes: [String: AttributeValue]
  }

  /// A dataset with its shape and type.
  public struct Item: Sendable {
    /// From the root on, without the leading slash.
    public let path: String
    public let shape: [Int]
    /// `float32`, `variable-length strings`, ...
    public let type: String
    public let holdsStrings: Bool
    public let storage: StorageReport
    public let attributes: [String: AttributeValue]

    /// Whether HDF5 itself would find a damaged byte in the numbers.
    public var isChecksummed: Bool {
      !holdsStrings && (storage.filters.contains(.fletcher32) || storage.layout == .compact || storage.storedByteCount == 0)
    }
  }

  public let path: String
  public let isSealed: Bool
  /// `checkpoint`, `dataset`, `samples`; data sets are known by their schema too. Nil for other HDF5 files.
  public let kind: FileKind?
  public let attributes: [String: AttributeValue]
  public let groups: [Group]
  public let items: [Item]
  private let tree: SafeTree

  /// Throws what a reader of the format refuses.
  public init(contentsOf path: String, verifyingSeal: Bool = true) throws {
    tree = try FormatFile.open(path, verifyingSeal: verifyingSeal)
    self.path = path
    isSealed = try Seal.present(in: path) != nil
    attributes = try FormatFile.additionalAttributes(tree.file.root.attributes, except: [])
    if case .string(let name) = attributes["kind"], let known = FileKind(rawValue: name) {
      kind = known
    } else {
      kind = attributes["schema"] == .string(DatasetFile.schema) ? .dataset : nil
    }
    groups = try tree.groups.sorted { $0.key < $1.key }.map { path, group in
      Group(path: path, attributes: try FormatFile.additionalAttributes(group.attributes, except: []))
    }
    items = try tree.datasets.sorted { $0.key < $1.key }.map { path, dataset in
      Item(
        path: path, shape: dataset.shape, type: try HostArray.storedType(of: dataset)?.rawValue ?? dataset.typeDescription,
        holdsStrings: dataset.holdsStrings, storage: try dataset.storage(),
        attributes: try FormatFile.additionalAttributes(dataset.attributes, except: []))
    }
  }

  /// The root attribute `name` when it is a string.
  public func text(_ name: String) -> String? {
    if case .string(let text) = attributes[name] { text } else { nil }
  }

  /// All numbers of the dataset at `path`.
  public func array(_ path: String) throws -> HostArray { try HostArray(tree.dataset(path)) }

  /// The numbers of the dataset at `path` in `slab`.
  public func array(_ path: String, _ slab: Hyperslab) throws -> HostArray {
    let dataset = try tree.dataset(path)
    let type = try FormatTree.numbers(dataset)
    return HostArray(elementType: type, shape: slab.count, bytes: try dataset.readBytes(as: type, slab))
  }

  /// All strings of the dataset at `path`.
  public func strings(_ path: String) throws -> [String] { try tree.dataset(path).readStrings() }

  /// The strings of the dataset at `path` in `slab`.
  public func strings(_ path: String, _ slab: Hyperslab) throws -> [String] { try tree.dataset(path).readStrings(slab) }

  /// Hyperslabs of at most about two million elements that cover the dataset at `path`, each element once. Throws for a shape that
  /// declares far more than the file stores.
  public func blocks(of path: String) throws -> some Sequence<Hyperslab> {
    let dataset = try tree.dataset(path)
    // A string of any length takes 16 bytes where it is listed.
    try dataset.refuseShapeBomb(elementBytes: dataset.holdsStrings ? 16 : FormatTree.numbers(dataset).byteCount)
    return BlockGrid(shape: dataset.shape, chunk: try dataset.chunkShape(), elements: dataset.holdsStrings ? 1 << 12 : 1 << 21)
  }

  /// Hands over the numbers of the dataset at `path` block by block.
  public func forEachBlock(of path: String, _ body: (HostArray) throws -> Void) throws {
    for slab in try blocks(of: path) { try body(try array(path, slab)) }
  }

  private static func numbers(_ dataset: Dataset) throws -> ElementType {
    guard let type = try HostArray.storedType(of: dataset) else {
      throw HDF5Error.wrongType(dataset.location, found: dataset.typeDescription, expected: "numbers or booleans")
    }
    return type
  }
}

/// Figures that describe the numbers of an array.
public struct ArrayStatistics: Sendable, Equatable {
  public private(set) var count = 0
  public private(set) var nonFiniteCount = 0
  public private(set) var minimum = Double.infinity
  public private(set) var maximum = -Double.infinity
  public private(set) var mean = 0.0
  private var squareSum = 0.0

  public init() {}

  /// Population deviation.
  public var deviation: Double { finiteCount == 0 ? .nan : (squareSum / Double(finiteCount)).squareRoot() }

  private var finiteCount: Int { count - nonFiniteCount }

  /// Adds numbers; those that are not finite are only counted.
  public mutating func add(_ array: HostArray) {
    for value in array.doubles {
      count += 1
      guard value.isFinite else {
        nonFiniteCount += 1
        continue
      }
      minimum = min(minimum, value)
      maximum = max(maximum, value)
      let before = value - mean
      mean += before / Double(finiteCount)
      squareSum += before * (value - mean)
    }
  }
}
