import HDF5

/// What was checked in a file that passed.
public struct FileVerification: Sendable, Equatable {
  public var kind: FileKind
  public var version: String
  public var isSealed: Bool
  /// Arrays read to the last byte, and how many of them carry a checksum of HDF5's own.
  public var arrayCount: Int
  public var checksummedCount: Int

  /// Data sets up to this size are read whole and checked in every way; larger ones piece by piece.
  static let wholeByteCount = 1 << 30

  /// Checks the seal, all refusals, every checksum, and all that the kind of file demands; throws the first that fails.
  public static func verify(_ path: String) throws -> FileVerification {
    let tree = try FormatTree(contentsOf: path)
    guard let kind = tree.kind else {
      throw DataFileError(
        .wrongKind, file: path, place: "@kind", found: tree.text("kind").map { "\"\($0)\"" } ?? "nothing",
        expected: "\"checkpoint\", \"dataset\" or \"samples\"", remedy: "this is not a file of the format in FORMAT.md")
    }
    for item in tree.items {
      if item.holdsStrings {
        _ = try tree.strings(item.path)
      } else {
        try tree.forEachBlock(of: item.path) { block in
          guard kind == .dataset, let index = block.firstNonFinite else { return }
          throw DataFileError(
            .notFinite, file: path, place: "/\(item.path)", found: "\(block.doubles[index])", expected: "finite numbers",
            remedy: "correct or remove the row")
        }
      }
    }
    switch kind {
    case .checkpoint: _ = try CheckpointFile(contentsOf: path)
    case .samples: _ = try SamplesFile(contentsOf: path)
    case .dataset:
      let size = tree.items.reduce(0) { $0 + $1.shape.reduce(1, *) * 8 }
      if size <= wholeByteCount { _ = try DatasetFile(contentsOf: path) }
    }
    return FileVerification(
      kind: kind, version: tree.text("format_version") ?? "none", isSealed: tree.isSealed,
      arrayCount: tree.items.count, checksummedCount: tree.items.count { $0.isChecksummed })
  }
}
