import Autodiff
import NHF
import Plotting

/// Pictures that every flow can have.
enum FlowFigures {
  /// V on a square of the plane: a map of colours with contours.
  static func potential(
    _ flow: NeuralHamiltonianFlow, range: ClosedRange<Double>, points: Int, names: (String, String), caption: String
  ) -> Figure {
    let landscape = flow.potentialLandscape(x: range, y: range, resolution: points)
    return figure(landscape.values.flatMap { $0 }, range, points, names, caption)
  }

  /// V on a square of a plane through many dimensions, with the projections of `rows`.
  static func potential(
    _ flow: NeuralHamiltonianFlow, on plane: PrincipalPlane, rows: [Double], points: Int, caption: String
  ) -> Figure {
    let (x, y) = plane.projected(rows)
    let reach = 1.1 * ((x + y).map { abs($0) }.max() ?? 1)
    let nodes = Tensor(plane.grid(-reach...reach, points: points), shape: [points * points, plane.directions[0].count], dtype: flow.dtype)
    return figure(
      flow.potential(nodes).doubles, -reach...reach, points, ("first principal direction", "second principal direction"), caption,
      over: [.points(x: x, y: y, series: 1, radius: 2, opacity: 0.9)])
  }

  private static func figure(
    _ values: [Double], _ range: ClosedRange<Double>, _ points: Int, _ names: (String, String), _ caption: String, over marks: [Mark] = []
  ) -> Figure {
    let lowest = values.min() ?? 0
    let grid = ScalarGrid(x: range, y: range, columns: points, rows: points, values: values.map { $0 - lowest })
    let sorted = grid.values.sorted()
    let levels = [0.02, 0.08, 0.2, 0.35, 0.5, 0.7].map { sorted[Int($0 * Double(sorted.count - 1))] }
    let plot = Plot(
      x: Axis(names.0, range: range), y: Axis(names.1, range: range), aspect: 1, colourLabel: "V − min V",
      marks: [
        .heatMap(grid, low: 0, high: sorted[Int(0.9 * Double(sorted.count - 1))]),
        .contours(grid, levels: levels, style: .light),
      ] + marks)
    return Figure(name: "potential", title: "Potential energy", caption: caption, svg: plot.svg)
  }
}
