/// Colours and type of every figure, for light and dark screens.
enum Theme {
  static let seriesCount = 5

  private static let light = ["#0b63c4", "#c8501a", "#14804f", "#8246b8", "#7a6a00"]
  private static let dark = ["#6db3ff", "#ff9a66", "#5ed6a2", "#c9a0ff", "#e0cc5a"]

  /// The style sheet in each figure; class names start with `f-` so that figures share a page.
  static let styleSheet: String = {
    let base =
      ".f-text{font:15px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}"
      + ".f-small{font-size:13px}.f-axis,.f-line,.f-dash,.f-dot{fill:none}.f-dot{stroke-linecap:round}.f-axis{stroke-width:1}"
      + ".f-line{stroke-width:2;stroke-linejoin:round}.f-thin{stroke-width:1}"
      + ".f-dash{stroke-width:1.8;stroke-dasharray:6 4}.f-pixel{image-rendering:pixelated}.f-light{stroke:#fff;stroke-opacity:.75}"
    return "<style>" + base + colours(paper: "#ffffff", ink: "#1c2530", axis: "#6a7684", grid: "#e6eaef", series: light)
      + "@media screen and (prefers-color-scheme:dark){"
      + colours(paper: "#151a21", ink: "#e4e9ef", axis: "#8a96a5", grid: "#29313c", series: dark) + "}</style>"
  }()

  private static func colours(paper: String, ink: String, axis: String, grid: String, series: [String]) -> String {
    var text = ".f-paper{fill:\(paper)}.f-text{fill:\(ink)}.f-axis{stroke:\(axis)}.f-grid{stroke:\(grid)}"
    text += ".f-ink{stroke:\(ink)}.f-legend{fill:\(paper);fill-opacity:.82}"
    for (index, colour) in series.enumerated() { text += ".f-s\(index){stroke:\(colour)}.f-f\(index){fill:\(colour)}" }
    return text
  }
}
