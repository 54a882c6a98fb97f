import HDF5

/// The datasets of a file, listed without following anything that leads out of it. See FORMAT.md, section 7.
struct SafeTree {
  let file: File
  /// Whether the seal has vouched for every byte.
  let isVerified: Bool
  /// Path without the leading slash -> dataset.
  private(set) var datasets: [String: Dataset] = [:]
  private(set) var groups: [String: Group] = [:]

  private static let largestDepth = 16
  static let largestObjectCount = 100_000
  private let objectLimit: Int

  init(_ file: File, isVerified: Bool, objectLimit: Int = largestObjectCount) throws {
    self.file = file
    self.isVerified = isVerified
    self.objectLimit = objectLimit
    try list(file.root, "", depth: 0)
  }

  /// The datasets directly in group `path`, by name.
  func datasets(in path: String) -> [(name: String, dataset: Dataset)] {
    datasets.compactMap { key, value in
      guard key.hasPrefix(path + "/") else { return nil }
      let name = String(key.dropFirst(path.count + 1))
      return name.contains("/") ? nil : (name, value)
    }.sorted { $0.name < $1.name }
  }

  func dataset(_ path: String) throws -> Dataset {
    guard let dataset = datasets[path] else {
      let folder = path.split(separator: "/").dropLast().joined(separator: "/")
      throw HDF5Error.missing(
        Location(file: file.path, object: "/" + path),
        available: folder.isEmpty ? Array(groups.keys).sorted() : datasets(in: folder).map(\.name))
    }
    return dataset
  }

  func group(_ path: String) throws -> Group {
    guard let group = groups[path] else {
      throw HDF5Error.missing(Location(file: file.path, object: "/" + path), available: Array(groups.keys).sorted())
    }
    return group
  }

  /// One string stored as a scalar or one-element dataset.
  func string(_ path: String) throws -> String {
    let values = try dataset(path).readStrings()
    guard values.count == 1 else {
      throw HDF5Error.wrongShape(Location(file: file.path, object: "/" + path), found: [values.count], expected: "one string")
    }
    return values[0]
  }

  private mutating func list(_ group: Group, _ path: String, depth: Int) throws {
    guard depth <= SafeTree.largestDepth else { throw refusal(path, "groups nested more than \(SafeTree.largestDepth) deep") }
    for link in try group.links() {
      let child = path.isEmpty ? link.name : path + "/" + link.name
      guard link.kind == .hard else { throw refusal(child, "a link of kind \(link.kind.rawValue) leads to what may not be in this file") }
      guard datasets.count + groups.count < objectLimit else {
        throw refusal(child, "more than \(objectLimit) objects")
      }
      switch try group.object(link.name) {
      case .namedType: continue
      case .dataset(let dataset):
        try inspect(dataset, child)
        datasets[child] = dataset
      case .group(let inner):
        // A group reached by two links could hold itself.
        guard try inner.referenceCount() == 1 else { throw refusal(child, "a group with several hard links") }
        groups[child] = inner
        try list(inner, child, depth: depth + 1)
      }
    }
  }

  private func inspect(_ dataset: Dataset, _ path: String) throws {
    let storage = try dataset.storage()
    if storage.layout == .virtual { throw refusal(path, "a virtual dataset takes its values from other files") }
    if storage.externalFileCount > 0 { throw refusal(path, "its values lie in another file") }
    for case .other(let number) in storage.filters {
      throw refusal(path, "filter \(number) is none of deflate, shuffle and fletcher32")
    }
  }

  private func refusal(_ path: String, _ reason: String) -> HDF5Error {
    HDF5Error.refused(Location(file: file.path, object: "/" + path), reason: reason)
  }
}
