import DataIO
import FlowctlKit
import Foundation
import HDF5
import Testing

@Suite struct RunFolderTests {
  @Test func aFolderWithFilesIsNotOverwritten() throws {
    let folder = TemporaryFolder()
    try folder.write("keep me", to: "old/notes.txt")
    let found = complaint { _ = try RunFolder.planned(out: folder.path + "/old", recipeName: "x") }
    #expect(
      found?.sentence
        == "\(folder.path)/old: already holds files; give --out a new folder, or continue with 'flowctl resume \(folder.path)/old'")
    #expect(found?.code == 1)
    let file = complaint { _ = try RunFolder.planned(out: folder.path + "/old/notes.txt", recipeName: "x") }
    #expect(file?.sentence == "\(folder.path)/old/notes.txt: is a file; give --out a new folder")
  }

  @Test func anUnwritablePlaceIsOneSentence() throws {
    let folder = TemporaryFolder()
    try folder.write("a file", to: "file")
    let run = RunFolder(path: folder.path + "/file/run")
    let resolved = try RecipeFile.resolve(name: "double", text: "{}", source: "double.json")
    let found = complaint { try run.create(recipe: resolved, environment: .null) }
    #expect(found?.sentence == "\(folder.path)/file/run/checkpoints: the folder cannot be made: not a directory")
  }

  @Test func badDataLeavesNothingBehind() throws {
    let folder = TemporaryFolder()
    let resolved = try RecipeFile.resolve(name: "double", text: "{}", source: "double.json")
    let found = complaint {
      _ = try RunSession.start(
        resolved, out: folder.path + "/run", context: ExperimentContext(workspaceFolder: folder.path, threads: 1), arguments: [],
        builder: { _, _ in throw UserError.failure("data.h5: damaged") })
    }
    #expect(found?.sentence == "data.h5: damaged")
    #expect(!FileAccess.exists(folder.path + "/run"))
  }

  @Test func aRunTrainsReportsAndOpensAgain() throws {
    let folder = TemporaryFolder()
    let context = ExperimentContext(workspaceFolder: folder.path, threads: 1)
    let overrides = [Override(key: "training.steps", text: "120")]
    let resolved = try RecipeFile.resolve(name: "double", text: "{\"title\": \"A <double>\"}", source: "d.json", overrides: overrides)
    do {
      let session = try RunSession.start(
        resolved, out: folder.path + "/run", context: context, arguments: ["train", "double"], builder: { _, _ in DampedOscillator() })
      #expect(complaint { _ = try session.folder.lock() }?.sentence.contains("another flowctl is training in this folder") == true)
      #expect(try session.train(display: silence(120), stopSignal: { nil }) == .completed)
      #expect(try session.report().verdict == "All 2 targets are met.")
    }
    let again = try RunSession.open(folder.path + "/run/checkpoints/latest.h5", context: context, builder: { _, _ in DampedOscillator() })
    #expect(again.experiment.completedSteps == 120 && again.resolved.name == "double")
    #expect(again.resolved.document == resolved.document)
    for name in [
      "recipe.json", "overrides.json", "environment.json", "metrics.csv", "report.html", "report.json", "plots/loss.svg", "plots/phase.svg",
    ] {
      #expect(FileAccess.exists("\(folder.path)/run/\(name)"), "\(name) is missing")
    }
    #expect(try JSONParser.parse(folder.read("run/overrides.json"))["training.steps"]?.text == "120")
    let report = try folder.read("run/report.html")
    if let gallery = ProcessInfo.processInfo.environment["FLOWCTL_GALLERY"] {
      try report.write(toFile: "\(gallery)/report.html", atomically: true, encoding: .utf8)
    }
    #expect(report.contains("A &lt;double&gt;") && report.contains("&lt;damped&gt; &amp; linear") && report.contains("✓ met"))
    let links = report.components(separatedBy: "http").dropFirst().filter { !$0.hasPrefix("://www.w3.org/2000/svg") }
    #expect(links.isEmpty, "a report must not need anything from elsewhere")
    #expect(!report.contains("<script") && !report.contains("nan"))
  }

  @Test func foldersThatAreNoRunsAreNamed() throws {
    let folder = TemporaryFolder()
    #expect(complaint { _ = try RunFolder.existing(folder.path) }?.sentence == "\(folder.path): not a run folder: it has no recipe.json")
    #expect(
      complaint { _ = try RunFolder.existing(folder.path + "/none") }?.sentence
        == "\(folder.path)/none: no such run folder; 'flowctl train RECIPE' makes one")
  }

  @Test func samplesAreReadBackWithNamesAndWeights() throws {
    let folder = TemporaryFolder()
    let resolved = try RecipeFile.resolve(name: "double", text: "{\"precision\": \"float64\"}", source: "d.json")
    let samples = try DampedOscillator().sample(count: 50, seed: 3)
    try SampleFile.write(samples, to: folder.path + "/s.h5", recipe: resolved)
    let read = try SamplesFile(contentsOf: folder.path + "/s.h5")
    #expect(read.names == ["a", "b"] && read.x.shape == [50, 2])
    #expect(read.x.values(as: Double.self) == samples.values)
    #expect(read.logWeight?.values(as: Double.self) == samples.logWeights)
  }

  @Test func referencePointsLieAtTheirPaths() throws {
    let folder = TemporaryFolder()
    let arrays = [
      ReferenceArray(path: "prior/position", shape: [2, 2], values: [1, 2, 3, 4]),
      ReferenceArray(path: "prior/momentum", shape: [2, 1], values: [5, 6]),
    ]
    try SampleFile.write(arrays, to: folder.path + "/p.h5")
    let file = try File.open(folder.path + "/p.h5")
    #expect(try file.root.dataset("prior/position").shape == [2, 2])
    #expect(try file.root.dataset("prior/momentum").read(Double.self) == [5, 6])
  }
}

@Suite struct MetricsLogTests {
  @Test func aFullDiskIsOneSentence() throws {
    guard FileAccess.exists("/dev/full") else { return }
    let file = try OutputFile(path: "/dev/full", flags: O_WRONLY, shownAs: "runs/x/metrics.csv")
    let found = complaint { try file.write("1,2\n") }
    #expect(found?.sentence.hasSuffix("runs/x/metrics.csv: cannot be written: no space left on device") == true)
  }

  @Test func otherColumnsAreRefused() throws {
    let folder = TemporaryFolder()
    try folder.write("step,other,seconds\n1,2,3\n", to: "metrics.csv")
    let path = folder.path + "/metrics.csv"
    let found = complaint { _ = try MetricsLog(path: path, metricNames: ["loss"], after: 1) }
    #expect(found?.sentence == "\(path): expected the columns step,loss,seconds, found step,other,seconds; move the file away to go on")
  }

  @Test func timeGoesOnFromTheKeptRows() throws {
    let folder = TemporaryFolder()
    try folder.write("step,loss,seconds\n1,5,0.5\n2,4,1.5\n3,3,2.5\n", to: "metrics.csv")
    let log = try MetricsLog(path: folder.path + "/metrics.csv", metricNames: ["loss"], after: 2)
    #expect(log.secondsBefore == 1.5)
    try log.append(step: 3, values: [2], seconds: 3)
    #expect(try folder.read("metrics.csv") == "step,loss,seconds\n1,5,0.5\n2,4,1.5\n3,2.0,3.0\n")
  }
}
