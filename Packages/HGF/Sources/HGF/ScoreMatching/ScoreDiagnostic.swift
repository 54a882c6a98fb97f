import Autodiff
import NeuralNetworks
import Probability

extension HamiltonianScoreMatching {
  /// The discrepancy of a given force on data `[rows, d]`, divided by `T³/3`, with its standard error: a predictor is trained against
  /// the first four fifths of the rows and its gain measured on the others, so the value is a lower bound on average.
  ///
  /// Where T is short it estimates the explicit score-matching error `E|F - ∇log p|²`, which needs the true score.
  public func discrepancy<Force: Layer, Predictor: VelocityPredictor>(
    of force: Force, data: Tensor, predictor: Predictor, trainingSteps: Int = 500, batchSize: Int = 512, learningRate: Double = 3e-3,
    key: Key
  ) -> ImportanceWeights.Estimate {
    require(
      data.rank == 2 && data.shape[0] >= 10, "discrepancy: data \(data.shape); give [rows, d] with at least 10 rows")
    let keys = key.split(3)
    let rows = data.shape[0]
    let training = data.slice(axis: 0, 0..<rows * 4 / 5)
    let adam = Adam(learningRate: .warmUpCosine(peak: learningRate, warmUp: trainingSteps / 20, total: trainingSteps, floor: 1e-5))
    let step = compile(maximumTraces: 1) { (state: TrainingState<Predictor>, force: Force) -> TrainingState<Predictor> in
      let stepKeys = keys[0].folded(state.step).split()
      let batch = training.gathered(.randomIntegers([batchSize], in: 0..<training.shape[0], key: stepKeys[0]))
      return state.advanced(by: adam) { predictorLoss(force, $0, data: batch, key: stepKeys[1]) }.state
    }
    var state = TrainingState(predictor)
    for _ in 0..<trainingSteps { state = step(state, force) }
    let held = data.slice(axis: 0, rows * 4 / 5..<rows)
    return ImportanceWeights(logWeights: values(force, state.model, data: held, key: keys[1])).evidenceLowerBound
  }
}
