import Autodiff

extension MaximumLikelihood {
  /// Wall-clock seconds of one step of training `flow`, looks at the validation rows included: of the steps after the first look, when
  /// all is compiled.
  public func secondsPerStep(_ flow: KernelCouplingFlow, rows: Tensor, validation: Tensor, key: Key) -> Double {
    var brief = self
    (brief.steps, brief.patience) = (5 * validationEvery, .max)
    let clock = ContinuousClock()
    var looks: [ContinuousClock.Instant] = []
    _ = brief.fit(flow, rows: rows, validation: validation, key: key) { looks.append(clock.now) }
    let duration = (looks[looks.count - 1] - looks[0]).components
    let seconds = Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
    // A training that breaks off at once has no pace, and needs none.
    return looks.count > 1 ? seconds / Double((looks.count - 1) * validationEvery) : .infinity
  }
}
