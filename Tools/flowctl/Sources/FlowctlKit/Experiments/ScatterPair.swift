import Plotting

/// Two clouds of points beside each other in frames of the same range: data and draws.
struct ScatterPair {
  struct Cloud {
    let title: String
    let x: [Double]
    let y: [Double]
  }

  let left: Cloud
  let right: Cloud
  let x: Axis
  let y: Axis

  var svg: String {
    let plots = [left, right].enumerated().map { series, cloud in
      Plot(
        title: cloud.title, x: x, y: y, aspect: 1, marks: [.points(x: cloud.x, y: cloud.y, series: series, radius: 1.2, opacity: 0.4)])
    }
    return PlotRow(plots).svg
  }
}
