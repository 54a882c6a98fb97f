import ArgumentParser

struct DocsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs",
    abstract: "Write the reference of all libraries as one static site.",
    discussion: """
      DocC, which Swift's toolchains contain, turns the symbols of every library
      and the pages beside their sources into pages; index.html lists the packages.
        flowctl docs                            into .build/documentation-site
        flowctl docs --out site --base flows    for a server that has it as /flows
      Look at it through a server, for instance
        python3 -m http.server --directory .build/documentation-site
      """)

  @Option(help: ArgumentHelp("Folder to write, replaced if it is a site already.", valueName: "folder")) var out: String?
  @Option(help: ArgumentHelp("Path under which the server has the site.", valueName: "path")) var base: String?

  func run() throws {
    guard Subprocess.isInstalled("docc") else {
      throw UserError.failure("docc is not on the path; the toolchains of https://www.swift.org/install contain it")
    }
    let workspace = try Workspace.current()
    let folder = FileAccess.absolute(out ?? "\(workspace.folder)/.build/documentation-site")
    if FileAccess.exists(folder), !FileAccess.names(in: folder).isEmpty, !FileAccess.exists("\(folder)/documentation") {
      throw UserError.failure("\(FileAccess.display(folder)): holds other files; give --out a new folder")
    }
    let site = try DocumentationSite(workspace)
    try site.write(to: folder, base: base)
    Terminal.print("\(site.libraries.count) libraries in \(FileAccess.display(folder)); look at them with:")
    Terminal.print("  python3 -m http.server --directory \(FileAccess.display(folder))")
  }
}
