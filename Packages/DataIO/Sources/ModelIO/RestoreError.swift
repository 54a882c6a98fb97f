import Autodiff

/// An exception that a caller of `restore` grants. A pattern is a path, or the start of one before `*`: `encoder.*`.
public enum RestoreAllowance: Sendable, Hashable {
  /// The model keeps its own values for these paths when the file lacks them.
  case missing(String)
  /// The file may hold these paths although the model does not.
  case unexpected(String)
  /// Values of these paths are rounded from float64 to float32, or widened.
  case cast(String)

  static func matches(_ pattern: String, _ path: String) -> Bool {
    pattern.hasSuffix("*") ? path.hasPrefix(pattern.dropLast()) : path == pattern
  }
}

/// Why the arrays of a file are not those of the module: the path, what the file holds, what the module expects, and a hint.
public enum RestoreError: Error, Sendable, Equatable, CustomStringConvertible {
  case missing(file: String, path: String, hint: String)
  case unexpected(file: String, path: String, hint: String)
  case shapeMismatch(file: String, path: String, found: [Int], expected: [Int], hint: String)
  case typeMismatch(file: String, path: String, found: String, expected: String, hint: String)

  public var description: String {
    switch self {
    case .missing(let file, let path, let hint):
      "\(file): no array '\(path)', which the model needs; \(hint)"
    case .unexpected(let file, let path, let hint):
      "\(file): array '\(path)' has no place in the model; \(hint)"
    case .shapeMismatch(let file, let path, let found, let expected, let hint):
      "\(file): array '\(path)' has shape \(found), the model expects \(expected); \(hint)"
    case .typeMismatch(let file, let path, let found, let expected, let hint):
      "\(file): array '\(path)' is \(found), the model expects \(expected); \(hint)"
    }
  }
}

/// The remedies that `RestoreError` names.
enum Hint {
  /// The nearest of `candidates` when it is near.
  static func missing(_ path: String, _ candidates: [String]) -> String {
    if let near = nearest(path, candidates) { return "the file has '\(near)'" }
    return candidates.isEmpty ? "the file has no arrays there" : "check that the recipe is the one the file was trained with"
  }

  static func unexpected(_ path: String, _ candidates: [String]) -> String {
    if let near = nearest(path, candidates) { return "the model has '\(near)'" }
    return "check that the recipe is the one the file was trained with"
  }

  static func shape(_ found: [Int], _ expected: [Int]) -> String {
    if found.count == 2, Array(found.reversed()) == expected { return "the file's array is transposed; axes are [in, out]" }
    if found.count == expected.count {
      let axes = found.indices.filter { found[$0] != expected[$0] }
      let sizes = axes.map { "axis \($0) is \(found[$0]) in the file and \(expected[$0]) in the model" }
      return sizes.joined(separator: ", ") + ": set the recipe's sizes to those the file was trained with"
    }
    return "the recipe describes another model than the file holds"
  }

  static func type(_ found: String) -> String { "set the precision to \(found), or allow the cast" }

  private static func nearest(_ path: String, _ candidates: [String]) -> String? {
    let scored = candidates.map { (distance: distance(Array(path.utf8), Array($0.utf8)), path: $0) }
    guard let best = scored.min(by: { ($0.distance, $0.path) < ($1.distance, $1.path) }) else { return nil }
    return best.distance <= max(2, path.count / 3) ? best.path : nil
  }

  /// Levenshtein's edit distance.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
