/// Draws marks inside a frame.
struct MarkDrawing {
  let frame: Frame
  let x: AxisMap
  let y: AxisMap

  func place(_ xValue: Double, _ yValue: Double) -> Point {
    Point(x: frame.left + x.fraction(xValue) * frame.width, y: frame.bottom - y.fraction(yValue) * frame.height)
  }

  func draw(_ mark: Mark, on canvas: inout SVGCanvas) {
    switch mark {
    case .line(let xs, let ys, let series, let style, _):
      canvas.path([zip(xs, ys).map(place)], lineClass(series, style))
    case .points(let xs, let ys, let series, let radius, let opacity, _) where xs.count > 200:
      canvas.dots(zip(xs, ys).map(place), radius: radius, "f-s\(colour(series))", opacity: opacity)
    case .points(let xs, let ys, let series, let radius, let opacity, _):
      canvas.circles(zip(xs, ys).map(place), radius: radius, "f-f\(colour(series))", opacity: opacity)
    case .measurements(let xs, let ys, let errors, let series, _):
      let bars = zip(zip(xs, ys), errors).map { [place($0.0, $0.1 - $1), place($0.0, $0.1 + $1)] }
      canvas.path(bars, "f-line f-thin f-s\(colour(series))", extra: "stroke-opacity=\"0.35\" ")
      canvas.circles(zip(xs, ys).map(place), radius: 2, "f-f\(colour(series))", opacity: 0.8)
    case .band(let xs, let lower, let upper, let series, _):
      let outline = zip(xs, upper).map(place) + zip(xs, lower).map(place).reversed()
      canvas.path([outline], "f-f\(colour(series))", closed: true, extra: "fill-opacity=\"0.25\" ")
    case .histogram(let edges, let heights, let series, _): drawHistogram(edges, heights, series, &canvas)
    case .heatMap(let grid, let colours, let low, let high): drawHeatMap(grid, colours, low, high, &canvas)
    case .contours(let grid, let levels, let series, let style, _):
      for level in levels {
        canvas.path(Contours.lines(of: grid, level: level).map { $0.map { place($0.x, $0.y) } }, lineClass(series, style))
      }
    case .regions(let grid, let levels, let series, _):
      for level in levels {
        let loops = Contours.loops(of: grid, level: level).map { $0.map { place($0.x, $0.y) } }
        canvas.path(loops, "f-f\(colour(series))", closed: true, extra: "fill-rule=\"evenodd\" fill-opacity=\"0.3\" ")
        canvas.path(loops, "f-line f-thin f-s\(colour(series))", closed: true)
      }
    }
  }

  private func drawHistogram(_ edges: [Double], _ heights: [Double], _ series: Int, _ canvas: inout SVGCanvas) {
    guard edges.count == heights.count + 1, let first = edges.first, let last = edges.last else { return }
    let floor = y.scale == .linear ? 0 : y.range.lowerBound
    let steps = heights.indices.flatMap { [place(edges[$0], heights[$0]), place(edges[$0 + 1], heights[$0])] }
    let outline = [place(first, floor)] + steps + [place(last, floor)]
    canvas.path([outline], "f-f\(colour(series))", closed: true, extra: "fill-opacity=\"0.3\" ")
    canvas.path([outline], "f-line f-thin f-s\(colour(series))")
  }

  private func drawHeatMap(_ grid: ScalarGrid, _ colours: ColourMap, _ low: Double?, _ high: Double?, _ canvas: inout SVGCanvas) {
    let range = MarkDrawing.colourRange(grid, low, high)
    let image = colours.image(of: grid, low: range.lowerBound, high: range.upperBound)
    // A node is the centre of its pixel, so the image reaches half a cell beyond the grid.
    let halfColumn = (grid.x.upperBound - grid.x.lowerBound) / Double(grid.columns - 1) / 2
    let halfRow = (grid.y.upperBound - grid.y.lowerBound) / Double(grid.rows - 1) / 2
    let corner = place(grid.x.lowerBound - halfColumn, grid.y.upperBound + halfRow)
    let opposite = place(grid.x.upperBound + halfColumn, grid.y.lowerBound - halfRow)
    canvas.image(
      image.bytes, in: Frame(left: corner.x, top: corner.y, width: opposite.x - corner.x, height: opposite.y - corner.y), pixelated: false)
  }

  static func colourRange(_ grid: ScalarGrid, _ low: Double?, _ high: Double?) -> ClosedRange<Double> {
    let finite = grid.values.filter(\.isFinite)
    let (lower, upper) = (low ?? finite.min() ?? 0, high ?? finite.max() ?? 1)
    return lower...max(lower, upper)
  }

  private func colour(_ series: Int) -> Int { series % Theme.seriesCount }

  private func lineClass(_ series: Int, _ style: Mark.LineStyle) -> String {
    switch style {
    case .solid: "f-line f-s\(colour(series))"
    case .thin: "f-line f-thin f-s\(colour(series))"
    case .dashed: "f-dash f-s\(colour(series))"
    case .light: "f-line f-thin f-light"
    }
  }
}
