/// Small grey images in rows, as for samples beside data.
public struct ImageSheet: Sendable {
  public struct Panel: Sendable {
    public var title: String
    /// `[count, height, width]`, row after row.
    public var pixels: [Double]

    public init(title: String, pixels: [Double]) {
      self.title = title
      self.pixels = pixels
    }
  }

  public var panels: [Panel]
  public var height: Int
  public var width: Int
  public var columns: Int
  /// The values shown black and white.
  public var range: ClosedRange<Double>

  public init(panels: [Panel], height: Int, width: Int, columns: Int, range: ClosedRange<Double>) {
    self.panels = panels
    self.height = height
    self.width = width
    self.columns = columns
    self.range = range
  }

  public var svg: String {
    let cell = panels.count == 1 ? 480.0 : 300.0
    let images = panels.map(image)
    let tallest = images.map { cell * Double($0.height) / Double(max(1, $0.width)) }.max() ?? cell
    let gap = 14.0
    var canvas = SVGCanvas(width: Double(panels.count) * (cell + gap) + gap, height: tallest + 30 + gap)
    for (index, panel) in panels.enumerated() {
      let left = gap + Double(index) * (cell + gap)
      let scale = cell / Double(max(1, images[index].width))
      canvas.text(panel.title, at: Point(x: left + cell / 2, y: 20))
      canvas.image(
        images[index].bytes, in: Frame(left: left, top: 30, width: cell, height: scale * Double(images[index].height)), pixelated: true)
    }
    return canvas.document(label: panels.map(\.title).joined(separator: ", "))
  }

  /// All images of a panel in one, with a line one pixel wide between them.
  private func image(_ panel: Panel) -> PNGImage {
    let count = panel.pixels.count / (height * width)
    let rows = max(1, (count + columns - 1) / columns)
    let (fullWidth, fullHeight) = (columns * (width + 1) - 1, rows * (height + 1) - 1)
    var pixels = [UInt8](repeating: 96, count: fullWidth * fullHeight)
    for index in 0..<count {
      let (top, left) = (index / columns * (height + 1), index % columns * (width + 1))
      for row in 0..<height {
        for column in 0..<width {
          let value = panel.pixels[(index * height + row) * width + column]
          pixels[(top + row) * fullWidth + left + column] = ColourMap.index(value, low: range.lowerBound, high: range.upperBound)
        }
      }
    }
    return PNGImage(width: fullWidth, height: fullHeight, pixels: pixels, palette: ColourMap.grey.palette)
  }
}
