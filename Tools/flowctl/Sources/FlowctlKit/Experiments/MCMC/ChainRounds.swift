import Autodiff
import Probability

/// The draws of all rounds, as a checkpoint keeps them; rounds to come are zero.
struct ChainRounds: Module {
  /// `[rounds chains, draws, coordinates]`, float64
  private var draws: Tensor
  /// `[rounds chains, draws]`, float64
  private var energies: Tensor
  /// Step size, acceptance, divergences, points that are not finite, trajectories of greatest length, gradients: `[rounds chains, 6]`
  private var figures: Tensor
  private let chainsPerRound: Int

  init(rounds: Int, sampler: HamiltonianSampler, dimension: Int) {
    chainsPerRound = sampler.chains
    draws = .zeros([rounds * sampler.chains, sampler.draws, dimension], dtype: .float64)
    energies = .zeros([rounds * sampler.chains, sampler.draws], dtype: .float64)
    figures = .zeros([rounds * sampler.chains, 6], dtype: .float64)
  }

  mutating func walk(_ walker: inout some Walker) {
    walker.buffer("draws", &draws)
    walker.buffer("energies", &energies)
    walker.buffer("figures", &figures)
  }

  mutating func record(_ chains: MarkovChains, round: Int) {
    let first = round * chainsPerRound
    draws = ChainRounds.replacing(draws, from: first, by: chains.draws)
    let values = Tensor(chains.energies.flatMap { $0 }, shape: [chainsPerRound, energies.shape[1]], dtype: .float64)
    energies = ChainRounds.replacing(energies, from: first, by: values)
    let rows = chains.statistics.flatMap {
      [
        $0.stepSize, $0.acceptance, Double($0.divergences), Double($0.nonFiniteEnergies), Double($0.longestTrajectories),
        Double($0.trajectoryLengths.reduce(0, +)),
      ]
    }
    figures = ChainRounds.replacing(figures, from: first, by: Tensor(rows, shape: [chainsPerRound, 6], dtype: .float64))
  }

  /// The chains of the first rounds.
  func chains(of rounds: Int) -> MarkovChains {
    let count = rounds * chainsPerRound
    let values = energies.slice(axis: 0, 0..<count).doubles
    let rows = figures.slice(axis: 0, 0..<count).doubles
    let statistics = (0..<count).map { chain in
      var statistics = ChainStatistics()
      let row = Array(rows[6 * chain..<6 * chain + 6])
      (statistics.stepSize, statistics.acceptance) = (row[0], row[1])
      (statistics.divergences, statistics.nonFiniteEnergies, statistics.longestTrajectories) = (Int(row[2]), Int(row[3]), Int(row[4]))
      statistics.trajectoryLengths = [Int(row[5])]
      return statistics
    }
    let length = energies.shape[1]
    return MarkovChains(
      draws: draws.slice(axis: 0, 0..<count), energies: (0..<count).map { Array(values[$0 * length..<($0 + 1) * length]) },
      statistics: statistics)
  }

  private static func replacing(_ whole: Tensor, from first: Int, by part: Tensor) -> Tensor {
    let last = first + part.shape[0]
    let parts = [whole.slice(axis: 0, 0..<first), part, whole.slice(axis: 0, last..<whole.shape[0])].filter { $0.shape[0] > 0 }
    let joined = Tensor.concatenated(parts, axis: 0)
    return Tensor(joined.doubles, shape: whole.shape, dtype: .float64)
  }
}
