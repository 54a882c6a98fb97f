import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Adam (Kingma and Ba 2015); with `weightDecay > 0`, AdamW: decay outside of the moments (Loshchilov and Hutter 2019).
///
///     m <- β₁ m + (1 - β₁) g          v <- β₂ v + (1 - β₂) g²
///     θ <- θ - η ( m/(1 - β₁ᵗ) / (sqrt(v/(1 - β₂ᵗ)) + ε) + λ θ )
///
/// Saved as `first.<path>`, `second.<path>` and `step`.
public struct Adam: Optimizer, Hashable, Codable {
  public var learningRate: LearningRateSchedule
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double

  /// Names of the moments.
  public static let slots = ["first", "second"]
  public var slots: [String] { Adam.slots }

  public init(
    learningRate: LearningRateSchedule, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public func update<Model: Module>(
    _ model: Model, gradient: Model, state: OptimizerState<Model>
  ) -> (model: Model, state: OptimizerState<Model>) {
    var next = state.counted()
    next["first"] = state["first"].zipParameters(gradient) { m, g in beta1 * m + (1 - beta1) * g }
    next["second"] = state["second"].zipParameters(gradient) { v, g in beta2 * v + (1 - beta2) * square(g) }

    // The schedule and the bias corrections are scalars: float64 costs nothing and beta^t keeps its digits.
    let t = next.step.cast(to: .float64)
    let rate = learningRate(state.step)
    let firstScale = rate / -expm1(t * log(beta1))
    let secondScale = 1.0 / -expm1(t * log(beta2))
    let direction = next["first"].zipParameters(next["second"]) { m, v in
      firstScale.cast(to: m.dtype) * m / (sqrt(v * secondScale.cast(to: v.dtype)) + epsilon)
    }
    let decayed = weightDecay == 0 ? model : model.mapParameters { $0 - (rate * weightDecay).cast(to: $0.dtype) * $0 }
    return (decayed.zipParameters(direction) { $0 - $1 }, next)
  }
}

/// Adam under the name it has with `weightDecay > 0`.
public typealias AdamW = Adam
