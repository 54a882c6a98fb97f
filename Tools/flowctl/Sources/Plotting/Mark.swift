/// Something drawn inside the axes. `series` picks one of five colours; a `label` puts it into the legend.
public enum Mark: Sendable {
  case line(x: [Double], y: [Double], series: Int = 0, style: LineStyle = .solid, label: String? = nil)
  case points(x: [Double], y: [Double], series: Int = 0, radius: Double = 2, opacity: Double = 0.6, label: String? = nil)
  /// Points with symmetric vertical errors.
  case measurements(x: [Double], y: [Double], error: [Double], series: Int = 0, label: String? = nil)
  /// The area between two curves.
  case band(x: [Double], lower: [Double], upper: [Double], series: Int = 0, label: String? = nil)
  /// `edges` has one more element than `heights`.
  case histogram(edges: [Double], heights: [Double], series: Int = 0, label: String? = nil)
  /// Colours between `low` and `high`, which are the extremes of the grid when nil.
  case heatMap(ScalarGrid, colours: ColourMap = .viridis, low: Double? = nil, high: Double? = nil)
  case contours(ScalarGrid, levels: [Double], series: Int = 0, style: LineStyle = .solid, label: String? = nil)
  /// The region above each level, darker where more of them overlap.
  case regions(ScalarGrid, levels: [Double], series: Int = 0, label: String? = nil)

  /// `light` is thin and white, for lines over a heat map.
  public enum LineStyle: Sendable { case solid, thin, dashed, light }

  /// The extent in x and y that an automatic range has to hold.
  var extent: (x: [Double], y: [Double]) {
    switch self {
    case .line(let x, let y, _, _, _), .points(let x, let y, _, _, _, _): (x, y)
    case .measurements(let x, let y, let error, _, _): (x, zip(y, error).flatMap { [$0 - $1, $0 + $1] })
    case .band(let x, let lower, let upper, _, _): (x, lower + upper)
    case .histogram(let edges, let heights, _, _): (edges, heights + [0])
    case .heatMap(let grid, _, _, _), .contours(let grid, _, _, _, _), .regions(let grid, _, _, _):
      ([grid.x.lowerBound, grid.x.upperBound], [grid.y.lowerBound, grid.y.upperBound])
    }
  }

  /// True for marks that fill the frame and want no margin around them.
  var fillsFrame: Bool {
    switch self {
    case .heatMap, .contours, .regions: true
    default: false
    }
  }

  /// Colour and look in the legend.
  var legend: (label: String, series: Int, sample: LegendSample)? {
    switch self {
    case .line(_, _, let series, let style, let label): label.map { ($0, series, style == .dashed ? .dash : .line) }
    case .contours(_, _, let series, let style, let label): label.map { ($0, series, style == .dashed ? .dash : .line) }
    case .points(_, _, let series, _, _, let label), .measurements(_, _, _, let series, let label): label.map { ($0, series, .dot) }
    case .band(_, _, _, let series, let label), .histogram(_, _, let series, let label), .regions(_, _, let series, let label):
      label.map { ($0, series, .patch) }
    case .heatMap: nil
    }
  }

  enum LegendSample { case line, dash, dot, patch }
}
