import Integrators

extension LedgerRow {
  public init(measuring row: Palindrome) {
    let convergence: [Convergence]
    if row.name == Palindrome.suzuki8.name {
      convergence = [
        PreciseConvergence.pendulum(PreciseComposition.leapfrogs(DoubleDouble.suzuki8), settled: true),
        PreciseConvergence.henonHeiles(PreciseComposition.leapfrogs(DoubleDouble.suzuki8), settled: true),
        PreciseConvergence.kepler(PreciseComposition.leapfrogs(DoubleDouble.suzuki8), settled: true),
      ]
    } else {
      convergence = [
        PreciseConvergence.pendulum(SplittingMethod(row)), PreciseConvergence.henonHeiles(SplittingMethod(row)),
        PreciseConvergence.kepler(SplittingMethod(row)),
      ]
    }
    self.init(
      row.name, order: row.order, forcesPerStep: row.forceEvaluationsPerStep, reference: row.reference, convergence: convergence,
      pendulum: SplittingMethod(row), henonHeiles: SplittingMethod(row))
  }

  public init(measuring row: NystromPalindrome) {
    let data = row.palindrome
    self.init(
      data.name, order: data.order, forcesPerStep: data.forceEvaluationsPerStep, reference: data.reference,
      convergence: [
        PreciseConvergence.pendulum(SplittingMethod(row)), PreciseConvergence.henonHeiles(SplittingMethod(row)),
        PreciseConvergence.kepler(SplittingMethod(row)),
      ],
      pendulum: SplittingMethod(row), henonHeiles: SplittingMethod(row))
  }

  public init(measuring row: KickDriftSequence) {
    self.init(
      row.name, order: row.order, forcesPerStep: row.kicks.count, reference: row.reference,
      convergence: [
        PreciseConvergence.pendulum(AsymmetricSplitting(row)), PreciseConvergence.henonHeiles(AsymmetricSplitting(row)),
        PreciseConvergence.kepler(AsymmetricSplitting(row)),
      ],
      pendulum: AsymmetricSplitting(row), henonHeiles: AsymmetricSplitting(row))
  }

  public init(measuring row: NystromSequence) {
    self.init(measuring: row.sequence)
  }

  public init(measuring row: ForceGradientPalindrome) {
    self.init(
      row.name, order: row.order, forcesPerStep: row.palindrome.forceEvaluationsPerStep, reference: row.palindrome.reference,
      convergence: [
        PreciseConvergence.pendulum(ForceGradientSplitting(row)), PreciseConvergence.henonHeiles(ForceGradientSplitting(row)),
        PreciseConvergence.kepler(ForceGradientSplitting(row)),
      ],
      pendulum: ForceGradientSplitting(row), henonHeiles: ForceGradientSplitting(row))
  }

  public init(measuring row: NystromTableau) {
    self.init(
      row.name, order: row.order, forcesPerStep: row.nodes.count, reference: row.reference,
      convergence: [
        PreciseConvergence.pendulum(RungeKuttaNystrom(row)), PreciseConvergence.henonHeiles(RungeKuttaNystrom(row)),
        PreciseConvergence.kepler(RungeKuttaNystrom(row)),
      ],
      pendulum: RungeKuttaNystrom(row), henonHeiles: RungeKuttaNystrom(row))
  }

  /// A rotation and a kick composed to the order of the row.
  public init(rotating row: SymmetricComposition) {
    let isSuzuki8 = row.name == SymmetricComposition.suzuki8.name
    self.init(
      "rotation and kick, \(row.name)", order: row.order, forcesPerStep: row.weights.count, reference: row.reference,
      convergence: [
        isSuzuki8
          ? PreciseConvergence.pendulum(PreciseComposition.rotations(DoubleDouble.suzuki8), settled: true)
          : PreciseConvergence.pendulum(ComposedStepper(StrangSplitting(), row)),
        isSuzuki8
          ? PreciseConvergence.henonHeiles(PreciseComposition.rotations(DoubleDouble.suzuki8), settled: true)
          : PreciseConvergence.henonHeiles(ComposedStepper(StrangSplitting(), row)),
      ],
      pendulum: ComposedStepper(StrangSplitting(), row), henonHeiles: ComposedStepper(StrangSplitting(), row))
  }
}

/// Measured rows of the symplectic methods, in the order of the ledger.
public enum SymplecticRows {
  public static let palindromes = Palindrome.catalogue.map(LedgerRow.init(measuring:))
  public static let nystromPalindromes = NystromPalindrome.catalogue.map(LedgerRow.init(measuring:))
  public static let forceGradients = ForceGradientPalindrome.catalogue.map(LedgerRow.init(measuring:))
  public static let rotations =
    [
      LedgerRow(
        "rotation and kick", order: 2, forcesPerStep: 1, reference: "Strang, SIAM J. Numer. Anal. 5, 506 (1968)",
        convergence: [PreciseConvergence.pendulum(StrangSplitting()), PreciseConvergence.henonHeiles(StrangSplitting())],
        pendulum: StrangSplitting(), henonHeiles: StrangSplitting())
    ] + SymmetricComposition.catalogue.map(LedgerRow.init(rotating:))
  public static let sequences = KickDriftSequence.catalogue.map(LedgerRow.init(measuring:))
  public static let nystromSequences = NystromSequence.catalogue.map(LedgerRow.init(measuring:))

  /// Neither symplectic nor reversible.
  public static let nystromTableaus = NystromTableau.catalogue.map(LedgerRow.init(measuring:))

  /// Rows that promise to retrace their steps.
  public static let reversible = palindromes + nystromPalindromes + forceGradients + rotations
  /// Rows that do not.
  public static let irreversible = sequences + nystromSequences
}

extension LedgerSection {
  /// Palindromes, then what rests on a quadratic kinetic energy, on the force gradient, on an exact rotation, and sequences.
  public static var symplectic: [LedgerSection] {
    [
      LedgerSection(
        "Palindromes",
        note: "For H = T(p) + V(q). The 125 leapfrogs of suzuki8 reach 1e-13 where the error still falls faster than h⁸: its order is "
          + "measured in steps of 32 digits at errors down to 1e-27, here and below.",
        rows: SymplecticRows.palindromes),
      LedgerSection(
        "Runge-Kutta-Nyström palindromes", note: "For a kinetic energy quadratic in the momentum.",
        rows: SymplecticRows.nystromPalindromes),
      LedgerSection(
        "Force gradient", note: "For systems that give ∇²V along a direction; gradients are not counted among the forces.",
        rows: SymplecticRows.forceGradients),
      LedgerSection(
        "Rotation and kick", note: "The harmonic part solved exactly, the rest as a kick, composed by a symmetric composition.",
        rows: SymplecticRows.rotations),
      LedgerSection("Sequences", note: "Symplectic, not reversible.", rows: SymplecticRows.sequences),
      LedgerSection(
        "Runge-Kutta-Nyström sequences", note: "Not reversible, for a kinetic energy quadratic in the momentum.",
        rows: SymplecticRows.nystromSequences),
      LedgerSection(
        "Runge-Kutta-Nyström", note: "Explicit, neither symplectic nor reversible, for a kinetic energy quadratic in the momentum.",
        rows: SymplecticRows.nystromTableaus),
    ]
  }
}
