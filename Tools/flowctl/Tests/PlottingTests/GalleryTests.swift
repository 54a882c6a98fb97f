import Foundation
import Plotting
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Every kind of figure, drawn from known functions. `FLOWCTL_GALLERY=folder` keeps the files, to be looked at.
@Suite struct GalleryTests {
  @Test(arguments: Gallery.figures) func isWellFormedAndComplete(_ figure: Gallery.Entry) throws {
    if let folder = ProcessInfo.processInfo.environment["FLOWCTL_GALLERY"] {
      try figure.svg.write(toFile: "\(folder)/\(figure.name).svg", atomically: true, encoding: .utf8)
    }
    #expect(XMLParser(data: Data(figure.svg.utf8)).parse())
    #expect(!figure.svg.contains("nan") && !figure.svg.contains("inf\""))
    #expect(figure.svg.contains("prefers-color-scheme:dark"))
    #expect(!figure.svg.contains("http://") || figure.svg.components(separatedBy: "http").count == 2, "only the name space is a link")
    for text in figure.texts { #expect(figure.svg.contains(">\(text)<"), "missing \(text)") }
  }
}

enum Gallery {
  struct Entry: Sendable, CustomTestStringConvertible {
    let name: String
    let svg: String
    let texts: [String]
    var testDescription: String { name }
  }

  static let figures: [Entry] = [loss, hubble, corner, landscape, mixtures, digits, single]

  private static let loss: Entry = {
    let steps = (1...3000).map(Double.init)
    let losses = steps.map { 3 * exp(-$0 / 400) + 0.2 + 0.05 * sin($0 * 1.7) }
    let thin = Curve.thinned(x: steps, y: losses)
    let plot = Plot(
      x: Axis("step"), y: Axis("loss"),
      marks: [
        .line(x: thin.x, y: thin.y, series: 0, style: .thin, label: "each step"),
        .line(x: steps, y: Curve.smoothed(losses, reach: 50), series: 1, label: "mean"),
      ])
    return Entry(name: "loss", svg: plot.svg, texts: ["step", "loss", "each step", "2000"])
  }()

  private static let hubble: Entry = {
    let redshifts = (1...200).map { Double($0) / 140 }
    func modulus(_ z: Double) -> Double { 5 * log10(3000 * z * (1 + 0.3 * z)) + 25 }
    let wobble = redshifts.map { 0.2 * sin($0 * 91) }
    let plot = Plot(
      x: Axis("redshift z", scale: .logarithmic), y: Axis("distance modulus μ"),
      marks: [
        .measurements(
          x: redshifts, y: zip(redshifts, wobble).map { modulus($0) + $1 }, error: redshifts.map { _ in 0.2 }, label: "supernovae"),
        .band(
          x: redshifts, lower: redshifts.map { modulus($0) - 0.1 }, upper: redshifts.map { modulus($0) + 0.1 }, series: 1,
          label: "95 % band"),
        .line(x: redshifts, y: redshifts.map(modulus), series: 1),
      ])
    return Entry(name: "hubble", svg: plot.svg, texts: ["redshift z", "supernovae", "0.1", "1"])
  }()

  private static let corner: Entry = {
    var state: UInt64 = 1
    func normal() -> Double {
      (0..<12).reduce(-6.0) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Double(state >> 11) / 9_007_199_254_740_992
      }
    }
    let draws = (0..<20_000).map { _ in (normal(), normal()) }
    let h = draws.map { 0.7 + 0.0035 * $0.0 }
    let matter = draws.map { 0.28 - 0.02 * (0.8 * $0.0 + 0.6 * $0.1) }
    let exact = ScalarGrid(x: 0.685...0.715, y: 0.19...0.37, columns: 200, rows: 200) { h, matter in
      let a = (h - 0.7) / 0.0035
      let b = (-(matter - 0.28) / 0.02 - 0.8 * a) / 0.6
      return exp(-0.5 * (a * a + b * b))
    }
    func gaussian(_ mean: Double, _ deviation: Double) -> (x: [Double], density: [Double]) {
      let nodes = (-80...80).map { mean + Double($0) / 20 * deviation }
      return (nodes, nodes.map { exp(-0.5 * pow(($0 - mean) / deviation, 2)) / (deviation * (2 * .pi).squareRoot()) })
    }
    let plot = CornerPlot(
      names: ["h", "Ω_m"], columns: [h, matter], sampleLabel: "flow",
      exact: .init(
        label: "exact", marginals: [gaussian(0.7, 0.0035), gaussian(0.28, 0.02)],
        joints: [(xColumn: 0, yColumn: 1, density: exact)]))
    return Entry(name: "corner", svg: plot.svg, texts: ["h", "Ω_m", "exact", "0.70"])
  }()

  private static let landscape: Entry = {
    let grid = ScalarGrid(x: -4...4, y: -4...4, columns: 96, rows: 96) { x, y in
      -log([(2.0, 2.0), (2, -2), (-2, 2), (-2, -2)].reduce(1e-3) { $0 + exp(-2 * (pow(x - $1.0, 2) + pow(y - $1.1, 2))) })
    }
    let plot = Plot(
      title: "learned potential V", x: Axis("q₁"), y: Axis("q₂"), aspect: 1, colourLabel: "V",
      marks: [.heatMap(grid), .contours(grid, levels: [0, 1, 2, 3, 4, 5], style: .light)])
    return Entry(name: "landscape", svg: plot.svg, texts: ["learned potential V", "q₁", "−2", "V"])
  }()

  private static let mixtures: Entry = {
    let angles = (0..<800).map { Double($0) * 2.399963 }
    let radii = (0..<800).map { 0.5 * (Double($0) / 100).squareRoot() }
    func cloud(_ title: String, _ shift: Double) -> Plot {
      Plot(
        title: title, x: Axis("x₁", range: -4...4), y: Axis("x₂", range: -4...4), aspect: 1,
        marks: [
          .points(
            x: zip(angles, radii).enumerated().map { ($0.offset % 2 == 0 ? 2 : -2) + $0.element.1 * cos($0.element.0) + shift },
            y: zip(angles, radii).map { $1 * sin($0) }, radius: 1.4, opacity: 0.5)
        ])
    }
    return Entry(name: "mixtures", svg: PlotRow([cloud("data", 0), cloud("samples", 0.3)]).svg, texts: ["data", "samples"])
  }()

  private static let digits: Entry = {
    let ramp = (0..<20 * 64).map { Double($0 % 64) / 4 }
    let sheet = ImageSheet(
      panels: [.init(title: "data", pixels: ramp), .init(title: "samples", pixels: ramp.reversed())], height: 8, width: 8,
      columns: 5, range: 0...16)
    return Entry(name: "digits", svg: sheet.svg, texts: ["data", "samples"])
  }()

  /// One point, one value: ranges must not collapse.
  private static let single: Entry = {
    let plot = Plot(x: Axis("x"), y: Axis("y < 2 & more"), marks: [.points(x: [3], y: [.nan]), .points(x: [3], y: [2])])
    return Entry(name: "single", svg: plot.svg, texts: ["y &lt; 2 &amp; more"])
  }()
}
