/// `Documentation/GALLERY.md` and its pictures: what each recipe makes, one section a recipe.
enum GalleryDocument {
  private static let preface = """
    # Gallery

    Pictures of finished runs, copied from their folders by `./flowctl report --gallery RUN...`, never by hand. Each section names the
    command that made its run; the numbers are in [RESULTS.md](RESULTS.md).
    """

  /// Larger files would make every clone slow.
  private static let largestFile = 400_000

  /// Copies the runs' figures, training curves left out, and rewrites their sections; the path of the document.
  static func update(workspaceFolder: String, runs folders: [RunFolder]) throws(UserError) -> String {
    let folder = "\(workspaceFolder)/Documentation"
    var document = try SectionedDocument(path: "\(folder)/GALLERY.md", preface: preface)
    try FileAccess.createFolder("\(folder)/gallery")
    for run in folders {
      let results = try ResultsRun(run)
      guard !results.figures.isEmpty else {
        throw .failure("\(FileAccess.display(run.reportData)): names no figures; write it again with 'flowctl report \(run.display)'")
      }
      var lines = ["## \(results.heading)", "", results.title, "", "```", results.command, "```", ""]
      for figure in results.figures where !TrainingFigures.isCurve(figure.name) {
        let text = try FileAccess.readText("\(run.path)/\(figure.file)")
        guard text.utf8.count <= largestFile else {
          Terminal.note("flowctl: left out \(run.display)/\(figure.file): larger than \(Formatting.bytes(largestFile))")
          continue
        }
        let name = "\(results.slug)-\(figure.name).svg"
        try FileAccess.write(text, to: "\(folder)/gallery/\(name)")
        lines += [#"<img src="gallery/\#(name)" width="520" alt="\#(HTMLPage.escaped(figure.title))">"#, ""]
        lines += ["*\(figure.title).* \(figure.caption)", ""]
      }
      document.replace(results.heading, with: (lines + [results.verdict]).joined(separator: "\n"))
    }
    return try document.write()
  }
}
