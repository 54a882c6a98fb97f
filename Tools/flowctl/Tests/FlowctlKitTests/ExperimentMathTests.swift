import Autodiff
import Foundation
import Testing

@testable import FlowctlKit

@Suite struct PixelCodingTests {
  /// 200 images of 64 pixels from a fixed rule: grey levels 0...16.
  private let grey: [Double] = (0..<12_800).map { (index: Int) -> Double in
    let (image, pixel): (Int, Int) = (index / 64, index % 64)
    let mixed: Int = index * 7919 + image * pixel * 31
    return Double(mixed % 17)
  }

  @Test func standardisesEachPixelWithItsNoise() {
    let coding = PixelCoding(grey, scale: 2, dequantise: true)
    let rows = Tensor(grey, shape: [200, 64], dtype: .float64)
    let columns = coding.encoded(rows, key: Key(seed: 3)).columns
    for column in columns {
      let (mean, deviation) = moments(column)
      #expect(mean.magnitude < 0.1)
      #expect((deviation - 2).magnitude < 0.1)
    }
    let centred = coding.centred(grey)
    var logSlope: Double = 0
    for pixel in 0..<64 {
      let back: Double = coding.greyLevel(centred[64 + pixel], pixel: pixel)
      #expect((back - grey[64 + pixel]).magnitude < 1e-12)
      let width: Double = coding.greyLevel(1, pixel: pixel) - coding.greyLevel(0, pixel: pixel)
      logSlope -= Foundation.log(width)
    }
    #expect((coding.logJacobian - logSlope).magnitude < 1e-10)
  }

  private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let count = Double(values.count)
    var (sum, squares): (Double, Double) = (0, 0)
    for value in values {
      sum += value
      squares += value * value
    }
    let mean: Double = sum / count
    return (mean, (squares / count - mean * mean).squareRoot())
  }

  /// For the images it was fitted to, a Gaussian has the mean log likelihood -½(log det 2πC + 64).
  @Test func gaussiansOnTheirOwnData() {
    let (diagonal, full) = PixelCoding.gaussians(train: grey, test: grey)
    let factors = PixelCoding(grey, scale: 1, dequantise: true)
    let expected: Double = factors.logJacobian - 32 * Foundation.log(2 * Double.pi) - 32
    #expect((diagonal - expected).magnitude < 1e-9)
    #expect(full > diagonal)
  }
}

@Suite struct PrincipalPlaneTests {
  @Test func findsTheTwoLongestAxes() {
    let axes: [[Double]] = [[0.6, 0.8, 0, 0], [0, 0, 1, 0], [-0.8, 0.6, 0, 0], [0, 0, 0, 1]]
    let lengths: [Double] = [5, 3, 1, 0.5]
    var rows: [Double] = []
    for index in 0..<400 {
      var row: [Double] = [0, 0, 0, 0]
      for axis in 0..<4 {
        let angle: Double = Double(index * (axis + 1)) * 2 * Double.pi / 400
        let amount: Double = lengths[axis] * Foundation.cos(angle)
        for coordinate in 0..<4 { row[coordinate] += amount * axes[axis][coordinate] }
      }
      rows += row
    }
    let plane = PrincipalPlane(rows, dimension: 4)
    for axis in 0..<2 {
      var overlap: Double = 0
      for coordinate in 0..<4 { overlap += plane.directions[axis][coordinate] * axes[axis][coordinate] }
      #expect((overlap.magnitude - 1).magnitude < 1e-10)
    }
    let corners = plane.projected(plane.grid(-2...2, points: 3))
    #expect((corners.x[0] + 2).magnitude < 1e-12)
    #expect((corners.y[0] + 2).magnitude < 1e-12)
    #expect((corners.x[8] - 2).magnitude < 1e-12)
  }
}

@Suite struct RedshiftBinTests {
  @Test func weighsByInverseVariance() {
    let bins = RedshiftBins(redshifts: [0.01, 0.01, 1], values: [1, 4, 7], errors: [1, 0.5, 2], count: 4)
    let expected: Double = 17.0 / 5
    #expect(bins.means.count == 2)
    #expect((bins.means[0] - expected).magnitude < 1e-12)
    #expect(bins.means[1] == 7)
    #expect((bins.errors[0] - 0.2.squareRoot()).magnitude < 1e-12)
    #expect((bins.centres[1] - 1).magnitude < 1e-12)
  }
}
