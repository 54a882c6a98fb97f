import Foundation

/// Densities estimated from weighted draws.
public enum SampleDensity {
  /// Histogram with unit area; `weights` are relative and default to equal ones.
  public static func histogram(
    _ values: [Double], weights: [Double]? = nil, bins: Int = 40, range: ClosedRange<Double>
  ) -> (edges: [Double], heights: [Double]) {
    let width = (range.upperBound - range.lowerBound) / Double(bins)
    var heights = [Double](repeating: 0, count: bins)
    var total = 0.0
    for (index, value) in values.enumerated() where value.isFinite {
      let weight = weights?[index] ?? 1
      total += weight
      guard range.contains(value) else { continue }
      heights[min(bins - 1, Int((value - range.lowerBound) / width))] += weight
    }
    let scale = total > 0 ? 1 / (total * width) : 0
    return ((0...bins).map { range.lowerBound + width * Double($0) }, heights.map { $0 * scale })
  }

  /// Kernel density estimate in the plane: a fine histogram smoothed by a Gaussian of Scott's width.
  public static func joint(
    x: [Double], y: [Double], weights: [Double]? = nil, xRange: ClosedRange<Double>, yRange: ClosedRange<Double>, nodes: Int = 96
  ) -> ScalarGrid {
    var counts = [Double](repeating: 0, count: nodes * nodes)
    let xScale = Double(nodes - 1) / (xRange.upperBound - xRange.lowerBound)
    let yScale = Double(nodes - 1) / (yRange.upperBound - yRange.lowerBound)
    for index in x.indices where x[index].isFinite && y[index].isFinite {
      let column = Int(((x[index] - xRange.lowerBound) * xScale).rounded())
      let row = Int(((y[index] - yRange.lowerBound) * yScale).rounded())
      guard (0..<nodes).contains(column), (0..<nodes).contains(row) else { continue }
      counts[row * nodes + column] += weights?[index] ?? 1
    }
    let factor = pow(effectiveCount(weights, count: x.count), -1.0 / 6)
    let xKernel = kernel(deviation: max(0.7, factor * deviation(x, weights) * xScale))
    let yKernel = kernel(deviation: max(0.7, factor * deviation(y, weights) * yScale))
    let smoothed = smooth(counts, nodes, xKernel: xKernel, yKernel: yKernel)
    return ScalarGrid(x: xRange, y: yRange, columns: nodes, rows: nodes, values: smoothed)
  }

  /// The range that holds all but `tails` of the weight on each side, with a margin.
  public static func range(_ values: [Double], weights: [Double]? = nil, tails: Double = 0.002, margin: Double = 0.08) -> ClosedRange<
    Double
  > {
    let order = values.indices.filter { values[$0].isFinite }.sorted { values[$0] < values[$1] }
    guard let first = order.first, let last = order.last else { return 0...1 }
    let total = order.reduce(0) { $0 + (weights?[$1] ?? 1) }
    var (low, high, sum) = (values[first], values[last], 0.0)
    for index in order {
      if sum <= tails * total { low = values[index] }
      sum += weights?[index] ?? 1
      if sum >= (1 - tails) * total {
        high = values[index]
        break
      }
    }
    let width = high > low ? high - low : max(abs(high), 1)
    return (low - margin * width)...(high + margin * width)
  }

  private static func effectiveCount(_ weights: [Double]?, count: Int) -> Double {
    guard let weights else { return Double(max(1, count)) }
    let (sum, squares) = weights.reduce((0.0, 0.0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    return squares > 0 ? max(1, sum * sum / squares) : 1
  }

  private static func deviation(_ values: [Double], _ weights: [Double]?) -> Double {
    var (total, mean, squares) = (0.0, 0.0, 0.0)
    for (index, value) in values.enumerated() where value.isFinite {
      let weight = weights?[index] ?? 1
      guard weight > 0 else { continue }
      total += weight
      let step = value - mean
      mean += step * weight / total
      squares += weight * step * (value - mean)
    }
    return total > 0 ? (squares / total).squareRoot() : 0
  }

  private static func kernel(deviation: Double) -> [Double] {
    let reach = Int((3 * deviation).rounded(.up))
    let raw = (-reach...reach).map { exp(-0.5 * pow(Double($0) / deviation, 2)) }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }

  private static func smooth(_ values: [Double], _ nodes: Int, xKernel: [Double], yKernel: [Double]) -> [Double] {
    func pass(_ input: [Double], _ kernel: [Double], stride step: Int, lineStride: Int) -> [Double] {
      let reach = kernel.count / 2
      var output = [Double](repeating: 0, count: input.count)
      for line in 0..<nodes {
        for position in 0..<nodes {
          var sum = 0.0
          for offset in max(-reach, -position)...min(reach, nodes - 1 - position) {
            sum += kernel[offset + reach] * input[line * lineStride + (position + offset) * step]
          }
          output[line * lineStride + position * step] = sum
        }
      }
      return output
    }
    return pass(pass(values, xKernel, stride: 1, lineStride: nodes), yKernel, stride: nodes, lineStride: 1)
  }
}
