import Foundation
import Testing

/// What ArviZ computed, written by `Golden/make_arviz_values.py`.
struct ArvizValues: Decodable, Sendable {
  struct Chains: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let draws: [[Double]]
    let potentialScaleReduction: Double
    let bulk: Double
    let tail: Double
    let mean: Double
    var testDescription: String { name }
  }

  struct Weights: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let logWeights: [Double]
    let shape: Double?
    let smoothed: [Double]
    var testDescription: String { name }
  }

  let chains: [Chains]
  let weights: [Weights]

  static let stored: ArvizValues = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/arviz_values.json")
    do { return try JSONDecoder().decode(ArvizValues.self, from: Data(contentsOf: file)) } catch { fatalError("\(file.path): \(error)") }
  }()
}
