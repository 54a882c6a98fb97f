import Testing

@testable import FlowctlKit

@Suite struct ResultsTests {
  private func run(_ folder: TemporaryFolder, seed: Int, settings: String = "", completed: Int = 9, ours: Double = 1.5) throws -> RunFolder
  {
    let name = "run-\(seed)"
    try folder.write("{\"seed\": \(seed)}", to: "\(name)/recipe.json")
    try folder.write("{\"seed\": \"\(seed)\"\(settings)}", to: "\(name)/overrides.json")
    try folder.write("{\"threads\": 2, \"processor\": \"P\"}", to: "\(name)/environment.json")
    let target = "{\"measure\": \"gap\", \"achieved\": \(ours - 1), \"sense\": \"at most\", \"limit\": 0.6, \"met\": \(ours < 1.6)}"
    let row = "{\"quantity\": \"a | b\", \"ours\": \(ours), \"exact\": 1, \"published\": \"1 ± 2\", \"target\": \(target)}"
    try folder.write(
      """
      {"recipe": "double", "completedSteps": \(completed), "steps": 9, "verdict": "So.", "comparisons": [\(row)],
       "remarks": ["A remark.", "Of seed \(seed)."], "facts": {"kernels": "k"}, "lastMetrics": {"seconds": 65.0}}
      """, to: "\(name)/report.json")
    return RunFolder(path: "\(folder.path)/\(name)")
  }

  @Test func seedsAreColumnsAndOtherSectionsStay() throws {
    let folder = TemporaryFolder()
    try folder.write("# Results\n\nold preface\n\n## zebra\n\nkept\n\n## double, k=1\n\ngone\n", to: "Documentation/RESULTS.md")
    let runs = [
      try run(folder, seed: 2, settings: ", \"k\": \"1\"", ours: 1.75), try run(folder, seed: 1, settings: ", \"k\": \"1\""),
    ]
    let path = try ResultsDocument.update(workspaceFolder: folder.path, runs: runs)
    let text = try FileAccess.readText(path)
    #expect(!text.contains("gone") && !text.contains("old preface") && text.hasSuffix("## zebra\n\nkept\n"))
    #expect(text.contains("./flowctl train double --set k=1 --seed 1\n./flowctl train double --set k=1 --seed 2\n"))
    #expect(text.contains("| quantity | ours, seed 1 | ours, seed 2 | exact |"))
    #expect(text.contains("| a \\| b | 1.5000 | 1.7500 | 1 | 1 ± 2 | gap at most 0.6 | 0.5, 0.75 | **missed** |"))
    #expect(text.contains("Training time on 2 threads of P, k kernels: 1 min 05 s (seed 1), 1 min 05 s (seed 2)."))
    #expect(text.contains("\n- A remark.\n- Seed 1: Of seed 1.\n- Seed 2: Of seed 2.\n"))
    let again = try ResultsDocument.update(workspaceFolder: folder.path, runs: runs.reversed())
    #expect(try FileAccess.readText(again) == text)
  }

  @Test func theGalleryShowsPicturesWithTheirWords() throws {
    let folder = TemporaryFolder()
    let context = ExperimentContext(workspaceFolder: folder.path, threads: 1)
    let resolved = try RecipeFile.resolve(
      name: "double", text: "{\"title\": \"A double\"}", source: "d.json", overrides: [Override(key: "training.steps", text: "20")])
    let session = try RunSession.start(resolved, out: folder.path + "/run", context: context, arguments: []) { _, _ in DampedOscillator() }
    _ = try session.train(display: silence(20), stopSignal: { nil })
    _ = try session.report()
    try folder.write("# Gallery\n\n## zebra\n\nkept\n", to: "Documentation/GALLERY.md")
    let text = try FileAccess.readText(GalleryDocument.update(workspaceFolder: folder.path, runs: [session.folder]))
    #expect(text.contains("## double, training.steps=20\n\nA double\n\n```\n./flowctl train double --set training.steps=20\n```\n"))
    #expect(text.contains(#"<img src="gallery/double-training.steps-20-phase.svg" width="520" alt="Phase space">"#))
    #expect(text.contains("\n*Phase space.* Where it came to rest.\n"))
    #expect(text.hasSuffix("All 2 targets are met.\n\n## zebra\n\nkept\n"))
    #expect(FileAccess.names(in: folder.path + "/Documentation/gallery") == ["double-training.steps-20-phase.svg"])
    #expect(try folder.read("Documentation/gallery/double-training.steps-20-phase.svg") == folder.read("run/plots/phase.svg"))
  }

  @Test func unfinishedAndUnreportedRunsAreRefused() throws {
    let folder = TemporaryFolder()
    let half = try run(folder, seed: 3, completed: 4)
    let found = complaint { _ = try ResultsDocument.update(workspaceFolder: folder.path, runs: [half]) }
    #expect(found?.sentence == "\(half.path): stopped at step 4 of 9; finish it with 'flowctl resume \(half.path)'")
    let none = complaint { _ = try ResultsRun(RunFolder(path: "\(folder.path)/none")) }
    #expect(none?.sentence.contains("/none/report.json: no such file; write it with 'flowctl report ") == true)
    #expect(!FileAccess.exists("\(folder.path)/Documentation"))
  }
}
