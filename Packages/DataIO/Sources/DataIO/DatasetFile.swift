import HDF5

/// A data set in the schema `hgm-data/1` (FORMAT.md, section 4), read whole and checked.
public struct DatasetFile: Sendable, Equatable {
  public static let schema = "hgm-data/1"

  public var train: DataSplit
  public var validation: DataSplit?
  public var test: DataSplit?
  public var featureNames: [String]
  /// Inner shape of one row where `x` is flat or an image; empty when not given.
  public var sampleShape: [Int]
  public var scaling: Scaling?
  /// Numeric arrays of other groups by path, such as `binned/cov`.
  public var arrays: [String: HostArray]
  /// String arrays by path, such as `extra/name`.
  public var texts: [String: [String]]
  /// Root attributes: `title`, `source`, `original_reference`, `license`, `units` and others.
  public var attributes: [String: AttributeValue]

  public init(
    train: DataSplit, validation: DataSplit? = nil, test: DataSplit? = nil, featureNames: [String] = [], sampleShape: [Int] = [],
    scaling: Scaling? = nil, arrays: [String: HostArray] = [:], texts: [String: [String]] = [:], attributes: [String: AttributeValue] = [:]
  ) {
    self.train = train
    self.validation = validation
    self.test = test
    self.featureNames = featureNames
    self.sampleShape = sampleShape
    self.scaling = scaling
    self.arrays = arrays
    self.texts = texts
    self.attributes = attributes
  }

  /// The root attribute `name` when it is a string.
  public func text(_ name: String) -> String? {
    if case .string(let text) = attributes[name] { text } else { nil }
  }

  public var splits: [(name: String, split: DataSplit)] {
    [("train", train), ("validation", validation), ("test", test)].compactMap { name, split in split.map { (name, $0) } }
  }
}
