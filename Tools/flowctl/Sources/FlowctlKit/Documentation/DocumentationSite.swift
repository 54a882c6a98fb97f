import Foundation

/// The reference of all libraries as one static site: symbols of the build, pages of the catalogues, an index of the packages.
struct DocumentationSite {
  /// A module with the package that holds it.
  struct Library: Equatable, Sendable {
    let module: String
    let package: String
  }

  let workspace: Workspace
  let libraries: [Library]

  private var scratch: String { "\(workspace.folder)/.build/documentation" }

  /// The libraries that packages offer as products: their names in each manifest that name a module with Swift sources.
  init(_ workspace: Workspace) throws(UserError) {
    self.workspace = workspace
    var found: [Library] = []
    for member in workspace.members where member.path.hasPrefix("Packages/") {
      let folder = workspace.folder(of: member)
      let manifest = try FileAccess.readText("\(folder)/Package.swift")
      for module in FileAccess.names(in: "\(folder)/Sources")
      where manifest.contains("\"\(module)\"") && !FileAccess.files(under: "\(folder)/Sources/\(module)", extension: "swift").isEmpty
        && !FileAccess.exists("\(folder)/Sources/\(module)/main.swift")
      {
        found.append(Library(module: module, package: member.name))
      }
    }
    libraries = found
  }

  /// Builds the libraries, converts each, and merges them into `folder`. `base` is the path under which a server has the site.
  func write(to folder: String, base: String?) throws {
    try run(["swift", "build", "-c", "release", "--scratch-path", ".build/libraries"])
    try? FileManager.default.removeItem(atPath: scratch)
    var archives: [String] = []
    for library in libraries { archives.append(try convert(library, base: base)) }
    let merged = "\(scratch)/site"
    try run(
      ["docc", "merge"] + archives + ["--output-path", merged, "--synthesized-landing-page-name", "Hamiltonian Flows"]
        + ["--synthesized-landing-page-kind", "Libraries"])
    try FileAccess.write(DocumentationIndex(site: self, base: base ?? "").page, to: "\(merged)/index.html")
    try? FileManager.default.removeItem(atPath: folder)
    try FileAccess.createFolder(URL(fileURLWithPath: folder).deletingLastPathComponent().path)
    do { try FileManager.default.moveItem(atPath: merged, toPath: folder) } catch {
      throw UserError.failure("\(FileAccess.display(folder)): cannot be written: \(error.localizedDescription)")
    }
  }

  /// One module's symbols and pages as an archive.
  private func convert(_ library: Library, base: String?) throws -> String {
    let symbols = "\(scratch)/symbols/\(library.module)"
    try FileAccess.createFolder(symbols)
    let build = URL(fileURLWithPath: "\(workspace.folder)/.build/libraries/release").resolvingSymlinksInPath()
    let target = build.deletingLastPathComponent().lastPathComponent
    try run(
      ["swift", "symbolgraph-extract", "-module-name", library.module, "-target", target, "-I", build.path + "/Modules"]
        + moduleMaps(build.path) + ["-output-dir", symbols, "-minimum-access-level", "public", "-skip-synthesized-members"])
    let archive = "\(scratch)/\(library.module).doccarchive"
    let catalogue = "Packages/\(library.package)/Sources/\(library.module)/\(library.module).docc"
    try run(
      ["docc", "convert"] + (FileAccess.exists("\(workspace.folder)/\(catalogue)") ? [catalogue] : [])
        + ["--additional-symbol-graph-dir", symbols, "--output-dir", archive, "--fallback-display-name", library.module]
        + ["--fallback-bundle-identifier", library.module, "--fallback-default-module-kind", "Library"]
        + (base.map { ["--hosting-base-path", $0] } ?? []))
    return archive
  }

  /// Where the C modules are that the libraries import: beside their headers, or written by the build.
  private func moduleMaps(_ build: String) -> [String] {
    let sources = workspace.members.flatMap { member -> [String] in
      let folder = "\(workspace.folder(of: member))/Sources"
      return FileAccess.names(in: folder).flatMap { ["\(folder)/\($0)/module.modulemap", "\(folder)/\($0)/include/module.modulemap"] }
    }
    let generated = FileAccess.names(in: build).filter { $0.hasSuffix(".build") }.map { "\(build)/\($0)/module.modulemap" }
    let flags = ((try? Subprocess(["pkg-config", "--cflags-only-I", "hdf5-serial"]).run())?.output ?? "").split(
      whereSeparator: \.isWhitespace)
    return (sources + generated).filter(FileAccess.exists).flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
      + flags.flatMap { ["-Xcc", String($0)] }
  }

  private func run(_ command: [String]) throws {
    let process = Subprocess(command, folder: workspace.folder)
    Terminal.note("$ \(process.typed)")
    let result = try process.run(merged: true)
    if !result.succeeded {
      throw UserError.failure(
        "`\(command.prefix(2).joined(separator: " "))` failed:\n\(result.output.split(separator: "\n").suffix(20).joined(separator: "\n"))")
    }
  }
}

/// The first page of the site: packages with what their read-me files say first, and their modules.
struct DocumentationIndex {
  let site: DocumentationSite
  let base: String

  var page: String {
    let prefix = base.isEmpty ? "" : "/" + base.split(separator: "/").joined(separator: "/")
    let packages = site.workspace.members.filter { member in site.libraries.contains { $0.package == member.name } }
    let sections = packages.map { member in
      let modules = site.libraries.filter { $0.package == member.name }.map {
        "<a href=\"\(prefix)/documentation/\($0.module.lowercased())/\">\($0.module)</a>"
      }
      let text = (try? FileAccess.readText("\(site.workspace.folder(of: member))/README.md")) ?? ""
      return """
        <h2>\(member.name) <small>\(member.version)</small></h2>
        <p>\(HTMLPage.escaped(DocumentationIndex.firstParagraph(of: text)))</p>
        <p class="modules">\(modules.joined(separator: " "))</p>
        """
    }
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
      <title>Hamiltonian Flows</title>
      <style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}\
      small{font-weight:normal;opacity:.6}h2{margin:2rem 0 0}p{margin:.3rem 0}.modules a{margin-right:1rem}</style></head>
      <body><h1>Hamiltonian Flows</h1>
      <p>The libraries of the workspace. Each package can be used without the others below it in this list.</p>
      \(sections.joined(separator: "\n"))
      </body></html>

      """
  }

  /// The first paragraph of a read-me file, on one line, without its marks.
  static func firstParagraph(of markdown: String) -> String {
    let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false).drop { $0.isEmpty || $0.hasPrefix("#") }
    let text = lines.prefix { !$0.isEmpty }.joined(separator: " ")
    return text.replacing(/\[([^\]]*)\]\([^)]*\)/) { String($0.1) }.replacing("`", with: "").replacing("**", with: "")
  }
}
