import NHF
import Plotting

/// Pictures that every flow can have.
enum FlowFigures {
  /// V on a square of the plane: a map of colours with contours.
  static func potential(
    _ flow: NeuralHamiltonianFlow, range: ClosedRange<Double>, points: Int, names: (String, String), caption: String
  ) -> Figure {
    let landscape = flow.potentialLandscape(x: range, y: range, resolution: points)
    let lowest = landscape.values.flatMap { $0 }.min() ?? 0
    let grid = ScalarGrid(
      x: range, y: range, columns: points, rows: points, values: landscape.values.flatMap { $0.map { $0 - lowest } })
    let sorted = grid.values.sorted()
    let levels = [0.02, 0.08, 0.2, 0.35, 0.5, 0.7].map { sorted[Int($0 * Double(sorted.count - 1))] }
    let plot = Plot(
      x: Axis(names.0), y: Axis(names.1), aspect: 1, colourLabel: "V − min V",
      marks: [
        .heatMap(grid, low: 0, high: sorted[Int(0.9 * Double(sorted.count - 1))]),
        .contours(grid, levels: levels, style: .light),
      ])
    return Figure(name: "potential", title: "Potential energy", caption: caption, svg: plot.svg)
  }
}
