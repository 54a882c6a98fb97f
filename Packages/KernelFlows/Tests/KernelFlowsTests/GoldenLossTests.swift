import Autodiff
import KernelFlowWorkload
import KernelFlows
import NeuralNetworks
import Testing

/// Losses of workload F in JAX, float64, from the same start and rows (`Tests/Golden/make_jax_losses.py`): the loss of step t is
/// that before its update.
private let golden = [
  0: 13.728061796021905, 1: 13.221354072685694, 2: 13.106619153494938, 5: 13.102662739694873, 10: 12.99394444207769,
  20: 12.7056632036964,
]

struct GoldenLossTests {
  @Test func kernelFlowFollowsJAX() {
    let adam = Adam(learningRate: .constant(1e-3))
    let step = compile(maximumTraces: 1) { (state: TrainingState<KernelCouplingFlow>, rows: Tensor) in
      let next = state.advanced(by: adam) { $0.loss(rows) }
      return (next.state, next.loss)
    }
    var state = TrainingState(KernelTableWorkload.flow())
    for t in 0...20 {
      let (next, loss) = step(state, KernelTableWorkload.rows(t))
      if let expected = golden[t] { #expect((loss.item() / expected - 1).magnitude < 1e-9, "step \(t)") }
      state = next
    }
  }

  /// Norms of the first gradient, also from JAX.
  @Test func firstGradientEqualsJAX() {
    let gradient = grad(KernelTableWorkload.flow()) { $0.loss(KernelTableWorkload.rows(0)) }
    let norms = Dictionary(uniqueKeysWithValues: gradient.namedTensors().map { ($0.path, sqrt(square($0.tensor).sum()).item()) })
    for (path, expected) in [
      ("map.0.bias", 1.0887161592143462), ("map.2.conditioner.coefficients", 6.065786314331394),
      ("map.5.conditioner.points", 0.06485777354010054), ("map.2.conditioner.kernel.lengthscale.logarithm", 0.5469728688606186),
      ("map.18.logScale", 1.102471057726547),
    ] { #expect(((norms[path] ?? .nan) / expected - 1).magnitude < 1e-11, "\(path)") }
  }
}
