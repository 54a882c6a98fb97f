import HDF5

/// The frame that all kinds of file share: root attributes, seal, refusals. See FORMAT.md, section 2.
enum FormatFile {
  static let name = "hamiltonian-flows"
  static let version = "1.2"
  /// Announces a seal over a tree of digests; readers of 1.0 and 1.1 pass over it and take the file for one without a seal.
  private static let sealName = "tree"
  private static let own = ["format", "format_version", "kind", "software", "software_version", "created", "sealed", "digest"]

  /// Builds a sealed file of `kind` in memory, filled by `body`, and puts it at `path` atomically.
  static func write(_ kind: FileKind, _ provenance: Provenance, to path: String, _ body: (Group) throws -> Void) throws {
    let file = try File.createInMemory(named: path)
    try describe(file.root.attributes, kind, provenance)
    try body(file.root)
    try AtomicWrite.writeSealed(try file.imagePieces(), to: path)
  }

  /// Writes the root attributes of a file that will be sealed.
  static func describe(_ attributes: Attributes, _ kind: FileKind, _ provenance: Provenance) throws {
    for (key, value) in provenance.additional.sorted(by: { $0.key < $1.key }) where !own.contains(key) {
      try attributes.write(value, to: key)
    }
    try attributes.write(name, to: "format")
    try attributes.write(version, to: "format_version")
    try attributes.write(kind.rawValue, to: "kind")
    try attributes.write(provenance.software, to: "software")
    try attributes.write(provenance.softwareVersion, to: "software_version")
    try attributes.write(provenance.created, to: "created")
    try attributes.write(sealName, to: "digest")
  }

  /// Opens a file after checking its seal, and lists it after all refusals. Without `verifyingSeal` only the presence of a seal counts:
  /// for files too large to be read twice, whose chunks carry checksums.
  static func open(_ path: String, verifyingSeal: Bool = true) throws -> SafeTree {
    try File.checkSignature(path)
    let seal = try verifyingSeal ? Seal.verify(path) : Seal.present(in: path)
    let file = try File.open(path)
    let attributes = file.root.attributes
    let expected: Seal? =
      if try attributes.contains("digest"), try attributes.string("digest") == sealName {
        .tree
      } else if try attributes.contains("sealed"), try attributes.scalar("sealed", as: Int64.self) != 0 { .whole } else { nil }
    if let expected, seal != expected {
      throw DataFileError(
        .damaged, file: path, found: "no seal at its end",
        expected: "the seal that its attribute \(expected == .tree ? "digest" : "sealed") announces",
        remedy: "copy the file again, or delete that attribute if the file was edited on purpose")
    }
    return try SafeTree(file, isVerified: verifyingSeal && seal != nil)
  }

  /// Checks `format`, `format_version` and `kind`, and gives the provenance.
  static func provenance(_ tree: SafeTree, _ kind: FileKind) throws -> Provenance {
    let path = tree.file.path
    let attributes = tree.file.root.attributes
    func text(_ name: String) throws -> String { try attributes.contains(name) ? attributes.string(name) : "" }
    guard try text("format") == name else {
      throw DataFileError(
        .wrongKind, file: path, place: "@format", found: quoted(try text("format")), expected: "\"\(name)\"",
        remedy: "this is not a file of the format in FORMAT.md")
    }
    let version = try text("format_version")
    guard version.split(separator: ".").first == "1" else {
      throw DataFileError(
        .wrongVersion, file: path, place: "@format_version", found: quoted(version), expected: "1.x",
        remedy: "use a newer release to read it")
    }
    guard try text("kind") == kind.rawValue else {
      throw DataFileError(
        .wrongKind, file: path, place: "@kind", found: quoted(try text("kind")), expected: "\"\(kind.rawValue)\"",
        remedy: "give a \(kind.rawValue) file")
    }
    return Provenance(
      software: try text("software"), softwareVersion: try text("software_version"), created: try text("created"),
      additional: try additionalAttributes(tree.file.root.attributes, except: own))
  }

  /// All attributes that are strings or numbers, but those named.
  static func additionalAttributes(_ attributes: Attributes, except known: [String]) throws -> [String: AttributeValue] {
    var found: [String: AttributeValue] = [:]
    for name in try attributes.names() where !known.contains(name) {
      // An attribute of a type outside the format is nobody's: it is passed over, as an unknown group is.
      if let value = try? attributes.value(name) { found[name] = value }
    }
    return found
  }

  private static func quoted(_ text: String) -> String { text.isEmpty ? "nothing" : "\"\(text)\"" }
}
