import Autodiff

/// Monte-Carlo estimate of `KL(p ‖ q) = E_p[log p - log q]` in nats, with its standard error.
///
/// With the model as `p` the reverse divergence of variational inference, with the target as `p` the forward one of maximum
/// likelihood.
public func estimatedKullbackLeibler(of p: some Distribution, to q: some Distribution, samples: Int, key: Key) -> ImportanceWeights.Estimate
{
  let x = p.sample(samples, key: key)
  return ImportanceWeights(logWeights: p.logDensity(x) - q.logDensity(x)).evidenceLowerBound
}

extension ImportanceWeights {
  /// `KL(q ‖ p) = log Z - E_q[log w]` of the proposal to the target, in nats: the gap of the evidence lower bound.
  public var reverseDivergence: Double { logNormalizer.value - evidenceLowerBound.value }

  /// `KL(p ‖ q) = E_p[log w] - log Z` of the target to the proposal, in nats, by self-normalised weights.
  public var forwardDivergence: Double {
    // A point of weight zero adds nothing, though its log weight is infinite.
    expectation(of: logWeights.map { $0 == -.infinity ? 0 : $0 }).value - logNormalizer.value
  }
}
