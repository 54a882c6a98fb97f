import Autodiff
import DifferentiableIntegrators
import Integrators
import NHF

extension NeuralHamiltonianFlow {
  /// Prior points and where the flow carries them, for another implementation to compare with.
  func referencePoints(count: Int, key: Key) -> [ReferenceArray] {
    let start = prior.sample(count, key: key, dtype: dtype)
    let end = transport(start, .towardData)
    let named: [(String, Tensor)] = [
      ("prior/position", start.position), ("prior/momentum", start.momentum), ("data/position", end.position),
      ("data/momentum", end.momentum), ("encoder/mean", encoder.mean(end.position)),
      ("encoder/logStandardDeviation", encoder.logStandardDeviation(end.position)),
    ]
    return named.map { ReferenceArray(path: $0.0, shape: $0.1.shape, values: $0.1.doubles) }
  }

  /// Facts for the report.
  var facts: [(name: String, value: String)] {
    [
      ("parameters", "\(parameterCount)"), ("leapfrog steps", "\(leapfrogSteps)"),
      ("integration time", Formatting.number(integrationTime)), ("kernels", Execution.instructionSet),
    ]
  }
}
