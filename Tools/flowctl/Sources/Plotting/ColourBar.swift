/// The scale of a heat map: its colours from low to high with ticks.
struct ColourBar {
  private let range: ClosedRange<Double>
  private let colours: ColourMap
  private let label: String

  /// Nil when none of the marks is a heat map.
  init?(marks: [Mark], label: String) {
    for mark in marks {
      guard case .heatMap(let grid, let colours, let low, let high) = mark else { continue }
      self.colours = colours
      self.label = label
      range = MarkDrawing.colourRange(grid, low, high)
      return
    }
    return nil
  }

  func draw(on canvas: inout SVGCanvas, beside frame: Frame) {
    let bar = Frame(left: frame.right + 12, top: frame.top, width: 14, height: frame.height)
    let ramp = PNGImage(width: 1, height: 256, pixels: (0...255).reversed().map { UInt8($0) }, palette: colours.palette)
    canvas.image(ramp.bytes, in: bar, pixelated: false)
    canvas.rectangle(bar, "f-axis")
    let map = AxisMap(Axis(range: range), values: [], margin: 0)
    for tick in range.upperBound > range.lowerBound ? map.ticks(count: 5) : [] {
      let y = bar.bottom - map.fraction(tick.value) * bar.height
      canvas.line(Point(x: bar.right, y: y), Point(x: bar.right + 4, y: y), "f-axis")
      canvas.text(tick.label, at: Point(x: bar.right + 7, y: y + 4.5), anchor: "start", small: true)
    }
    canvas.text(label, at: Point(x: bar.right - 7, y: frame.top - 9))
  }
}
