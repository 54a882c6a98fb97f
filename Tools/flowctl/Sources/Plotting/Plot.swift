/// One pair of axes with marks.
public struct Plot: Sendable {
  public var title: String
  public var x: Axis
  public var y: Axis
  public var marks: [Mark]
  /// Height of the frame over its width.
  public var aspect: Double
  /// What the colours of a heat map mean; a scale with this name is drawn beside the frame.
  public var colourLabel: String?

  public init(title: String = "", x: Axis, y: Axis, aspect: Double = 0.62, colourLabel: String? = nil, marks: [Mark]) {
    self.title = title
    self.x = x
    self.y = y
    self.aspect = aspect
    self.colourLabel = colourLabel
    self.marks = marks
  }

  /// A document 480 pixels wide, so that its type stays readable on a phone.
  public var svg: String { PlotRow([self]).svg }

  /// Draws the axes around `frame` and the marks inside it.
  func draw(on canvas: inout SVGCanvas, in frame: Frame, labelsX: Bool = true, labelsY: Bool = true, legend: Bool = true) {
    let margin = marks.contains(where: \.fillsFrame) ? 0 : 0.04
    let extents = marks.map(\.extent)
    let drawing = MarkDrawing(
      frame: frame, x: AxisMap(x, values: extents.flatMap(\.x), margin: margin),
      y: AxisMap(y, values: extents.flatMap(\.y), margin: margin))
    let xTicks = drawing.x.ticks(count: max(2, Int(frame.width / (frame.width < 250 ? 60 : 75))))
    let yTicks = drawing.y.ticks(count: max(2, Int(frame.height / 55)))
    if margin > 0 { drawGrid(drawing, xTicks.map(\.value), labelsY ? yTicks.map(\.value) : [], &canvas) }
    canvas.clipped(to: frame) { canvas in
      for mark in marks { drawing.draw(mark, on: &canvas) }
    }
    canvas.rectangle(frame, "f-axis")
    for tick in xTicks {
      let place = Point(x: frame.left + drawing.x.fraction(tick.value) * frame.width, y: frame.bottom)
      canvas.line(place, Point(x: place.x, y: place.y + 5), "f-axis")
      if labelsX { canvas.text(tick.label, at: Point(x: place.x, y: place.y + 19), small: true) }
    }
    for tick in labelsY ? yTicks : [] {
      let place = Point(x: frame.left, y: frame.bottom - drawing.y.fraction(tick.value) * frame.height)
      canvas.line(place, Point(x: place.x - 5, y: place.y), "f-axis")
      canvas.text(tick.label, at: Point(x: place.x - 8, y: place.y + 4.5), anchor: "end", small: true)
    }
    if labelsX, !x.label.isEmpty { canvas.text(x.label, at: Point(x: frame.left + frame.width / 2, y: frame.bottom + 40)) }
    if labelsY, !y.label.isEmpty {
      let longest = Double(yTicks.map(\.label.count).max() ?? 0)
      canvas.text(y.label, at: Point(x: frame.left - min(64, max(46, 20 + 7.4 * longest)), y: frame.top + frame.height / 2), turned: true)
    }
    if !title.isEmpty { canvas.text(title, at: Point(x: frame.left + frame.width / 2, y: frame.top - 9)) }
    if let colourLabel { ColourBar(marks: marks, label: colourLabel)?.draw(on: &canvas, beside: frame) }
    if legend { Legend(marks: marks).draw(on: &canvas, in: frame, avoiding: drawing) }
  }

  private func drawGrid(_ drawing: MarkDrawing, _ xs: [Double], _ ys: [Double], _ canvas: inout SVGCanvas) {
    let frame = drawing.frame
    for value in xs {
      let place = frame.left + drawing.x.fraction(value) * frame.width
      canvas.line(Point(x: place, y: frame.top), Point(x: place, y: frame.bottom), "f-grid")
    }
    for value in ys {
      let place = frame.bottom - drawing.y.fraction(value) * frame.height
      canvas.line(Point(x: frame.left, y: place), Point(x: frame.right, y: place), "f-grid")
    }
  }
}

/// Plots beside each other, as for data and samples. Those with one vertical axis in common share its labels, and are then together
/// no wider than a single plot, so that the type stays as large.
public struct PlotRow: Sendable {
  public var plots: [Plot]

  public init(_ plots: [Plot]) { self.plots = plots }

  public var svg: String {
    let (bottom, left, gap) = (52.0, sharesAxis ? 66.0 : 80.0, sharesAxis ? 26.0 : 94.0)
    let right = plots.contains { $0.colourLabel != nil } ? 84.0 : 14.0
    let top = plots.contains { !$0.title.isEmpty || $0.colourLabel != nil } ? 30.0 : 14.0
    let frames = Double(plots.count)
    let width = plots.count == 1 || sharesAxis ? 480.0 : 340 * frames
    let frameWidth = (width - left - right - gap * (frames - 1)) / frames
    var canvas = SVGCanvas(width: width, height: frameWidth * (plots.map(\.aspect).max() ?? 1) + top + bottom)
    for (index, plot) in plots.enumerated() {
      let frame = Frame(left: left + Double(index) * (frameWidth + gap), top: top, width: frameWidth, height: frameWidth * plot.aspect)
      plot.draw(on: &canvas, in: frame, labelsY: index == 0 || !sharesAxis)
    }
    let names = plots.map { $0.title.isEmpty ? "\($0.y.label) against \($0.x.label)" : $0.title }
    return canvas.document(label: names.joined(separator: ", "))
  }

  private var sharesAxis: Bool {
    guard plots.count > 1, let range = plots[0].y.range else { return false }
    return plots.allSatisfy {
      $0.y.range == range && $0.y.label == plots[0].y.label && $0.aspect == plots[0].aspect && $0.colourLabel == nil
    }
  }
}
