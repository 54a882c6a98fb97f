import Foundation

/// The workspace as `workspace.json` describes it.
public struct Workspace: Sendable {
  /// One package of the workspace.
  public struct Member: Sendable, Equatable {
    public let name: String
    /// Folder relative to the workspace.
    public let path: String
    public let layer: Int
    public let version: String
    /// Modules of this package that lie in another layer than the package: bridges.
    public let moduleLayers: [String: Int]
    /// Modules that this package must not import even where layers allow it.
    public let mayNotImport: [String]
    /// The range of versions of each package that its manifest names by a folder: `["Autodiff": "0.3.0..<0.4.0"]`.
    public let needs: [String: String]

    public init(
      name: String, path: String, layer: Int, version: String, moduleLayers: [String: Int] = [:], mayNotImport: [String] = [],
      needs: [String: String] = [:]
    ) {
      self.name = name
      self.path = path
      self.layer = layer
      self.version = version
      self.moduleLayers = moduleLayers
      self.mayNotImport = mayNotImport
      self.needs = needs
    }
  }

  public let folder: String
  public let members: [Member]
  /// Glob of recipe files, `Recipes/*.json`.
  public let recipes: String
  /// The Swift release the workspace is made with, `6.3`.
  public let swift: String

  public init(folder: String, members: [Member], recipes: String, swift: String) {
    self.folder = folder
    self.members = members
    self.recipes = recipes
    self.swift = swift
  }

  /// The workspace that the launcher names in `FLOWCTL_WORKSPACE`, or the nearest one at or above the current folder.
  public static func current() throws(UserError) -> Workspace {
    if let named = ProcessInfo.processInfo.environment["FLOWCTL_WORKSPACE"] { return try read(folder: named) }
    var folder = FileManager.default.currentDirectoryPath
    while !FileAccess.exists("\(folder)/workspace.json") {
      guard folder != "/" else {
        throw .failure("no workspace.json here or in a folder above; run the flowctl at the root of the workspace")
      }
      folder = URL(fileURLWithPath: folder).deletingLastPathComponent().path
    }
    return try read(folder: folder)
  }

  public static func read(folder: String) throws(UserError) -> Workspace {
    let path = "\(folder)/workspace.json"
    let source = FileAccess.display(path)
    let document: JSONValue
    do { document = try JSONParser.parse(FileAccess.readText(path)) } catch let error as JSONSyntaxError {
      throw .failure("\(source): line \(error.line), column \(error.column): not valid JSON: \(error.reason)")
    } catch let error as UserError { throw error } catch { throw .failure("\(source): \(error)") }
    func missing(_ key: String) -> UserError { .failure("\(source): the key '\(key)' is missing or has the wrong type") }
    guard let swift = document["swift"]?.text else { throw missing("swift") }
    guard let recipes = document["recipes"]?.text else { throw missing("recipes") }
    guard let list = document["members"]?.list else { throw missing("members") }
    var members: [Member] = []
    for (index, entry) in list.enumerated() {
      guard let name = entry["name"]?.text else { throw missing("members[\(index)].name") }
      guard let path = entry["path"]?.text else { throw missing("members[\(index)].path") }
      guard let layer = entry["layer"]?.integer else { throw missing("members[\(index)].layer") }
      guard let version = entry["version"]?.text else { throw missing("members[\(index)].version") }
      let moduleLayers = (entry["moduleLayers"]?.members ?? []).compactMap { member in member.value.integer.map { (member.name, $0) } }
      let needs = (entry["needs"]?.members ?? []).compactMap { member in member.value.text.map { (member.name, $0) } }
      members.append(
        Member(
          name: name, path: path, layer: layer, version: version, moduleLayers: Dictionary(uniqueKeysWithValues: moduleLayers),
          mayNotImport: (entry["mayNotImport"]?.list ?? []).compactMap(\.text),
          needs: Dictionary(uniqueKeysWithValues: needs)))
    }
    return Workspace(folder: folder, members: members, recipes: recipes, swift: swift)
  }

  /// The member of that name; throws a usage error with the nearest name.
  public func member(_ name: String) throws(UserError) -> Member {
    if let found = members.first(where: { $0.name == name }) { return found }
    let nearest = Suggestion.sentence(Suggestion.nearest(to: name, among: members.map(\.name)))
    throw .usage(
      "unknown package '\(name)'\(nearest.isEmpty ? "; known packages: \(members.map(\.name).joined(separator: ", "))" : nearest)")
  }

  public func folder(of member: Member) -> String { "\(folder)/\(member.path)" }

  public var recipeFolder: String { "\(folder)/" + recipes.split(separator: "/").dropLast().joined(separator: "/") }

  /// Paths of the recipe files, sorted by the recipes' names.
  public var recipeFiles: [String] {
    FileAccess.names(in: recipeFolder).filter { $0.hasSuffix(".json") }.sorted { FileAccess.stem($0) < FileAccess.stem($1) }
      .map { "\(recipeFolder)/\($0)" }
  }

  /// The file that a recipe argument means: a name in the workspace, or a path. Throws a usage error with the nearest name.
  public func recipeFile(_ argument: String) throws(UserError) -> String {
    if argument.contains("/") || argument.hasSuffix(".json") { return argument }
    let files = recipeFiles
    if let file = files.first(where: { FileAccess.stem($0) == argument }) { return file }
    let names = files.map(FileAccess.stem)
    let nearest = Suggestion.sentence(Suggestion.nearest(to: argument, among: names))
    throw .usage("unknown recipe '\(argument)'\(nearest)\(nearest.isEmpty ? "; known recipes: \(names.joined(separator: ", "))" : "")")
  }
}
