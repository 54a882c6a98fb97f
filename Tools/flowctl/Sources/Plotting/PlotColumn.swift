/// Plots under each other that share the x axis of the last one, as for data above residuals.
public struct PlotColumn: Sendable {
  public var plots: [Plot]

  public init(_ plots: [Plot]) { self.plots = plots }

  public var svg: String {
    let (left, right, top, bottom, gap, width) = (80.0, 14.0, 14.0, 52.0, 12.0, 480.0)
    let frameWidth = width - left - right
    let heights = plots.map { frameWidth * $0.aspect }
    var canvas = SVGCanvas(width: width, height: top + heights.reduce(0, +) + gap * Double(max(0, plots.count - 1)) + bottom)
    var place = top
    for (index, plot) in plots.enumerated() {
      plot.draw(
        on: &canvas, in: Frame(left: left, top: place, width: frameWidth, height: heights[index]), labelsX: index == plots.count - 1)
      place += heights[index] + gap
    }
    return canvas.document(label: plots.map { "\($0.y.label) against \($0.x.label)" }.joined(separator: ", "))
  }
}
