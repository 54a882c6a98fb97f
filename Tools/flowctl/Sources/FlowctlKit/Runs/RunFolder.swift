import Foundation

/// The folder that a run leaves behind, and the names of what is in it.
public struct RunFolder: Sendable {
  public let path: String

  public init(path: String) { self.path = FileAccess.absolute(path) }

  public var recipe: String { "\(path)/recipe.json" }
  public var overrides: String { "\(path)/overrides.json" }
  public var environment: String { "\(path)/environment.json" }
  public var metrics: String { "\(path)/metrics.csv" }
  /// The metrics for TensorBoard, which wants `tfevents` in the name.
  public var eventFile: String { "\(path)/metrics.tfevents" }
  public var checkpoints: String { "\(path)/checkpoints" }
  /// The newest checkpoint, replaced in one rename.
  public var latestCheckpoint: String { "\(path)/checkpoints/latest.h5" }
  public var samples: String { "\(path)/samples.h5" }
  public var plots: String { "\(path)/plots" }
  public var report: String { "\(path)/report.html" }
  public var reportData: String { "\(path)/report.json" }
  public var display: String { FileAccess.display(path) }

  /// Where a new run goes: `--out`, or the first free `runs/<recipe>-<counter>` in the current folder.
  /// Throws when `--out` names something that already holds files.
  public static func planned(out: String?, recipeName: String) throws(UserError) -> RunFolder {
    if let out {
      let folder = RunFolder(path: out)
      if FileAccess.exists(folder.path), !FileAccess.isFolder(folder.path) {
        throw .failure("\(folder.display): is a file; give --out a new folder")
      }
      if !FileAccess.names(in: folder.path).isEmpty {
        throw .failure(
          "\(folder.display): already holds files; give --out a new folder, or continue with 'flowctl resume \(folder.display)'")
      }
      return folder
    }
    var counter = 1
    while FileAccess.exists("runs/\(recipeName)-\(counter)") { counter += 1 }
    return RunFolder(path: "runs/\(recipeName)-\(counter)")
  }

  /// Takes the planned folder for this process, so that two runs started at once never share one.
  static func claim(out: String?, recipeName: String) throws(UserError) -> (folder: RunFolder, lock: RunLock) {
    while true {
      let folder = try planned(out: out, recipeName: recipeName)
      try FileAccess.createFolder(folder.path)
      let lock = out == nil ? try? folder.lock() : try folder.lock()
      if let lock, FileAccess.names(in: folder.path).isEmpty { return (folder, lock) }
    }
  }

  /// Removes what a start that failed left; the folder itself only when it is empty then.
  func discard() {
    for name in FileAccess.names(in: path) { try? FileManager.default.removeItem(atPath: "\(path)/\(name)") }
    rmdir(path)
  }

  /// Writes what does not change during the run; makes the folder where there is none.
  public func create(recipe resolved: ResolvedRecipe, environment facts: JSONValue) throws(UserError) {
    try FileAccess.createFolder(checkpoints)
    try FileAccess.createFolder(plots)
    try FileAccess.write(resolved.document.pretty, to: recipe)
    let typed = resolved.overrides.map { JSONMember(name: $0.key, value: .text($0.text)) }
    try FileAccess.write(JSONValue.object(typed).pretty, to: overrides)
    try FileAccess.write(facts.pretty, to: environment)
  }

  /// The checkpoint that `path` names: the newest one of a run folder, or that very file.
  func checkpoint(named path: String) throws(UserError) -> String {
    let file = FileAccess.absolute(path)
    if !FileAccess.isFolder(file) {
      guard file.hasPrefix(checkpoints + "/") else {
        throw .failure("\(FileAccess.display(path)): not a checkpoint; give the run folder, or a file in its checkpoints folder")
      }
      return file
    }
    guard FileAccess.exists(latestCheckpoint) else {
      throw .failure("\(FileAccess.display(latestCheckpoint)): no such file; the run saved no checkpoint, train it again into a new folder")
    }
    return latestCheckpoint
  }

  /// The run that `path` names: its folder, or a checkpoint inside it. Throws when it is not a run folder.
  public static func existing(_ path: String) throws(UserError) -> RunFolder {
    var folder = RunFolder(path: path)
    if !FileAccess.exists(folder.path) {
      throw .failure("\(folder.display): no such run folder; 'flowctl train RECIPE' makes one")
    }
    if !FileAccess.isFolder(folder.path) { folder = RunFolder(path: folder.path + "/../..") }
    guard FileAccess.exists(folder.recipe) else {
      let isFolder = FileAccess.isFolder(path)
      let inside = FileAccess.names(in: folder.path).first { FileAccess.exists("\(folder.path)/\($0)/recipe.json") }
      let advice = inside.map { "; give one of the runs in it, for instance \(folder.display)/\($0)" } ?? ""
      throw .failure(
        isFolder
          ? "\(FileAccess.display(path)): not a run folder: it has no recipe.json\(advice)"
          : "\(FileAccess.display(path)): neither a run folder nor a checkpoint inside one")
    }
    return folder
  }

  /// The recipe as it was resolved when the run began.
  public func readRecipe() throws(UserError) -> ResolvedRecipe {
    let read = try RecipeFile.read(recipe)
    let name = (try? JSONParser.parse(FileAccess.readText(environment)))?["recipe"]?.text
    return ResolvedRecipe(
      name: name ?? FileAccess.stem(path), recipe: read.recipe, overrides: read.overrides, fields: read.fields, document: read.document)
  }

  /// Holds the run for this process until the returned lock is gone. Throws when another process has it.
  public func lock() throws(UserError) -> RunLock { try RunLock(folder: self) }
}

/// An advisory lock on a run folder; released with the process, even after `kill -9`.
public final class RunLock {
  private let descriptor: Int32

  init(folder: RunFolder) throws(UserError) {
    descriptor = open(folder.path, O_RDONLY)
    guard descriptor >= 0 else { throw FileAccess.failure(folder.path, "cannot be opened") }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      close(descriptor)
      throw .failure("\(folder.display): another flowctl is training in this folder; wait for it or stop it")
    }
  }

  deinit { close(descriptor) }
}
