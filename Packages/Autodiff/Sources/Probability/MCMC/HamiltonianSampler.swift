import Autodiff

/// Hamiltonian Monte Carlo and the no-U-turn sampler, many chains at once.
///
/// Energy and gradient of all chains are one compiled program; each chain steps through its own tree on the host and is evaluated with
/// whatever the others ask for, so none waits for a longer trajectory. Every chain adapts its own step size (dual averaging) and mass
/// matrix (Stan's windows) during the warm-up, which is not kept.
public struct HamiltonianSampler: Sendable {
  /// How far a chain moves between two draws.
  public enum Path: Sendable, Hashable {
    /// Until it turns back, at most `2^maximumDepth - 1` leapfrog steps (Hoffman and Gelman 2014; Betancourt 2017).
    case noUTurn(maximumDepth: Int = 10)
    /// A number of leapfrog steps (Duane et al. 1987).
    case fixed(leapfrogSteps: Int)
  }

  /// What the mass matrix is adapted to; its inverse estimates the covariance of the positions.
  public enum Mass: String, Sendable, CaseIterable, Codable {
    /// Not adapted.
    case unit
    /// To the variances.
    case diagonal
    /// To the whole covariance, at `d²` operations for each step.
    case dense
  }

  public var path: Path
  public var mass: Mass
  /// Mean Metropolis probability that the step size is adapted to.
  public var targetAcceptance: Double
  public var chains: Int
  /// Iterations that adapt and are not kept.
  public var warmup: Int
  /// Iterations kept, for each chain.
  public var draws: Int
  /// Where the search for a step size begins; kept for good without a warm-up.
  public var initialStepSize: Double

  public init(
    path: Path = .noUTurn(), mass: Mass = .diagonal, targetAcceptance: Double = 0.8, chains: Int = 4, warmup: Int = 1000,
    draws: Int = 1000, initialStepSize: Double = 1
  ) {
    require(
      targetAcceptance > 0 && targetAcceptance < 1 && chains > 0 && warmup >= 0 && draws > 0 && initialStepSize > 0,
      "HamiltonianSampler: target acceptance \(targetAcceptance), \(chains) chains, \(warmup) warm-up iterations, \(draws) draws, step size \(initialStepSize); give an acceptance between 0 and 1, counts and a step size above 0"
    )
    self.path = path
    self.mass = mass
    self.targetAcceptance = targetAcceptance
    self.chains = chains
    self.warmup = warmup
    self.draws = draws
    self.initialStepSize = initialStepSize
  }

  /// Draws from `exp(-U)` (wrap the energy in `TemperedEnergy` for another temperature).
  ///
  /// - Parameters:
  ///   - energy: `U`; points where it or its gradient is not finite are rejected and counted.
  ///   - start: Where the chains begin, `[chains, event...]`; uniform on [-2, 2] in each coordinate if you give none.
  ///   - key: Decides every number, for any number of threads.
  ///   - dtype: What `U` is computed in; all else is float64.
  ///   - progress: Called now and then with the share of iterations done.
  /// - Throws: `EnergyFault` for a wrong shape, for no start with a finite energy and gradient, and for an energy that is unbounded below.
  public func sample(
    _ energy: some Energy, from start: Tensor? = nil, key: Key, dtype: DType = .float64, progress: ((Double) -> Void)? = nil
  ) throws(EnergyFault) -> MarkovChains {
    let d = energy.eventShape.reduce(1, *)
    let rows = [chains] + energy.eventShape
    require(
      start.map { $0.shape == rows } ?? true,
      "HamiltonianSampler.sample: start \(start?.shape ?? []); give [chains, event...], here \(rows)")
    let keys = key.split(chains + 1)
    let probe = start?.cast(to: .float64) ?? Tensor.uniform(rows, lower: -2, upper: 2, key: keys[chains], dtype: .float64)
    if let fault = energy.faults(at: probe.cast(to: dtype), key: keys[chains].folded(1)).first(where: \.isFatal) { throw fault }

    let compiled = compile { (x: Tensor) -> (Tensor, Tensor) in
      let (_, energies, gradient): (Tensor, Tensor, Tensor) = valueAndGrad(x) { x -> (Tensor, Tensor) in
        let energies = energy(x)
        return (energies.sum(), energies)
      }
      return (energies, gradient)
    }
    let evaluate = { (points: [Double]) -> ([Double], [Double]) in
      let (energies, gradients) = compiled(Tensor(points, shape: rows, dtype: dtype))
      return (energies.doubles, gradients.doubles)
    }

    var running = try startingPoints(probe, mayMove: start == nil, keys[chains], evaluate).enumerated().map { index, point in
      MarkovChain(self, from: point, KeyStream(keys[index]))
    }
    let lowest = running.map(\.energy).min() ?? 0
    var queries = [Double](repeating: 0, count: chains * d)
    var reported = 0
    while running.contains(where: { !$0.isFinished }) {
      for index in running.indices {
        let query = running[index].query
        for axis in 0..<d { queries[index * d + axis] = query[axis] }
      }
      let (energies, gradients) = evaluate(queries)
      for index in running.indices {
        // No density has so deep a well: nothing but a fall without end passes through it.
        if energies[index] == -.infinity || energies[index] < lowest - 1e15 {
          throw .unboundedBelow(energy: energies[index], distance: abs(Tensor(running[index].query)).max().item())
        }
        running[index].receive(energy: energies[index], gradient: Array(gradients[index * d..<(index + 1) * d]))
      }
      if let progress {
        let done = running.reduce(0) { $0 + $1.iterations }
        if done >= reported + chains * 10 {
          reported = done
          progress(Double(done) / Double(chains * (warmup + draws)))
        }
      }
    }
    return MarkovChains(
      draws: Tensor(running.flatMap(\.draws), shape: [chains, draws] + energy.eventShape, dtype: .float64),
      energies: running.map(\.energies), statistics: running.map(\.statistics))
  }

  /// Points that all have a finite energy and gradient, drawn anew up to a hundred times where they may be.
  private func startingPoints(
    _ probe: Tensor, mayMove: Bool, _ key: Key, _ evaluate: ([Double]) -> ([Double], [Double])
  ) throws(EnergyFault) -> [EvaluatedPoint] {
    var positions = probe.doubles
    let d = positions.count / chains
    for attempt in 0..<100 {
      let (energies, gradients) = evaluate(positions)
      let points = (0..<chains).map { chain in
        EvaluatedPoint(
          position: Array(positions[chain * d..<(chain + 1) * d]), energy: energies[chain],
          gradient: Array(gradients[chain * d..<(chain + 1) * d]))
      }
      let outside = points.indices.filter { !points[$0].isInside }
      if outside.isEmpty { return points }
      if !mayMove || attempt == 99 {
        let isFinite = outside.allSatisfy { points[$0].energy.isFinite }
        throw isFinite ? .notDifferentiable(points: outside.count, of: chains) : .notFinite(points: outside.count, of: chains)
      }
      let fresh = Tensor.uniform(probe.shape, lower: -2, upper: 2, key: key.folded(attempt + 2), dtype: .float64).doubles
      for chain in outside { for axis in 0..<d { positions[chain * d + axis] = fresh[chain * d + axis] } }
    }
    return []
  }
}

extension EnergyFault {
  /// Whether there is nothing to sample.
  fileprivate var isFatal: Bool {
    switch self {
    case .shape, .unboundedBelow: true
    case .notFinite, .notDifferentiable: false
    }
  }
}
