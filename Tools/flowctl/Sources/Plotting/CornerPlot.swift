/// All one- and two-dimensional views of a sample: histograms on the diagonal, 68 % and 95 % credible regions below it.
public struct CornerPlot: Sendable {
  /// An exact density to compare with, drawn dashed.
  public struct Exact: Sendable {
    public var label: String
    /// For each parameter the nodes and the density there.
    public var marginals: [(x: [Double], density: [Double])]
    /// Joint densities, with the column of their x and y axes.
    public var joints: [(xColumn: Int, yColumn: Int, density: ScalarGrid)]

    public init(
      label: String, marginals: [(x: [Double], density: [Double])],
      joints: [(xColumn: Int, yColumn: Int, density: ScalarGrid)]
    ) {
      self.label = label
      self.marginals = marginals
      self.joints = joints
    }
  }

  public var names: [String]
  /// One array per parameter.
  public var columns: [[Double]]
  public var weights: [Double]?
  public var sampleLabel: String
  public var exact: Exact?

  public init(names: [String], columns: [[Double]], weights: [Double]? = nil, sampleLabel: String = "this run", exact: Exact? = nil) {
    precondition(
      names.count == columns.count && !names.isEmpty,
      "CornerPlot: \(names.count) names for \(columns.count) columns; pass one name per column")
    self.names = names
    self.columns = columns
    self.weights = weights
    self.sampleLabel = sampleLabel
    self.exact = exact
  }

  public var svg: String {
    let count = names.count
    let ranges = columns.map { SampleDensity.range($0, weights: weights) }
    let (left, top, bottom, gap) = (70.0, 14.0, 52.0, 10.0)
    let side = max(112, (520 - left - 14 - gap * Double(count - 1)) / Double(count))
    let extent = side * Double(count) + gap * Double(count - 1)
    var canvas = SVGCanvas(width: left + extent + 14, height: top + extent + bottom)
    for row in 0..<count {
      for column in 0...row {
        let frame = Frame(
          left: left + Double(column) * (side + gap), top: top + Double(row) * (side + gap), width: side, height: side)
        let plot = row == column ? marginal(row, ranges) : joint(column, row, ranges)
        plot.draw(on: &canvas, in: frame, labelsX: row == count - 1, labelsY: column == 0 && row > 0, legend: false)
      }
    }
    drawLegend(on: &canvas, frame: Frame(left: left + side + gap + 12, top: top + 8, width: side, height: 60))
    return canvas.document(label: "Corner plot of " + names.joined(separator: ", "))
  }

  private func marginal(_ index: Int, _ ranges: [ClosedRange<Double>]) -> Plot {
    let bars = SampleDensity.histogram(columns[index], weights: weights, range: ranges[index])
    var marks: [Mark] = [.histogram(edges: bars.edges, heights: bars.heights)]
    var highest = bars.heights.max() ?? 1
    if let exact, index < exact.marginals.count {
      let curve = exact.marginals[index]
      marks.append(.line(x: curve.x, y: curve.density, series: 1, style: .dashed))
      highest = max(highest, curve.density.max() ?? 0)
    }
    return Plot(x: Axis(names[index], range: ranges[index]), y: Axis(range: 0...(1.08 * max(highest, 1e-300))), marks: marks)
  }

  private func joint(_ column: Int, _ row: Int, _ ranges: [ClosedRange<Double>]) -> Plot {
    let density = SampleDensity.joint(
      x: columns[column], y: columns[row], weights: weights, xRange: ranges[column], yRange: ranges[row])
    var marks: [Mark] = [.regions(density, levels: density.credibleLevels([0.95, 0.68]))]
    if let truth = exact?.joints.first(where: { $0.xColumn == column && $0.yColumn == row }) {
      marks.append(.contours(truth.density, levels: truth.density.credibleLevels([0.95, 0.68]), series: 1, style: .dashed))
    }
    return Plot(
      x: Axis(names[column], range: ranges[column]), y: Axis(names[row], range: ranges[row]), marks: marks)
  }

  private func drawLegend(on canvas: inout SVGCanvas, frame: Frame) {
    guard names.count > 1 else { return }
    canvas.rectangle(Frame(left: frame.left, top: frame.top, width: 22, height: 12), "f-f0", extra: "fill-opacity=\"0.45\"")
    canvas.text(sampleLabel, at: Point(x: frame.left + 30, y: frame.top + 11), anchor: "start")
    canvas.text("68 % and 95 %", at: Point(x: frame.left + 30, y: frame.top + 31), anchor: "start", small: true)
    guard let exact else { return }
    canvas.path([[Point(x: frame.left, y: frame.top + 51), Point(x: frame.left + 22, y: frame.top + 51)]], "f-dash f-s1")
    canvas.text(exact.label, at: Point(x: frame.left + 30, y: frame.top + 56), anchor: "start")
  }
}
