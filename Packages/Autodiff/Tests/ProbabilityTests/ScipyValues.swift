import Autodiff
import Foundation

/// What SciPy and NumPy computed, written by `Golden/make_scipy_values.py`.
struct ScipyValues: Decodable, Sendable {
  struct Values: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]
    var tensor: Tensor { Tensor(values, shape: shape) }
  }

  struct DistributionCase: Decodable, Sendable {
    let name: String
    let parameters: [String: Values]
    let other: [String: Values]?
    let points: Values
    let logDensity: [Double]
    let entropy: Double?
    let divergence: Double?
    let mean: [Double?]
    let variance: [Double?]
    let kurtosis: [Double?]
    let quantiles: [[Double]]
  }

  struct EnergyCase: Decodable, Sendable {
    let points: Values
    let energy: [Double]
  }

  struct Statistics: Decodable, Sendable {
    let x: Values
    let y: Values
    let energyDistance: Double
    let maximumMeanDiscrepancy: Double
    let medianDistance: Double
    let slicedWasserstein1: Double
    let slicedWasserstein2: Double
  }

  let levels: [Double]
  let distributions: [DistributionCase]
  let energies: [String: EnergyCase]
  let statistics: Statistics

  static let stored: ScipyValues = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/scipy_values.json")
    do { return try JSONDecoder().decode(ScipyValues.self, from: Data(contentsOf: file)) } catch { fatalError("\(file.path): \(error)") }
  }()
}
