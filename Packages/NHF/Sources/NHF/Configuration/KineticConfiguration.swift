import NeuralNetworks

/// The kinetic energy of a flow.
public struct KineticConfiguration: Codable, Sendable, Hashable {
  /// How the mass depends on the coordinates.
  public enum Form: String, Codable, Sendable, CaseIterable {
    /// One learned number `a`: `K = ½ a² |p|²`.
    case scalar
    /// One number for each coordinate.
    case diagonal
    /// A learned lower-triangular matrix `A`: `K = ½ |A p|²`.
    case full
    /// A network.
    case learned
  }

  /// Default `scalar`, a fixed kinetic energy with one learned mass.
  public var form: Form
  /// Read where `form` is `learned`.
  public var network: NetworkConfiguration

  public init(form: Form = .scalar, network: NetworkConfiguration = NetworkConfiguration()) {
    self.form = form
    self.network = network
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let defaults = KineticConfiguration()
    form = try values.decodeIfPresent(Form.self, forKey: .form) ?? defaults.form
    network = try values.decodeIfPresent(NetworkConfiguration.self, forKey: .network) ?? defaults.network
  }
}
