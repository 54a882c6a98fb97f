import Foundation

/// The package graph as an SVG document: every package above all that it uses, with arrows to them.
enum GraphPicture {
  private static let box = (width: 150.0, height: 46.0)
  private static let gap = (x: 34.0, y: 64.0)
  private static let margin = 24.0

  static func svg(_ graph: PackageGraph) -> String {
    let heights = heights(graph)
    let rows = (0...(heights.values.max() ?? 0)).reversed().map { height in graph.members.filter { heights[$0.name] == height } }
    let widest = Double(rows.map(\.count).max() ?? 1)
    let width = 2 * margin + widest * box.width + (widest - 1) * gap.x
    let height = 2 * margin + Double(rows.count) * box.height + Double(rows.count - 1) * gap.y
    var corners: [String: (x: Double, y: Double)] = [:]
    for (row, members) in rows.enumerated() {
      let extent = Double(members.count) * box.width + Double(members.count - 1) * gap.x
      for (column, member) in members.enumerated() {
        corners[member.name] = ((width - extent) / 2 + Double(column) * (box.width + gap.x), margin + Double(row) * (box.height + gap.y))
      }
    }
    var body: [String] = []
    for member in graph.members {
      for used in directUses(of: member.name, in: graph) {
        guard let from = corners[member.name], let to = corners[used] else { continue }
        body.append(arrow(from: from, to: to))
      }
    }
    for member in graph.members {
      guard let corner = corners[member.name] else { continue }
      let middle = number(corner.x + box.width / 2)
      body.append(
        "<rect x=\"\(number(corner.x))\" y=\"\(number(corner.y))\" width=\"\(number(box.width))\" height=\"\(number(box.height))\" rx=\"8\"/>"
      )
      body.append("<text x=\"\(middle)\" y=\"\(number(corner.y + 20))\">\(member.name)</text>")
      body.append("<text class=\"v\" x=\"\(middle)\" y=\"\(number(corner.y + 37))\">\(member.version)</text>")
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" role="img" aria-label="packages and what they use">
      <style>text{font:15px system-ui,'DejaVu Sans',sans-serif;text-anchor:middle;fill:#1c2530}.v{font-size:12px;fill:#5c6875}rect{fill:#eef3fa;stroke:#4a6fa5}path{fill:none;stroke:#8a97a8}#tip path{fill:#8a97a8}@media (prefers-color-scheme:dark){text{fill:#e4e9ef}.v{fill:#96a2b0}rect{fill:#1c2633;stroke:#7aa2d8}}</style>
      <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
      \(body.joined(separator: "\n"))
      </svg>

      """
  }

  /// Length of the longest way down from each package. Packages do not use each other in circles: SwiftPM refuses that.
  private static func heights(_ graph: PackageGraph) -> [String: Int] {
    var heights = Dictionary(uniqueKeysWithValues: graph.members.map { ($0.name, 0) })
    for _ in graph.members {
      for member in graph.members {
        heights[member.name] = graph.uses[member.name, default: []].map { (heights[$0] ?? 0) + 1 }.max() ?? 0
      }
    }
    return heights
  }

  /// What a package uses, without what it also reaches through something else it uses: the arrows that a reader needs.
  private static func directUses(of name: String, in graph: PackageGraph) -> [String] {
    let used = graph.uses[name, default: []]
    return used.filter { candidate in
      !used.contains { $0 != candidate && graph.dependants(of: [candidate]).map(\.name).contains($0) }
    }
  }

  private static func arrow(from: (x: Double, y: Double), to: (x: Double, y: Double)) -> String {
    let (startX, startY) = (from.x + box.width / 2, from.y + box.height)
    let (endX, endY) = (to.x + box.width / 2, to.y - 2)
    let bend = (startY + endY) / 2
    return "<path marker-end=\"url(#tip)\" d=\"M\(number(startX)) \(number(startY))C\(number(startX)) \(number(bend)) "
      + "\(number(endX)) \(number(bend)) \(number(endX)) \(number(endY))\"/>"
  }

  private static func number(_ value: Double) -> String { String(format: "%g", (value * 10).rounded() / 10) }
}
