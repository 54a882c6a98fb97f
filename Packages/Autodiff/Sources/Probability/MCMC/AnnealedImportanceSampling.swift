import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Annealed importance sampling with Hamiltonian moves (Neal 2001; Sohl-Dickstein and Culpepper 2012): `log Z` of an energy by a path of
/// densities `U_β = (1 - β) U₀ + β U₁` from one that is known.
///
/// A first run finds, for each rung of the path, the covariance of the points and the step size that is accepted as often as wanted, and
/// spaces the rungs evenly in thermodynamic length; the second, with all of that fixed, gives the weights, so `mean w` is unbiased.
public struct AnnealedImportanceSampling: Sendable {
  public var particles: Int
  /// Densities between the start and the target.
  public var rungs: Int
  /// Two steps in the units of the points' covariance are a quarter of a period, after which energies are nearly forgotten; more rungs do
  /// more than longer moves.
  public var leapfrogSteps: Int
  public var targetAcceptance: Double

  public init(particles: Int = 512, rungs: Int = 500, leapfrogSteps: Int = 2, targetAcceptance: Double = 0.8) {
    require(
      particles > 1 && rungs > 1 && leapfrogSteps > 0 && targetAcceptance > 0 && targetAcceptance < 1,
      "AnnealedImportanceSampling: \(particles) particles, \(rungs) rungs, \(leapfrogSteps) leapfrog steps, acceptance \(targetAcceptance); give counts above 1 and an acceptance between 0 and 1"
    )
    self.particles = particles
    self.rungs = rungs
    self.leapfrogSteps = leapfrogSteps
    self.targetAcceptance = targetAcceptance
  }

  /// What a run ends with.
  public struct Result: Sendable {
    /// `[particles, event...]`, of the target together with `weights`
    public let points: Tensor
    /// `log w` with `mean w = Z₁`, the start being normalised.
    public let weights: ImportanceWeights
    /// `β` of the rungs, from 0 to 1
    public let path: [Double]
    public let stepSizes: [Double]
    /// Mean acceptance of each rung.
    public let acceptance: [Double]
    /// Moves rejected because the energy or its gradient was not finite.
    public let nonFiniteEnergies: Int
  }

  /// From the normalised `start`, in its dtype, to the energy.
  public func run(from start: some Distribution, to energy: some Energy, key: Key) -> Result {
    let geometric = GeometricPath(from: DensityEnergy(start), to: energy)
    let keys = key.split(4)
    // Most of the change is near the start, where a prior meets a likelihood.
    let trial = (0...rungs).map { pow(Double($0) / Double(rungs), 4) }
    let pilot = anneal(geometric, start.sample(particles, key: keys[0]), trial, moves: nil, keys[1])
    let path = evenLength(trial, pilot.spread)
    // The moves of the trial's rung before, whose density is the wider one.
    let moves = path.dropFirst().map { beta in pilot.moves[max((trial.firstIndex { $0 > beta } ?? rungs) - 2, 0)] }
    let run = anneal(geometric, start.sample(particles, key: keys[2]), path, moves: moves, keys[3])
    return Result(
      points: run.points, weights: ImportanceWeights(logWeights: run.logWeights), path: path, stepSizes: moves.map(\.stepSize),
      acceptance: run.acceptance, nonFiniteEnergies: run.outside)
  }

  /// What a rung moves its points with: `L` of a covariance `L Lᵀ`, `[d, d]`, and a step size in its units.
  private struct Move {
    var factor: Tensor
    var stepSize: Double
  }

  private struct Run {
    var points: Tensor
    var logWeights: [Double]
    var moves: [Move] = []
    var acceptance: [Double] = []
    /// Standard deviation of `U₁ - U₀` before each rung.
    var spread: [Double] = []
    var outside = 0
  }

  private func anneal<Start: Energy, End: Energy>(
    _ geometric: GeometricPath<Start, End>, _ start: Tensor, _ path: [Double], moves: [Move]?, _ key: Key
  ) -> Run {
    let move = compile {
      [leapfrogSteps] (x: Tensor, beta: Tensor, factor: Tensor, stepSize: Tensor, key: Key) -> (Tensor, Tensor, Tensor, Tensor) in
      let (next, acceptance, outside) = hamiltonianMove(x, factor, stepSize, leapfrogSteps, key) { geometric.energy($0, at: beta) }
      return (next, geometric.end(next) - geometric.start(next), acceptance, outside)
    }
    let difference = geometric.end(start) - geometric.start(start)
    var run = Run(points: start, logWeights: [Double](repeating: 0, count: particles))
    var (gaps, stepSize) = (difference.doubles, 0.5)
    for (rung, (before, beta)) in zip(path, path.dropFirst()).enumerated() {
      for index in gaps.indices { run.logWeights[index] -= (beta - before) * gaps[index] }
      run.spread.append(deviation(gaps.filter { $0.isFinite }))
      let own = moves?[rung] ?? Move(factor: covarianceFactor(run.points), stepSize: stepSize)
      let (next, gap, acceptance, outside) = move(
        run.points, Tensor(beta, dtype: start.dtype), own.factor, Tensor(own.stepSize, dtype: start.dtype), key.folded(rung))
      run.points = next
      gaps = gap.doubles
      run.moves.append(own)
      run.acceptance.append(acceptance.item())
      run.outside += Int(outside.item())
      stepSize *= exp(acceptance.item() - targetAcceptance)
    }
    return run
  }

  /// Of the whole covariance of the points where they are many enough to tell it, else of the variances; `[d, d]`.
  private func covarianceFactor(_ points: Tensor) -> Tensor {
    let n = Double(particles)
    let rows = points.reshaped([particles, -1])
    let d = rows.shape[1]
    let centred = rows - rows.mean(axis: 0)
    let ridge = 1e-3 * 5 / (n + 5)
    let variances = square(centred).sum(axis: 0) * (1 / (n + 5)) + ridge
    if particles >= 4 * d {
      let covariance = centred.transposed().matmul(centred) * (1 / (n + 5)) + ridge * Tensor.identity(d, dtype: points.dtype)
      if let factor = try? covariance.choleskyFactor() { return factor }
    }
    return sqrt(variances).diagonalMatrix()
  }

  private func deviation(_ values: [Double]) -> Double {
    let n = Double(max(values.count, 1))
    let center = values.reduce(0, +) / n
    return (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / n).squareRoot()
  }

  /// Rungs at equal steps of `∫ sd(U₁ - U₀) dβ`.
  private func evenLength(_ trial: [Double], _ spread: [Double]) -> [Double] {
    var lengths = [0.0]
    for index in spread.indices { lengths.append(lengths[index] + spread[index] * (trial[index + 1] - trial[index])) }
    let total = lengths[lengths.count - 1]
    guard total > 0 && total.isFinite else { return trial }
    return (0...rungs).map { $0 == rungs ? 1 : interpolated(Double($0) / Double(rungs) * total, lengths, trial) }
  }

  /// The value at `x` on straight lines between points with ascending `xs`; values without a point of their own are the last.
  private func interpolated(_ x: Double, _ xs: [Double], _ values: [Double]) -> Double {
    let above = xs.firstIndex { $0 >= x } ?? xs.count - 1
    if above == 0 { return values[0] }
    let (low, high) = (values[min(above - 1, values.count - 1)], values[min(above, values.count - 1)])
    let width = xs[above] - xs[above - 1]
    return width > 0 ? low + (x - xs[above - 1]) / width * (high - low) : high
  }
}

/// One Metropolis-tested Hamiltonian move of each row of `x` `[n, event...]` in coordinates `L⁻¹ x`, with the mean acceptance and the
/// number of moves whose energy is not finite.
private func hamiltonianMove(
  _ x: Tensor, _ factor: Tensor, _ stepSize: Tensor, _ steps: Int, _ key: Key, _ energy: @escaping @Sendable (Tensor) -> Tensor
) -> (next: Tensor, acceptance: Tensor, outside: Tensor) {
  let keys = key.split(3)
  let rows = x.reshaped([x.shape[0], -1])
  // Steps of different lengths, so that no period of the motion brings many points back to where they were.
  let stepSize = stepSize * (0.5 + Tensor.uniform([x.shape[0], 1], key: keys[2], dtype: x.dtype))
  let rowEnergy = { (q: Tensor) in energy(q.reshaped(x.shape)) }
  let force = { (q: Tensor) in -grad(q) { rowEnergy($0).sum() }.matmul(factor) }
  let drift = { (q: Tensor, p: Tensor) in q + stepSize * p.matmul(factor.transposed()) }
  let p = Tensor.normal(rows.shape, key: keys[0], dtype: x.dtype)
  let first = [rows, p + 0.5 * stepSize * force(rows)]
  let last = loop(steps - 1, from: first, storingEvery: steps) { state, _ in
    let q = drift(state[0], state[1])
    return [q, state[1] + stepSize * force(q)]
  }
  let q = drift(last[0], last[1])
  let momentum = last[1] + 0.5 * stepSize * force(q)
  let kinetic = { (p: Tensor) in 0.5 * square(p).sum(axis: 1) }
  let proposed = rowEnergy(q)
  let gain = rowEnergy(rows) + kinetic(p) - proposed - kinetic(momentum)
  let inside = isFinite(proposed) .& isFinite(gain)
  let acceptance = Tensor.where(inside, exp(minimum(gain, .zeros(like: gain))), .zeros(like: gain))
  let accepted = Tensor.uniform(acceptance.shape, key: keys[1], dtype: x.dtype) .< acceptance
  let next = Tensor.where(accepted.expanded(axis: 1), q, rows).reshaped(x.shape)
  return (next, acceptance.mean(), (.!inside).cast(to: x.dtype).sum())
}
