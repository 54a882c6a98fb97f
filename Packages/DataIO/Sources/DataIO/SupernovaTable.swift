/// Type Ia supernovae: redshift, distance modulus and its error, one row each; and the binned form where the file has it.
public struct SupernovaTable: Sendable, Equatable {
  /// Nodes in redshift with the covariance of their distance moduli, including systematics.
  public struct Binned: Sendable, Equatable {
    /// `[bins]`
    public var redshift: [Double]
    /// `[bins]`, up to an arbitrary constant.
    public var modulus: [Double]
    /// `[bins, bins]`, row-major, symmetric.
    public var covariance: [Double]
  }

  /// `[N]`, in the frame of the cosmic microwave background.
  public var redshift: [Double]
  /// `[N]`, magnitudes.
  public var modulus: [Double]
  /// `[N]`, one standard deviation, magnitudes.
  public var error: [Double]
  /// `[N]`; empty when the file has none.
  public var names: [String]
  public var binned: Binned?

  /// Takes the columns from a data set of the supernova form; `path` is for messages.
  public init(_ file: DatasetFile, path: String) throws {
    guard let column = file.featureNames.firstIndex(where: { ["z_cmb", "zcmb", "zCMB", "z"].contains($0) }) else {
      throw DataFileError(
        .missing, file: path, place: "@feature_names",
        found: file.featureNames.isEmpty ? "no column names" : file.featureNames.joined(separator: ","),
        expected: "a column z_cmb, zcmb, zCMB or z")
    }
    guard let y = file.train.y, let error = file.train.more["y_err"], y.count == file.train.rowCount, error.count == y.count else {
      throw DataFileError(
        .missing, file: path, place: "/train", found: (["x"] + file.train.more.keys.sorted()).joined(separator: ", "),
        expected: "y and y_err, one number a row")
    }
    let width = file.train.x.rowLength
    let table = file.train.x.doubles
    redshift = (0..<file.train.rowCount).map { table[$0 * width + column] }
    modulus = y.doubles
    self.error = error.doubles
    names = file.texts["extra/name"] ?? []
    if let row = redshift.firstIndex(where: { $0 <= 0 }) {
      throw DataFileError(
        .inconsistent, file: path, place: "/train/x, row \(row), column \(column) (\(file.featureNames[column]))",
        found: "\(redshift[row])",
        expected: "a positive redshift", remedy: "correct or remove the row")
    }
    if !names.isEmpty && names.count != redshift.count {
      throw DataFileError(
        .inconsistent, file: path, place: "/extra/name", found: "\(names.count) names",
        expected: "\(redshift.count), one per row of /train/x")
    }
    if let z = file.arrays["binned/z"], let mu = file.arrays["binned/mu"], let covariance = file.arrays["binned/cov"] {
      guard mu.shape == z.shape, covariance.shape == [z.count, z.count] else {
        throw DataFileError(
          .wrongShape, file: path, place: "/binned", found: "z \(z.shape), mu \(mu.shape), cov \(covariance.shape)",
          expected: "[bins], [bins] and [bins, bins]")
      }
      binned = Binned(redshift: z.doubles, modulus: mu.doubles, covariance: covariance.doubles)
    }
  }

  public init(contentsOf path: String) throws { try self.init(DatasetFile(contentsOf: path), path: path) }
}
