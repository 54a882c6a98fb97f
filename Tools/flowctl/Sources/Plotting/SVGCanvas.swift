import Foundation

/// Collects SVG elements; coordinates are in pixels with y downwards.
struct SVGCanvas {
  let width: Double
  let height: Double
  private var elements: [String] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// The whole document, with its own style sheet and a background. `label` is read by screen readers.
  func document(label: String) -> String {
    let size = "viewBox=\"0 0 \(SVGCanvas.short(width)) \(SVGCanvas.short(height))\""
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) role=\"img\" aria-label=\"\(SVGCanvas.escape(label))\">"
      + Theme.styleSheet + "<rect class=\"f-paper\" width=\"100%\" height=\"100%\"/>" + elements.joined() + "</svg>\n"
  }

  mutating func line(_ from: Point, _ to: Point, _ style: String) {
    let ends =
      "x1=\"\(SVGCanvas.short(from.x))\" y1=\"\(SVGCanvas.short(from.y))\" x2=\"\(SVGCanvas.short(to.x))\" y2=\"\(SVGCanvas.short(to.y))\""
    elements.append("<line class=\"\(style)\" \(ends)/>")
  }

  /// Polylines drawn as one path; points that are not finite break a line.
  mutating func path(_ lines: [[Point]], _ style: String, closed: Bool = false, extra: String = "") {
    var commands = ""
    for line in lines {
      var isDrawing = false
      for point in line {
        guard point.x.isFinite, point.y.isFinite else {
          isDrawing = false
          continue
        }
        commands += (isDrawing ? "L" : "M") + SVGCanvas.short(point.x) + " " + SVGCanvas.short(point.y)
        isDrawing = true
      }
      if closed && isDrawing { commands += "Z" }
    }
    if !commands.isEmpty { elements.append("<path class=\"\(style)\" \(extra)d=\"\(commands)\"/>") }
  }

  mutating func circles(_ points: [Point], radius: Double, _ style: String, opacity: Double) {
    var group = "<g class=\"\(style)\" fill-opacity=\"\(SVGCanvas.short(opacity))\">"
    for point in points where point.x.isFinite && point.y.isFinite {
      group += "<circle cx=\"\(SVGCanvas.short(point.x))\" cy=\"\(SVGCanvas.short(point.y))\" r=\"\(SVGCanvas.short(radius))\"/>"
    }
    elements.append(group + "</g>")
  }

  /// Many dots in a few paths, a quarter of the size of as many circles. Dots of different paths darken each other where they overlap.
  mutating func dots(_ points: [Point], radius: Double, _ style: String, opacity: Double) {
    // What lies far outside every picture, and NaN, is left out.
    let shown = points.filter { abs($0.x) < 1e5 && abs($0.y) < 1e5 }
    let look = "\(style) f-dot\" stroke-width=\"\(SVGCanvas.short(2 * radius))\" stroke-opacity=\"\(SVGCanvas.short(opacity))"
    for part in 0..<min(16, shown.count) {
      // Tenths of a pixel, each dot seen from the one before.
      var (x, y, commands) = (0, 0, "")
      for index in stride(from: part, to: shown.count, by: 16) {
        let (nextX, nextY) = (Int((shown[index].x * 10).rounded()), Int((shown[index].y * 10).rounded()))
        commands += "m\(SVGCanvas.tenths(nextX - x)) \(SVGCanvas.tenths(nextY - y))h0"
        (x, y) = (nextX, nextY)
      }
      elements.append("<path class=\"\(look)\" d=\"\(commands)\"/>")
    }
  }

  private static func tenths(_ value: Int) -> String { value % 10 == 0 ? "\(value / 10)" : "\(Double(value) / 10)" }

  mutating func rectangle(_ frame: Frame, _ style: String, extra: String = "") {
    elements.append("<rect class=\"\(style)\" \(box(frame)) \(extra)/>")
  }

  mutating func text(_ text: String, at point: Point, anchor: String = "middle", small: Bool = false, turned: Bool = false) {
    let place = "x=\"\(SVGCanvas.short(point.x))\" y=\"\(SVGCanvas.short(point.y))\""
    let turn = turned ? " transform=\"rotate(-90 \(SVGCanvas.short(point.x)) \(SVGCanvas.short(point.y)))\"" : ""
    let style = small ? "f-text f-small" : "f-text"
    elements.append("<text class=\"\(style)\" \(place) text-anchor=\"\(anchor)\"\(turn)>\(SVGCanvas.escape(text))</text>")
  }

  mutating func image(_ png: [UInt8], in frame: Frame, pixelated: Bool) {
    let data = Data(png).base64EncodedString()
    elements.append(
      "<image \(pixelated ? "class=\"f-pixel\" " : "")\(box(frame)) preserveAspectRatio=\"none\" href=\"data:image/png;base64,\(data)\"/>")
  }

  /// What `draw` adds is seen only inside the frame. The nested `svg` clips, so no identifier can collide on a page.
  mutating func clipped(to frame: Frame, _ draw: (inout SVGCanvas) -> Void) {
    elements.append(
      "<svg \(box(frame)) viewBox=\"\(SVGCanvas.short(frame.left)) \(SVGCanvas.short(frame.top)) \(SVGCanvas.short(frame.width)) "
        + "\(SVGCanvas.short(frame.height))\" overflow=\"hidden\">")
    draw(&self)
    elements.append("</svg>")
  }

  static func escape(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
  }

  /// A coordinate to a hundredth of a pixel.
  static func short(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() && abs(rounded) < 1e9 ? String(Int(rounded)) : "\(rounded)"
  }

  private func box(_ frame: Frame) -> String {
    "x=\"\(SVGCanvas.short(frame.left))\" y=\"\(SVGCanvas.short(frame.top))\" "
      + "width=\"\(SVGCanvas.short(frame.width))\" height=\"\(SVGCanvas.short(frame.height))\""
  }
}

/// A place in the plane.
public struct Point: Equatable, Sendable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// A rectangle in pixels.
struct Frame {
  var left: Double
  var top: Double
  var width: Double
  var height: Double
  var right: Double { left + width }
  var bottom: Double { top + height }
}
