import NeuralNetworks

/// Hidden layers of a network.
public struct NetworkConfiguration: Codable, Sendable, Hashable {
  /// Widths of the hidden layers; default `[128, 128]`.
  public var hidden: [Int]
  /// Default `softplus`; `V` and `K` need a smooth one, the encoder may take `relu`.
  public var activation: Activation

  public init(hidden: [Int] = [128, 128], activation: Activation = .softplus) {
    self.hidden = hidden
    self.activation = activation
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let defaults = NetworkConfiguration()
    hidden = try values.decodeIfPresent([Int].self, forKey: .hidden) ?? defaults.hidden
    activation = try values.decodeIfPresent(Activation.self, forKey: .activation) ?? defaults.activation
  }

  func validate(at path: String, smooth: Bool) throws(ConfigurationError) {
    guard !hidden.isEmpty, hidden.allSatisfy({ (1...65_536).contains($0) }) else {
      throw ConfigurationError(path: "\(path).hidden", found: "\(hidden)", expected: "one or more widths between 1 and 65536")
    }
    guard !smooth || activation.isSmooth else {
      throw ConfigurationError(
        path: "\(path).activation", found: "\"\(activation.rawValue)\", whose gradient jumps where training differentiates it",
        expected: "softplus, silu, tanh or sigmoid")
    }
  }
}
