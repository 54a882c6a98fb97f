import Autodiff
import DataIO
import ModelIO
import NeuralNetworks

/// The part that all experiments with a trained model share: the compiled training step, its state, and checkpoints.
///
/// The randomness of step t is a function of the seed and t alone, so a checkpoint needs no generator state beyond the key.
final class ModelTrainer<Model: Module> {
  typealias Step = @Sendable (TrainingState<Model>, Tensor, Key) -> (TrainingState<Model>, Tensor, Tensor, Tensor)

  static var metricNames: [String] { ["loss", "gradient_norm", "learning_rate"] }

  private(set) var state: TrainingState<Model>
  private(set) var completedSteps = 0
  private var metrics = MetricsHistory()
  private let step: Step
  /// The same step, which leaves the memory of the state before it alone.
  private let keepingStep: Step
  /// Whether a checkpoint still to be written refers to the memory of the state.
  private var isStateLent = false
  private let key: Key
  private let resolved: ResolvedRecipe

  /// `loss` is a scalar function of the model, a batch `[rows, features]` and a key.
  init(
    _ model: Model, _ resolved: ResolvedRecipe, _ learning: LearningSettings, key: Key, threads: Int,
    loss: @escaping @Sendable (Model, Tensor, Key) -> Tensor
  ) {
    Execution.threadCount = threads
    let optimizer = learning.optimizer
    self.resolved = resolved
    self.key = key
    let adam = Adam(
      learningRate: optimizer.schedule(over: resolved.recipe.training.steps, peak: optimizer.learningRate),
      beta1: optimizer.firstMomentDecay, beta2: optimizer.secondMomentDecay, epsilon: optimizer.epsilon)
    let averaging = learning.ema.decay > 0 ? ExponentialMovingAverage(decay: learning.ema.decay) : nil
    let clipNorm = optimizer.clipNorm
    state = TrainingState(model, averaging: averaging != nil)
    let body: Step = { state, batch, key in
      let rate = adam.learningRate(state.step)
      let stepKey = key.folded(state.step)
      let (next, value, norm) = state.advanced(by: adam, averaging: averaging, clippingTo: clipNorm) { loss($0, batch, stepKey) }
      return (next, value, norm, rate)
    }
    step = compile(donating: true, body)
    keepingStep = compile(body)
  }

  /// Changes what training does not: buffers that remember how training went.
  func remember(_ change: (inout Model) -> Void) { change(&state.model) }

  /// The averaged model where an average is kept.
  var evaluated: Model { state.evaluated }

  /// One step; `loss`, `gradient_norm`, `learning_rate`.
  func advance(_ batch: Tensor) -> [Double] {
    let (next, loss, norm, rate) = isStateLent ? keepingStep(state, batch, key) : step(state, batch, key)
    isStateLent = false
    state = next
    completedSteps += 1
    let values = [loss.item(), norm.item(), rate.item()]
    if resolved.recipe.training.isRecorded(completedSteps) {
      metrics.append(step: completedSteps, Dictionary(uniqueKeysWithValues: zip(ModelTrainer.metricNames, values)))
    }
    return values
  }

  func firstNonFiniteParameter() -> String? {
    state.model.namedTensors().first { named in
      named.tensor.withUnsafeBytes { NonFinite.firstIndex($0, named.tensor.dtype.elementType) } != nil
    }?.path
  }

  /// All that the next step depends on, and what the run has recorded. Nothing is copied yet: the next step works in other memory.
  func capturedCheckpoint(data: CheckpointFile.Data? = nil) -> PendingCheckpoint {
    let (model, ema, optimizer) = (LentArrays(state.model), state.average.map { LentArrays($0) }, LentArrays(state.optimizer))
    let (step, metrics, key, resolved) = (completedSteps, metrics, CheckpointFile.RandomKey(name: "training", key: key), resolved)
    isStateLent = true
    return {
      CheckpointFile(
        provenance: Provenance(software: "flowctl", softwareVersion: flowctlVersion), model: model.stored,
        ema: ema?.stored.filter { $0.role == .parameter } ?? [],
        optimizer: .init(kind: "adam", step: step, arrays: optimizer.stored), randomKeys: [key], data: data,
        progress: .init(step: step, metrics: metrics), recipe: resolved.document.pretty, environment: resolved.environment)
    }
  }

  /// Restores what `capturedCheckpoint` holds, and returns the file for whatever else the experiment keeps there.
  @discardableResult
  func restore(from path: String) throws -> CheckpointFile {
    let shown = FileAccess.display(path)
    let file = try resolved.checkpoint(at: path)
    guard let optimizer = file.optimizer else {
      throw UserError.failure("\(shown): no /optimizer, so training cannot go on from it")
    }
    try file.restore(into: &state.model, file: shown)
    try optimizer.restore(into: &state.optimizer, file: shown)
    if var average = state.average {
      try file.restoreAverages(into: &average, file: shown)
      state.average = average
    }
    completedSteps = file.progress.step
    metrics = file.progress.metrics
    return file
  }
}

/// The tensors of a module by path, computed, in the memory where they are.
private struct LentArrays: Sendable {
  private let tensors: [(path: String, tensor: Tensor, isParameter: Bool)]

  init(_ module: some Module) {
    tensors = module.namedTensors().map { ($0.path, $0.tensor, $0.isParameter) }
    for named in tensors { named.tensor.withUnsafeBytes { _ in } }
  }

  /// Copies.
  var stored: [StoredArray] {
    tensors.map { StoredArray(path: $0.path, array: HostArray($0.tensor), role: $0.isParameter ? .parameter : .buffer) }
  }
}

extension OptimizerSection {
  /// The schedule over a run of `steps`; the warm-up takes at most half of it.
  func schedule(over steps: Int, peak: Double) -> LearningRateSchedule {
    let warmUp = min(schedule.warmupSteps, steps / 2)
    switch schedule.kind {
    case .cosine: return .warmUpCosine(peak: peak, warmUp: warmUp, total: steps, floor: peak * schedule.finalFraction)
    case .constant where warmUp == 0: return .constant(peak)
    case .constant: return .warmUpCosine(peak: peak, warmUp: warmUp, total: steps, floor: peak)
    }
  }
}
