import HDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which checkpoints of a run stay: always the newest, the last few, and the best by a score.
///
/// `latest.h5` is replaced at each save. `step-<n>.h5` and `best.h5` are further names of the same bytes on the disk, so keeping them
/// costs no second write.
public struct CheckpointFolder: Sendable {
  /// Which of two scores is the better one.
  public enum Sense: String, Sendable {
    /// The lowest score is the best: a loss.
    case lowest
    /// The highest score is the best: a likelihood.
    case highest
  }

  /// Name of the attribute of `/progress` that holds the score.
  public static let scoreAttribute = "score"

  public let path: String
  /// How many `step-<n>.h5` stay; 0 keeps `latest.h5` alone.
  public let last: Int
  /// Whether `best.h5` is kept, and what best means.
  public let best: Sense?

  public init(path: String, last: Int = 0, best: Sense? = nil) {
    precondition(last >= 0, "CheckpointFolder: cannot keep \(last) checkpoints; give a count from 0 on")
    self.path = path
    self.last = last
    self.best = best
  }

  public var latest: String { path + "/latest.h5" }
  public var bestFile: String { path + "/best.h5" }

  /// Name of the checkpoint of `step`; names sort as steps do.
  public func file(ofStep step: Int) -> String {
    let digits = String(step)
    return path + "/step-" + String(repeating: "0", count: max(0, 9 - digits.count)) + digits + ".h5"
  }

  /// Writes `checkpoint` as `latest.h5`, then gives it its other names and removes those beyond the last few. A score that is not
  /// finite is never the best.
  public func save(_ checkpoint: CheckpointFile, score: Double? = nil) throws {
    var checkpoint = checkpoint
    if let score { checkpoint.progress.attributes[CheckpointFolder.scoreAttribute] = .real(score) }
    try checkpoint.write(to: latest)
    try retain(step: checkpoint.progress.step, score: score)
  }

  /// Steps of the checkpoints that are kept under a name of their own, ascending.
  public func keptSteps() -> [Int] {
    FolderListing.names(in: path).compactMap { name in
      name.hasPrefix("step-") && name.hasSuffix(".h5") ? Int(name.dropFirst(5).dropLast(3)) : nil
    }.sorted()
  }

  private func retain(step: Int, score: Double?) throws {
    if last > 0 {
      try AtomicWrite.link(latest, to: file(ofStep: step))
      // Steps after this one are of a run that was taken up again at an earlier point.
      let kept = keptSteps()
      for old in kept.filter({ $0 > step }) + kept.filter({ $0 <= step }).dropLast(last) { unlink(file(ofStep: old)) }
    }
    guard let best, let score, score.isFinite else { return }
    if let former = CheckpointFolder.score(of: bestFile), best == .lowest ? former <= score : former >= score { return }
    try AtomicWrite.link(latest, to: bestFile)
  }

  /// The score that a checkpoint was saved with; nil where there is no such file, or it has none.
  public static func score(of path: String) -> Double? {
    guard let tree = try? FormatFile.open(path, verifyingSeal: false), let progress = tree.groups["progress"] else { return nil }
    return try? progress.attributes.scalar(scoreAttribute, as: Double.self)
  }
}

/// Names in a folder.
enum FolderListing {
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.sorted()
  }
}
