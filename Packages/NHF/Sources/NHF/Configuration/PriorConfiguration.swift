import NeuralNetworks

/// The law of positions and momenta at time 0.
public struct PriorConfiguration: Codable, Sendable, Hashable {
  /// The law of the positions; momenta are normal.
  public enum Form: String, Codable, Sendable, CaseIterable {
    case gaussian
    case softUniform
  }

  /// Law of positions; default `gaussian`.
  public var form: Form
  /// Of positions where `form` is `gaussian`; default 1.
  public var standardDeviation: Double
  /// Of the soft-uniform law; default 6.
  public var width: Double
  /// `β` of the soft-uniform law; default 10.
  public var sharpness: Double
  /// Of the Gaussian momenta; default 1.
  public var momentumStandardDeviation: Double

  public init(
    form: Form = .gaussian, standardDeviation: Double = 1, width: Double = 6, sharpness: Double = 10, momentumStandardDeviation: Double = 1
  ) {
    self.form = form
    self.standardDeviation = standardDeviation
    self.width = width
    self.sharpness = sharpness
    self.momentumStandardDeviation = momentumStandardDeviation
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    form = try values.decodeIfPresent(Form.self, forKey: .form) ?? form
    standardDeviation = try values.decodeIfPresent(Double.self, forKey: .standardDeviation) ?? standardDeviation
    width = try values.decodeIfPresent(Double.self, forKey: .width) ?? width
    sharpness = try values.decodeIfPresent(Double.self, forKey: .sharpness) ?? sharpness
    momentumStandardDeviation =
      try values.decodeIfPresent(Double.self, forKey: .momentumStandardDeviation) ?? momentumStandardDeviation
  }

  func prior(dimension: Int) -> PhaseSpacePrior {
    let position: PhaseSpacePrior.Position =
      switch form {
      case .gaussian: .gaussian(standardDeviation: standardDeviation)
      case .softUniform: .softUniform(width: width, sharpness: sharpness)
      }
    return PhaseSpacePrior(dimension: dimension, position: position, momentumStandardDeviation: momentumStandardDeviation)
  }

  func validate(at path: String) throws(ConfigurationError) {
    let lengths = [
      ("standardDeviation", standardDeviation), ("width", width), ("sharpness", sharpness),
      ("momentumStandardDeviation", momentumStandardDeviation),
    ]
    for (key, value) in lengths where !(value > 0 && value.isFinite) {
      throw ConfigurationError(path: "\(path).\(key)", found: "\(value)", expected: "a positive number")
    }
  }
}
