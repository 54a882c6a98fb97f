import Autodiff

/// What one chain did.
public struct ChainStatistics: Sendable {
  /// After the warm-up.
  public var stepSize = 0.0
  /// Diagonal of the inverse mass matrix after the warm-up.
  public var inverseMass: [Double] = []
  /// Mean Metropolis probability of the kept iterations.
  public var acceptance = 0.0
  /// Kept iterations whose energy error passed 1000 or that met a point that is not finite.
  public var divergences = 0
  /// Points with an energy or gradient that is not finite, rejected, warm-up included.
  public var nonFiniteEnergies = 0
  /// Kept trajectories that ended at the maximum depth.
  public var longestTrajectories = 0
  /// Gradients of each kept iteration.
  public var trajectoryLengths: [Int] = []
  /// Gradients of the warm-up.
  public var warmupGradients = 0

  public init() {}
}

/// Draws of several Markov chains and what there is to say about them.
public struct MarkovChains: Sendable {
  /// `[chains, draws, event...]`, float64
  public let draws: Tensor
  /// `U` of the draws, `[chains][draws]`
  public let energies: [[Double]]
  public let statistics: [ChainStatistics]

  public init(draws: Tensor, energies: [[Double]], statistics: [ChainStatistics]) {
    require(
      draws.rank >= 3 && draws.dtype == .float64 && energies.count == draws.shape[0] && statistics.count == draws.shape[0],
      "MarkovChains: draws \(draws.shape) \(draws.dtype), energies of \(energies.count) and statistics of \(statistics.count) chains; give float64 [chains, draws, event...] and one of each for a chain"
    )
    self.draws = draws
    self.energies = energies
    self.statistics = statistics
  }

  public var chains: Int { draws.shape[0] }
  public var eventShape: [Int] { Array(draws.shape.dropFirst(2)) }
  /// Gradients of the kept iterations of all chains.
  public var gradients: Int { statistics.reduce(0) { $0 + $1.trajectoryLengths.reduce(0, +) } }

  /// All draws of all chains, `[chains draws, event...]`.
  public var pooled: Tensor { draws.reshaped([draws.shape[0] * draws.shape[1]] + eventShape) }

  /// One coordinate of the flattened event, `[chains][draws]`.
  public func coordinate(_ index: Int) -> [[Double]] {
    let rows = draws.reshaped([chains, draws.shape[1], -1])
    let values = rows.slice(axis: 2, index..<index + 1).doubles
    return (0..<chains).map { Array(values[$0 * draws.shape[1]..<($0 + 1) * draws.shape[1]]) }
  }

  /// Mean, spread and convergence of each coordinate of the flattened event.
  public var summary: [ChainSummary] { (0..<eventShape.reduce(1, *)).map { ChainSummary(coordinate($0)) } }

  /// What speaks against the draws; none where nothing does.
  public func warnings(_ summary: [ChainSummary]) -> [SamplingWarning] {
    var warnings: [SamplingWarning] = []
    let total = chains * draws.shape[1]
    let divergent = statistics.reduce(0) { $0 + $1.divergences }
    let outside = statistics.reduce(0) { $0 + $1.nonFiniteEnergies }
    let longest = statistics.reduce(0) { $0 + $1.longestTrajectories }
    let mixing = summary.map(\.potentialScaleReduction).max { !($0 >= $1) } ?? .nan
    let size = summary.map { min($0.bulkEffectiveSampleSize, $0.tailEffectiveSampleSize) }.min { !($0 >= $1) } ?? .nan
    // NaN, as from a chain that never moved, is no convergence.
    if !(mixing <= 1.01) { warnings.append(.notMixed(potentialScaleReduction: mixing)) }
    if !(size >= 100 * Double(chains)) { warnings.append(.fewEffectiveSamples(size, wanted: 100 * Double(chains))) }
    if divergent > 0 { warnings.append(.divergences(divergent, of: total)) }
    if outside > 0 { warnings.append(.nonFiniteEnergies(outside)) }
    if longest > 0 { warnings.append(.longestTrajectories(longest, of: total)) }
    return warnings
  }
}

/// One quantity along several chains.
public struct ChainSummary: Sendable, Hashable {
  public let mean: Double
  public let standardDeviation: Double
  /// Monte-Carlo standard error of the mean.
  public let standardError: Double
  /// Rank-normalised split R-hat.
  public let potentialScaleReduction: Double
  public let bulkEffectiveSampleSize: Double
  public let tailEffectiveSampleSize: Double

  /// Of draws `[chains][draws]`.
  public init(_ chains: [[Double]]) {
    let values = chains.flatMap { $0 }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(values.count - 1, 1))
    self.mean = mean
    standardDeviation = variance.squareRoot()
    standardError = (variance / meanEffectiveSampleSize(chains)).squareRoot()
    potentialScaleReduction = rankNormalizedPotentialScaleReduction(chains)
    bulkEffectiveSampleSize = Probability.bulkEffectiveSampleSize(chains)
    tailEffectiveSampleSize = Probability.tailEffectiveSampleSize(chains)
  }
}

/// What speaks against the draws of Markov chains.
public enum SamplingWarning: Sendable, Hashable, CustomStringConvertible {
  /// R-hat above 1.01, or not a number.
  case notMixed(potentialScaleReduction: Double)
  /// Fewer than 100 for each chain.
  case fewEffectiveSamples(Double, wanted: Double)
  case divergences(Int, of: Int)
  case nonFiniteEnergies(Int)
  case longestTrajectories(Int, of: Int)

  public var description: String {
    switch self {
    case .notMixed(let value): "chains have not mixed: R-hat \(value) is above 1.01; the means are not to be trusted, draw longer"
    case .fewEffectiveSamples(let size, let wanted): "\(size) effective samples, fewer than \(wanted); draw longer"
    case .divergences(let count, let total):
      "\(count) of \(total) trajectories diverged: parts of the density are not reached; raise the target acceptance or change coordinates"
    case .nonFiniteEnergies(let count): "\(count) points had an energy or gradient that is not finite and were rejected"
    case .longestTrajectories(let count, let total): "\(count) of \(total) trajectories ended at the maximum depth; raise it"
    }
  }
}
