/// A Rosenbrock method as data: (1/(h γ) − J) kᵢ = f(y + Σⱼ aᵢⱼ kⱼ, t + αᵢ h) + Σⱼ cᵢⱼ kⱼ / h + γᵢ h ∂f/∂t, y₁ = y + Σᵢ bᵢ kᵢ.
///
/// In the variables of Hairer, Wanner, Solving Ordinary Differential Equations II, IV.7, which need no product with J.
public struct RosenbrockTableau: Sendable, Hashable {
  /// The name by which tables and recipes know the row.
  public let name: String
  /// The documented order, which the ledger measures.
  public let order: Int
  /// The order of the error estimate Σᵢ eᵢ kᵢ.
  public let errorOrder: Int
  public let gamma: Double
  /// α
  public let nodes: [Double]
  /// γᵢ
  public let timeWeights: [Double]
  /// Rows of a from the second stage on.
  public let stages: [[Double]]
  /// Rows of c from the second stage on.
  public let couplings: [[Double]]
  /// b
  public let weights: [Double]
  /// e
  public let error: [Double]
  /// Rows of H: y(t + θ h) = (1 − θ) y + θ (y₁ + (1 − θ) (Hk₁ + θ (Hk₂ + θ Hk₃))), of order 4.
  public let interpolant: [[Double]]
  /// Where the coefficients come from.
  public let reference: String

  /// Every shipped row. `LEDGER.md` holds what was measured of each.
  public static let catalogue: [RosenbrockTableau] = [rodas5P]

  /// The row of that name, or nil.
  public static func named(_ name: String) -> RosenbrockTableau? { catalogue.first { $0.name == name } }

  /// 5(4) in eight stages, L-stable and stiffly accurate, made to keep its order on parabolic problems.
  public static let rodas5P = RosenbrockTableau(
    name: "rodas5P", order: 5, errorOrder: 4, gamma: 0.21193756319429014,
    nodes: [0, 0.6358126895828704, 0.4095798393397535, 0.9769306725060716, 0.4288403609558664, 1, 1, 1],
    timeWeights: [0.21193756319429014, -0.42387512638858027, -0.3384627126235924, 1.8046452872882734, 2.325825639765069, 0, 0, 0],
    stages: [
      [3.0],
      [2.849394379747939, 0.45842242204463923],
      [-6.954028509809101, 2.489845061869568, -10.358996098473584],
      [2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641],
      [-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946],
      [-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946, 1],
      [-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946, 1, 1],
    ],
    couplings: [
      [-14.155112264123755],
      [-17.97296035885952, -2.859693295451294],
      [147.12150275711716, -1.41221402718213, 71.68940251302358],
      [165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306],
      [24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471],
      [30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783, -19.097331116725623, -28.087943162872662],
      [
        37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047, -40.06618937091002, -54.66780262877968,
        -9.48861652309627,
      ],
    ],
    weights: [-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946, 1, 1, 1],
    error: [0, 0, 0, 0, 0, 0, 0, 1],
    interpolant: [
      [
        25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204, 0.524948541321073, 1.1241088310450404,
        0.4272876194431874, -0.17202221070155493,
      ],
      [
        -9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796, 20.176138334709044, 15.98066361424651,
        -6.789040303419874, -6.710236069923372,
      ],
      [
        11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643, -52.072871366152654, -59.78993625266729,
        -0.15582684282751913, 4.883087185713722,
      ],
    ],
    reference: "Steinebach, BIT Numer. Math. 63, 27 (2023)")
}

extension RosenbrockTableau: CustomStringConvertible {
  public var description: String { name }
}
