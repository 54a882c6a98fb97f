import Autodiff
import BenchmarkWorkloads
import NHF
import NeuralNetworks
import Testing
import WorkloadNumbers

/// Losses of the benchmark workloads in JAX, float64, from the same weights, batches and noise
/// (`Tests/Golden/make_jax_losses.py`): the loss of step t is that before its update.
private let golden: [String: [Int: Double]] = [
  "mlp-regression": [
    0: 0.2864972992571743, 1: 0.3032882838339034, 2: 0.3006866787131183, 5: 0.25480698243356287, 10: 0.28427651528851505,
    20: 0.260269900763191, 50: 0.28121458855221204, 100: 0.234478937038346,
  ],
  "nhf-gmm2d": [
    0: 8.609706320161001, 1: 6.901090755695096, 2: 6.433946791954948, 5: 5.8812865657903775, 10: 4.976257616116992,
    20: 4.881888253374654, 50: 4.604181357462284, 100: 4.423101580227374,
  ],
  "nhf-gmm2d-learned": [
    0: 6.793144199501932, 1: 6.207836362840627, 2: 6.042099922593902, 5: 6.344351572092066, 10: 6.069823968463503,
    20: 6.170526810929906, 50: 5.938651099608899, 100: 4.289070076271917,
  ],
  // Of batches of 16 and 32 rows.
  "mlp-denoiser": [0: 0.9817640514182586, 1: 0.9889535794452583, 2: 0.9683093202387235, 5: 1.0038375779485347],
  "nhf-digits": [0: 143.59548443638772, 1: 110.8644253621739, 2: 98.54820255496396, 5: 99.91198876569035, 10: 99.20654547412468],
]

private let adam = Adam(learningRate: .constant(1e-3))

/// Largest relative difference from JAX over the stored steps.
private func worstDifference<Model: Module>(
  _ workload: String, from model: Model, batch: (Int) -> (Tensor, Tensor),
  loss: @escaping @Sendable (Model, Tensor, Tensor) -> Tensor
) -> Double {
  let step = compile(maximumTraces: 1) { (state: TrainingState<Model>, a: Tensor, b: Tensor) in
    let next = state.advanced(by: adam) { loss($0, a, b) }
    return (next.state, next.loss)
  }
  var (state, worst) = (TrainingState(model), 0.0)
  guard let expected = golden[workload], let last = expected.keys.max() else { return .infinity }
  for t in 0...last {
    let (a, b) = batch(t)
    let (next, value) = step(state, a, b)
    if let expected = expected[t] { worst = max(worst, (value.item() / expected - 1).magnitude) }
    state = next
  }
  return worst
}

struct GoldenLossTests {
  @Test func inputsAreThoseOfTheDefinition() {
    #expect(WorkloadNumbers.bits(0, 0) == 0xe220_a839_7b1d_cdaf && WorkloadNumbers.bits(10_000, 0) == 0xa082_4f4f_540f_f456)
    #expect(WorkloadNumbers.uniform(0, 0) == 0.8833108082136426)
    #expect((WorkloadNumbers.normal(10_000, 0) + 0.4454232344957043).magnitude < 1e-15)
  }

  @Test func regressionFollowsJAX() {
    let model = WorkloadInputs.regressionNetwork()
    let worst = worstDifference(
      "mlp-regression", from: model, batch: { WorkloadInputs.regression($0) }, loss: { square($0($1) - $2).mean() })
    #expect(worst < 1e-9, "\(worst)")
  }

  @Test(arguments: [("nhf-gmm2d", false), ("nhf-gmm2d-learned", true)])
  func flowFollowsJAX(_ workload: String, _ learned: Bool) {
    let model = WorkloadInputs.flow(learnedKinetic: learned)
    let worst = worstDifference(workload, from: model, batch: { WorkloadInputs.mixture($0) }, loss: { -$0.elbo($1, noise: $2).mean() })
    #expect(worst < 1e-9, "\(worst)")
  }

  @Test func denoiserFollowsJAX() {
    let worst = worstDifference(
      "mlp-denoiser", from: WorkloadInputs.denoiser(), batch: { WorkloadInputs.images($0, rows: 16) }, loss: WorkloadInputs.denoisingLoss)
    #expect(worst < 1e-9, "\(worst)")
  }

  @Test func digitFlowFollowsJAX() {
    let worst = worstDifference(
      "nhf-digits", from: WorkloadInputs.digitFlow(), batch: { WorkloadInputs.digits($0, rows: 32) },
      loss: { -$0.elbo($1, noise: $2).mean() })
    #expect(worst < 1e-9, "\(worst)")
  }

  /// Norms of the first gradient, also from JAX; the last bias of V moves nothing.
  @Test func firstGradientEqualsJAX() {
    let (q, noise) = WorkloadInputs.mixture(0)
    let gradient = grad(WorkloadInputs.flow(learnedKinetic: false)) { -$0.elbo(q, noise: noise).mean() }
    let norms = Dictionary(uniqueKeysWithValues: gradient.namedTensors().map { ($0.path, sqrt(square($0.tensor).sum()).item()) })
    for (path, expected) in [
      ("kinetic.scale", 6.657330019085385), ("potential.layers.0.weight", 0.1615241398506033),
      ("potential.layers.2.weight", 1.4014060079199155), ("encoder.mean.layers.1.weight", 6.935543725234366),
      ("encoder.logStandardDeviation.layers.2.bias", 1.799284069324631),
    ] { #expect((norms[path]! / expected - 1).magnitude < 1e-11, "\(path)") }
    #expect(norms["potential.layers.2.bias"] == 0)
  }
}
