/// Names of the marks, in the corner of the frame with the least drawn under it.
struct Legend {
  private let entries: [(label: String, series: Int, sample: Mark.LegendSample)]
  private let marks: [Mark]

  init(marks: [Mark]) {
    self.marks = marks
    entries = marks.compactMap(\.legend)
  }

  func draw(on canvas: inout SVGCanvas, in frame: Frame, avoiding drawing: MarkDrawing) {
    guard !entries.isEmpty else { return }
    let width = 42 + 7.6 * Double(entries.map(\.label.count).max() ?? 0)
    let height = 10 + 20 * Double(entries.count)
    let corners = [
      Frame(left: frame.right - width - 6, top: frame.top + 6, width: width, height: height),
      Frame(left: frame.left + 6, top: frame.top + 6, width: width, height: height),
      Frame(left: frame.right - width - 6, top: frame.bottom - height - 6, width: width, height: height),
      Frame(left: frame.left + 6, top: frame.bottom - height - 6, width: width, height: height),
    ]
    let places = marks.flatMap { outline($0, drawing) }
    let crowding = corners.map { corner in places.count { corner.holds($0) } }
    let best = crowding.indices.min { crowding[$0] < crowding[$1] } ?? 0
    draw(on: &canvas, box: corners[best])
  }

  private func draw(on canvas: inout SVGCanvas, box: Frame) {
    canvas.rectangle(box, "f-legend", extra: "rx=\"4\"")
    for (index, entry) in entries.enumerated() {
      let y = box.top + 15 + 20 * Double(index)
      let colour = entry.series % Theme.seriesCount
      let (start, end) = (Point(x: box.left + 8, y: y), Point(x: box.left + 30, y: y))
      switch entry.sample {
      case .line: canvas.path([[start, end]], "f-line f-s\(colour)")
      case .dash: canvas.path([[start, end]], "f-dash f-s\(colour)")
      case .dot: canvas.circles([Point(x: box.left + 19, y: y)], radius: 3.5, "f-f\(colour)", opacity: 0.9)
      case .patch:
        canvas.rectangle(Frame(left: start.x, top: y - 6, width: 22, height: 12), "f-f\(colour)", extra: "fill-opacity=\"0.45\"")
      }
      canvas.text(entry.label, at: Point(x: box.left + 36, y: y + 4.5), anchor: "start", small: true)
    }
  }

  /// Pixels that the mark touches, thinned.
  private func outline(_ mark: Mark, _ drawing: MarkDrawing) -> [Point] {
    switch mark {
    case .line(let x, let y, _, _, _), .points(let x, let y, _, _, _, _), .measurements(let x, let y, _, _, _):
      return stride(from: 0, to: min(x.count, y.count), by: max(1, x.count / 400)).map { drawing.place(x[$0], y[$0]) }
    case .band(let x, let lower, let upper, _, _):
      return zip(x, lower).map(drawing.place) + zip(x, upper).map(drawing.place)
    case .histogram(let edges, let heights, _, _): return zip(edges, heights).map(drawing.place)
    case .contours(let grid, let levels, _, _, _), .regions(let grid, let levels, _, _):
      return levels.flatMap { Contours.lines(of: grid, level: $0).joined().map { drawing.place($0.x, $0.y) } }
    case .heatMap: return []
    }
  }
}

extension Frame {
  func holds(_ point: Point) -> Bool { point.x >= left && point.x <= right && point.y >= top && point.y <= bottom }
}
