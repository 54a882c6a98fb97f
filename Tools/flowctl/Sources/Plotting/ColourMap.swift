/// A palette of 256 colours, from low to high.
public struct ColourMap: Sendable {
  let palette: [(UInt8, UInt8, UInt8)]

  /// Viridis of matplotlib (Smith and van der Walt, CC0), by linear interpolation of 17 of its colours.
  public static let viridis = ColourMap(anchors: [
    (68, 1, 84), (72, 24, 106), (71, 45, 123), (66, 64, 134), (59, 82, 139), (51, 99, 141), (44, 114, 142), (38, 130, 142),
    (33, 145, 140), (31, 160, 136), (40, 174, 128), (63, 188, 115), (94, 201, 98), (132, 212, 75), (173, 220, 48),
    (216, 226, 25), (253, 231, 37),
  ])

  /// Black to white, for images.
  public static let grey = ColourMap(anchors: [(0, 0, 0), (255, 255, 255)])

  init(anchors: [(Double, Double, Double)]) {
    palette = (0..<256).map { index in
      let place = Double(index) / 255 * Double(anchors.count - 1)
      let lower = min(Int(place), anchors.count - 2)
      let part = place - Double(lower)
      let (a, b) = (anchors[lower], anchors[lower + 1])
      func mix(_ from: Double, _ to: Double) -> UInt8 { UInt8((from + part * (to - from)).rounded()) }
      return (mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
    }
  }

  /// The palette index of a value between `low` and `high`; what is outside takes the nearest end, NaN the low one.
  static func index(_ value: Double, low: Double, high: Double) -> UInt8 {
    guard high > low, !value.isNaN else { return 0 }
    return UInt8(max(0, min(255, (value - low) / (high - low) * 255)).rounded())
  }

  /// A map of the grid, the lower end of `y` at the bottom.
  func image(of grid: ScalarGrid, low: Double, high: Double) -> PNGImage {
    let pixels = (0..<grid.rows).reversed().flatMap { row in
      (0..<grid.columns).map { ColourMap.index(grid[row, $0], low: low, high: high) }
    }
    return PNGImage(width: grid.columns, height: grid.rows, pixels: pixels, palette: palette)
  }
}
