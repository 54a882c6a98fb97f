import Autodiff
import Foundation

/// A tensor in a JSON file of values that a peer computed.
public struct GoldenValues: Decodable, Sendable {
  public let shape: [Int]
  public let values: [Number]
  private let dtype: String?

  /// That of the file, float64 unless it names one of ours.
  public var type: DType { dtype.flatMap(DType.init) ?? .float64 }
  public var tensor: Tensor { Tensor(values.map(\.value), shape: shape).cast(to: type) }

  /// JSON has no NaN or infinity: they are strings.
  public struct Number: Decodable, Sendable {
    public let value: Double

    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        value = flag ? 1 : 0
      } else if let number = try? container.decode(Double.self) {
        value = number
      } else {
        let word = try container.decode(String.self)
        value = word == "-0" || word == "-0.0" ? -0.0 : Double(word) ?? .nan
      }
    }
  }

  /// The contents of a file in the folder `Golden` beside the source file `besides`.
  public static func read<Content: Decodable>(_ file: String, besides source: String) throws -> Content {
    let folder = URL(fileURLWithPath: source).deletingLastPathComponent().appendingPathComponent("Golden")
    return try JSONDecoder().decode(Content.self, from: Data(contentsOf: folder.appendingPathComponent(file)))
  }
}
