/// The direction of imports: a module may import its own package and packages below it, never beside or above.
public struct Layering: Sendable {
  /// Where a module stands.
  struct Place {
    let member: Workspace.Member
    let layer: Int
  }

  private let workspace: Workspace
  private let places: [String: Place]

  /// Learns the modules from the folders under `Sources` of each member.
  public init(_ workspace: Workspace) {
    self.workspace = workspace
    var places: [String: Place] = [:]
    for member in workspace.members {
      for module in FileAccess.names(in: "\(workspace.folder(of: member))/Sources") {
        places[module] = Place(member: member, layer: member.moduleLayers[module] ?? member.layer)
      }
    }
    self.places = places
  }

  /// One sentence for every import that points the wrong way.
  public func violations() -> [String] {
    places.keys.sorted().flatMap { module -> [String] in
      guard let place = places[module] else { return [] }
      let folder = "\(workspace.folder(of: place.member))/Sources/\(module)"
      return FileAccess.files(under: folder, extension: "swift").flatMap { file -> [String] in
        let text = (try? FileAccess.readText(file)) ?? ""
        return Layering.imports(in: text).compactMap { imported in
          complaint(module, at: place, imports: imported).map { "\(FileAccess.display(file)): \($0)" }
        }
      }
    }
  }

  private func complaint(_ module: String, at place: Place, imports imported: String) -> String? {
    if place.member.mayNotImport.contains(imported) { return "\(place.member.name) must not import \(imported)" }
    guard let target = places[imported] else { return nil }
    let isSamePackage = target.member.name == place.member.name
    if isSamePackage ? target.layer <= place.layer : target.layer < place.layer { return nil }
    return "\(module) (layer \(place.layer)) must not import \(imported) (layer \(target.layer))"
  }

  /// The modules that a source file imports, without attributes, access levels, and kinds of symbol.
  package static func imports(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      var words = line.split(separator: " ").map(String.init)
      while let first = words.first, first.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(first) {
        words.removeFirst()
      }
      guard words.first == "import", words.count > 1 else { return nil }
      let kinds = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"]
      let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
      return name.split(separator: ".").first.map(String.init)
    }
  }
}
