import Autodiff

extension MaximumLikelihood {
  /// Wall-clock seconds of one step of training `flow`, looks at the validation rows included: the difference between a training of
  /// few steps and one of many, so that compilation cancels.
  public func secondsPerStep(_ flow: KernelCouplingFlow, rows: Tensor, validation: Tensor, key: Key) -> Double {
    let (few, many) = (validationEvery, 5 * validationEvery)
    let seconds = { (steps: Int) -> Double in
      var brief = self
      (brief.steps, brief.patience) = (steps, .max)
      let duration = ContinuousClock().measure { _ = brief.fit(flow, rows: rows, validation: validation, key: key) }
      return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
    return max((seconds(many) - seconds(few)) / Double(many - few), 1e-6)
  }
}
