import Autodiff
import Foundation

/// The map between grey levels and the flow's coordinates: each pixel with its uniform noise is standardised on its own.
struct PixelCoding: Sendable {
  private static let pixels = 64
  /// Variance of uniform noise over one grey level.
  private static let noiseVariance = 1.0 / 12

  private let means: [Double]
  /// Coordinates per grey level.
  private let factors: [Double]
  private let dequantise: Bool

  /// `grey` holds the training images, row after row; `scale` is the deviation of each coordinate.
  init(_ grey: [Double], scale: Double, dequantise: Bool) {
    let columns = PixelCoding.columns(grey)
    means = columns.map { $0.reduce(0, +) / Double($0.count) + 0.5 }
    factors = zip(columns, means).map { column, mean in
      let squares = column.reduce(0) { $0 + ($1 + 0.5 - mean) * ($1 + 0.5 - mean) }
      return scale / (squares / Double(column.count) + PixelCoding.noiseVariance).squareRoot()
    }
    self.dequantise = dequantise
  }

  /// `[batch, 64]` grey levels to coordinates; the noise is uniform over one level.
  func encoded(_ grey: Tensor, key: Key) -> Tensor {
    let noise = dequantise ? Tensor.uniform(grey.shape, key: key, dtype: grey.dtype) : Tensor.full(grey.shape, 0.5, dtype: grey.dtype)
    let mean = Tensor(means, shape: [1, PixelCoding.pixels], dtype: grey.dtype)
    let factor = Tensor(factors, shape: [1, PixelCoding.pixels], dtype: grey.dtype)
    return (grey + noise - mean) * factor
  }

  /// Coordinates of images without their noise, row after row.
  func centred(_ grey: [Double]) -> [Double] {
    grey.enumerated().map { ($1 + 0.5 - means[$0 % PixelCoding.pixels]) * factors[$0 % PixelCoding.pixels] }
  }

  /// The grey level, in -0.5...16.5 where it is one, of a coordinate of `pixel`.
  func greyLevel(_ coordinate: Double, pixel: Int) -> Double { coordinate / factors[pixel] + means[pixel] - 0.5 }

  /// What a log density in coordinates lacks to be one in grey levels.
  var logJacobian: Double { factors.reduce(0) { $0 + log($1) } }

  /// Mean test log likelihoods of Gaussians fitted to the training images with their noise: pixels independent, or correlated.
  static func gaussians(train: [Double], test: [Double]) -> (diagonal: Double, full: Double) {
    let (own, others) = (columns(train), columns(test))
    let means = own.map { $0.reduce(0, +) / Double($0.count) }
    func products(_ a: Int, _ b: Int, _ columns: [[Double]]) -> Double {
      let sum = zip(columns[a], columns[b]).reduce(0) { $0 + ($1.0 - means[a]) * ($1.1 - means[b]) }
      return sum / Double(columns[a].count) + (a == b ? noiseVariance : 0)
    }
    var (covariance, scatter) = ([Double](repeating: 0, count: pixels * pixels), [Double](repeating: 0, count: pixels * pixels))
    for a in 0..<pixels {
      for b in 0..<pixels {
        covariance[a * pixels + b] = products(a, b, own)
        scatter[a * pixels + b] = products(a, b, others)
      }
    }
    let constant = Double(pixels) * log(2 * .pi)
    let diagonal = (0..<pixels).reduce(0) { sum, pixel in
      let (variance, square) = (covariance[pixel * (pixels + 1)], scatter[pixel * (pixels + 1)])
      return sum + log(variance) + square / variance
    }
    let factor = Tensor(covariance, shape: [pixels, pixels]).cholesky()
    let whitened = factor.triangularSolve(Tensor(scatter, shape: [pixels, pixels]))
    let trace = factor.triangularSolve(whitened.transposed()).doubles
    let logs = factor.doubles
    let full = (0..<pixels).reduce(0) { $0 + 2 * log(logs[$1 * (pixels + 1)]) + trace[$1 * (pixels + 1)] }
    return (-0.5 * (diagonal + constant), -0.5 * (full + constant))
  }

  private static func columns(_ grey: [Double]) -> [[Double]] {
    (0..<pixels).map { pixel in stride(from: pixel, to: grey.count, by: pixels).map { grey[$0] } }
  }
}
