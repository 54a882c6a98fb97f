/// An implicit Runge-Kutta method of Gauss as data: stages at the zeros of a shifted Legendre polynomial, order twice their number.
///
/// Symmetric and symplectic for every Hamiltonian, separable or not.
public struct GaussTableau: Sendable, Hashable {
  /// The name by which tables and recipes know the row.
  public let name: String
  /// The documented order, which the ledger measures.
  public let order: Int
  /// c
  public let nodes: [Double]
  /// a
  public let stages: [[Double]]
  /// b
  public let weights: [Double]
  /// Where the coefficients come from.
  public let reference: String

  init(_ name: String, order: Int, nodes: [Double], stages: [[Double]], weights: [Double], reference: String) {
    self.name = name
    self.order = order
    self.nodes = nodes
    self.stages = stages
    self.weights = weights
    self.reference = reference
  }

  /// Every shipped row. `LEDGER.md` holds what was measured of each.
  public static let catalogue: [GaussTableau] = [implicitMidpoint, gaussLegendre4, gaussLegendre6, gaussLegendre8]

  /// The row of that name, or nil.
  public static func named(_ name: String) -> GaussTableau? { catalogue.first { $0.name == name } }

  static let reference = "Butcher, Math. Comp. 18, 50 (1964); Hairer, Lubich, Wanner, Geometric Numerical Integration, II.1.3"

  /// The midpoint rule, y₁ = y₀ + h f((y₀ + y₁)/2).
  public static let implicitMidpoint = GaussTableau(
    "implicitMidpoint", order: 2, nodes: [0.5],
    stages: [
      [0.5]
    ],
    weights: [1.0], reference: reference)

  /// Two stages of fourth order.
  public static let gaussLegendre4 = GaussTableau(
    "gaussLegendre4", order: 4, nodes: [0.2113248654051871, 0.7886751345948129],
    stages: [
      [0.25, -0.03867513459481288],
      [0.5386751345948129, 0.25],
    ],
    weights: [0.5, 0.5], reference: reference)

  /// Three stages of sixth order.
  public static let gaussLegendre6 = GaussTableau(
    "gaussLegendre6", order: 6, nodes: [0.11270166537925831, 0.5, 0.8872983346207417],
    stages: [
      [0.1388888888888889, -0.0359766675249389, 0.009789444015308325],
      [0.30026319498086457, 0.2222222222222222, -0.022485417203086815],
      [0.26798833376246944, 0.48042111196938336, 0.1388888888888889],
    ],
    weights: [0.2777777777777778, 0.4444444444444444, 0.2777777777777778], reference: reference)

  /// Four stages of eighth order.
  public static let gaussLegendre8 = GaussTableau(
    "gaussLegendre8", order: 8, nodes: [0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970263],
    stages: [
      [0.08696371128436346, -0.026604180084998794, 0.012627462689404725, -0.0035551496857956833],
      [0.18811811749986806, 0.16303628871563652, -0.027880428602470895, 0.006735500594538156],
      [0.16719192197418878, 0.35395300603374397, 0.16303628871563652, -0.014190694931141144],
      [0.1774825722545226, 0.31344511474186837, 0.35267675751627187, 0.08696371128436346],
    ],
    weights: [0.17392742256872692, 0.32607257743127305, 0.32607257743127305, 0.17392742256872692], reference: reference)
}

extension GaussTableau: CustomStringConvertible {
  public var description: String { name }
}
