import Autodiff
import NHF

extension FlowSection {
  /// The flow that the recipe describes, in `dimension` dimensions.
  func configuration(dimension: Int) -> HamiltonianFlowConfiguration {
    let kinetic: KineticConfiguration =
      switch kind {
      case .learnedKinetic: KineticConfiguration(form: .learned, network: NetworkConfiguration(hidden: kineticHidden))
      case .fixedKinetic:
        switch mass {
        case .scalar: KineticConfiguration(form: .scalar)
        case .diagonal: KineticConfiguration(form: .diagonal)
        case .full: KineticConfiguration(form: .full)
        }
      }
    let prior =
      switch self.prior.kind {
      case .gaussian:
        PriorConfiguration(standardDeviation: self.prior.width, momentumStandardDeviation: self.prior.momentumWidth)
      case .softUniform:
        PriorConfiguration(
          form: .softUniform, width: self.prior.width, sharpness: self.prior.sharpness,
          momentumStandardDeviation: self.prior.momentumWidth)
      }
    return HamiltonianFlowConfiguration(
      dimension: dimension, potential: NetworkConfiguration(hidden: hidden), kinetic: kinetic,
      encoder: NetworkConfiguration(hidden: encoder.hidden), prior: prior, leapfrogSteps: leapfrogSteps,
      integrationTime: integrationTime)
  }

  /// An untrained flow; a setting that cannot be used is an error of the recipe.
  func flow(dimension: Int, key: Key, precision: Recipe.Precision) throws -> NeuralHamiltonianFlow {
    do {
      return try NeuralHamiltonianFlow(configuration(dimension: dimension), key: key, dtype: precision.dtype)
    } catch {
      throw UserError.failure("the recipe's model cannot be built: \(error)")
    }
  }
}
