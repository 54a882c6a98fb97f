import Autodiff
import KernelFlows
import NeuralNetworks

/// A flow in training beside what it was when the validation rows liked it best: early stopping that a checkpoint remembers.
struct BestSoFar: Module {
  var flow: KernelCouplingFlow
  var best: Frozen<KernelCouplingFlow>
  /// Mean log-likelihood of the validation rows, float64 `[]`.
  var score: Tensor
  /// The step of `best`, int32 `[]`.
  var step: Tensor

  init(_ flow: KernelCouplingFlow) {
    self.flow = flow
    best = Frozen(flow.inOwnMemory())
    score = Tensor(-Double.infinity, dtype: .float64)
    step = Tensor([Int32(0)], shape: [])
  }

  mutating func walk(_ walker: inout some Walker) {
    walker.child("flow", &flow)
    walker.child("best", &best)
    walker.buffer("score", &score)
    walker.buffer("step", &step)
  }

  /// Keeps `candidate` when its score is higher than the best so far.
  mutating func consider(_ candidate: KernelCouplingFlow, score value: Double, step count: Int) {
    guard value > score.item() else { return }
    best = Frozen(candidate.inOwnMemory())
    score = Tensor(value, dtype: .float64)
    step = Tensor([Int32(count)], shape: [])
  }
}
