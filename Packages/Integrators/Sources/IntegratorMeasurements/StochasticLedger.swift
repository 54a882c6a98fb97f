import Integrators

/// What was measured of one stochastic method on two nonlinear problems.
public struct StochasticRow: Sendable {
  public let name: String
  public let noise: String
  /// The documented strong order for that noise.
  public let order: Double
  public let measured: [StrongConvergence]
  public let reference: String

  /// Strong orders along 400 paths.
  public static let catalogue: [StochasticRow] = [
    StochasticRow(
      name: "EulerMaruyama", noise: "diagonal, Itô", order: 0.5,
      measured: [spreading { EulerMaruyama(along: $0) }, saturating { EulerMaruyama(along: $0) }],
      reference: "Maruyama, Rend. Circ. Mat. Palermo 4, 48 (1955)"),
    StochasticRow(
      name: "EulerMaruyama", noise: "additive", order: 1,
      measured: [well { EulerMaruyama(along: $0) }, rotor { EulerMaruyama(along: $0) }],
      reference: "Maruyama, Rend. Circ. Mat. Palermo 4, 48 (1955)"),
    StochasticRow(
      name: "Milstein", noise: "diagonal, Itô", order: 1,
      measured: [spreading { Milstein(along: $0) }, saturating { Milstein(along: $0) }],
      reference: "Milstein, Theory Probab. Appl. 19, 557 (1975)"),
    StochasticRow(
      name: "StochasticHeun", noise: "diagonal, Stratonovich", order: 1,
      measured: [
        StrongConvergence(
          on: Spreading.Stratonovich(), from: 0.3, groups: groups, seed: 1, method: { StochasticHeun(along: $0) },
          exact: { Spreading.exact($1, $0.end, after: 1) }),
        StrongConvergence(
          on: Saturating.Stratonovich(), from: 0.3, groups: groups, seed: 2, method: { StochasticHeun(along: $0) },
          exact: { Saturating.exact($1, $0.end, after: 1) }),
      ], reference: "Rümelin, SIAM J. Numer. Anal. 19, 604 (1982)"),
    StochasticRow(
      name: "DiagonalRungeKutta", noise: "diagonal, Itô", order: 1.5,
      measured: [spreading { DiagonalRungeKutta(along: $0) }, saturating { DiagonalRungeKutta(along: $0) }],
      reference: "Rößler, SIAM J. Numer. Anal. 48, 922 (2010), SRI1W1"),
    StochasticRow(
      name: "AdditiveRungeKutta", noise: "additive", order: 1.5,
      measured: [well { AdditiveRungeKutta(along: $0) }, rotor { AdditiveRungeKutta(along: $0) }],
      reference: "Rößler, SIAM J. Numer. Anal. 48, 922 (2010), SRA1"),
  ]

  static let groups = 50

  private static func spreading<Method: Stepper>(_ method: (TabulatedPath) -> Method) -> StrongConvergence
  where Method.System == Spreading.Ito, Method.State == Paths {
    StrongConvergence(on: Spreading.Ito(), from: 0.3, groups: groups, seed: 1, method: method) { path, start in
      Spreading.exact(start, path.end, after: 1)
    }
  }

  private static func saturating<Method: Stepper>(_ method: (TabulatedPath) -> Method) -> StrongConvergence
  where Method.System == Saturating.Ito, Method.State == Paths {
    StrongConvergence(on: Saturating.Ito(), from: 0.3, groups: groups, seed: 2, method: method) { path, start in
      Saturating.exact(start, path.end, after: 1)
    }
  }

  private static func well<Method: Stepper>(_ method: (TabulatedPath) -> Method) -> StrongConvergence
  where Method.System == ShakenWell, Method.State == Paths {
    StrongConvergence(on: ShakenWell(), from: 0.3, groups: groups, seed: 3, method: method) { path, start in
      integrate(
        ShakenWell(), from: start, stepSize: 1 / Double(TabulatedPath.steps), steps: TabulatedPath.steps,
        with: AdditiveRungeKutta(along: path))
    }
  }

  private static func rotor<Method: Stepper>(_ method: (TabulatedPath) -> Method) -> StrongConvergence
  where Method.System == ShakenRotor, Method.State == Paths {
    StrongConvergence(on: ShakenRotor(), from: 1.2, groups: groups, seed: 4, method: method) { path, start in
      integrate(
        ShakenRotor(), from: start, stepSize: 1 / Double(TabulatedPath.steps), steps: TabulatedPath.steps,
        with: AdditiveRungeKutta(along: path))
    }
  }

  var cells: [String] {
    [name, noise, fixed(order, decimals: 1)] + measured.map { fixed($0.order, decimals: 2) } + [reference]
  }
}

/// The stationary averages of a Langevin scheme on a harmonic oscillator of unit frequency, mass and temperature: both are 1.
public struct LangevinRow: Sendable {
  public let scheme: LangevinScheme
  public let stepSize: Double
  /// The average of q², the configurational temperature.
  public let position: Double
  /// The average of p², the kinetic temperature.
  public let momentum: Double

  public init(measuring scheme: LangevinScheme, stepSize: Double = 1, steps: Int = 100_000) {
    self.scheme = scheme
    self.stepSize = stepSize
    let bath = Langevin<BathOscillator>(scheme, temperature: 1, friction: 1, key: NoiseKey(seed: 5))
    var state = Phase(position: Paths.zero, momentum: Paths.zero)
    bath.steps(1_000, &state, of: BathOscillator(), at: -1_000 * stepSize, by: stepSize)
    var squares = (0.0, 0.0)
    bath.steps(steps, &state, of: BathOscillator(), at: 0, by: stepSize, observingEvery: 1) { _, state in
      squares.0 += (state.position * state.position).sum()
      squares.1 += (state.momentum * state.momentum).sum()
    }
    position = squares.0 / Double(8 * steps)
    momentum = squares.1 / Double(8 * steps)
  }

  public static let catalogue = LangevinScheme.catalogue.map { LangevinRow(measuring: $0) }

  var cells: [String] { [scheme.name, fixed(position, decimals: 2), fixed(momentum, decimals: 2), scheme.reference] }
}

extension StochasticRow: CustomStringConvertible {
  public var description: String { "\(name), \(noise): " + measured.map(\.description).joined(separator: "; ") }
}

extension LangevinRow: CustomStringConvertible {
  public var description: String {
    "\(scheme), h = \(stepSize): average of q² \(fixed(position, decimals: 4)), of p² \(fixed(momentum, decimals: 4))"
  }
}

extension LedgerSection {
  public static var stochastic: [LedgerSection] {
    [
      LedgerSection(
        "Stochastic methods",
        note: "Strong orders on two nonlinear problems along 400 paths, steps of 1/32 to 1/512 over t = 1: the slope of log "
          + "root mean square error against log step size.",
        headings: ["Method", "Noise", "Order", "First problem", "Second problem", "Reference"],
        cells: StochasticRow.catalogue.map(\.cells)),
      LedgerSection(
        "Langevin schemes",
        note: "A harmonic oscillator of unit frequency and temperature, friction 1, at half the stability limit (h = 1), averaged "
          + "over 800,000 steps to within 0.01; both averages are 1 without error.",
        headings: ["Scheme", "Average of q²", "Average of p²", "Reference"], cells: LangevinRow.catalogue.map(\.cells)),
    ]
  }
}
