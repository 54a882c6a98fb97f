import Autodiff
import BenchmarkWorkloads
import NHF
import NeuralNetworks

// Steps per second of one workload: the median of seven windows after compilation and warm-up, as the peers measure it.

let arguments = Arguments(Array(CommandLine.arguments.dropFirst()))
Execution.threadCount = arguments.threads

func seconds() -> Double {
  let now = ContinuousClock.now - start
  return Double(now.components.seconds) + Double(now.components.attoseconds) * 1e-18
}
let start = ContinuousClock.now

func measure<Model: Module>(
  _ model: Model, batch: (Int) -> (Tensor, Tensor), loss: @escaping @Sendable (Model, Tensor, Tensor) -> Tensor
) -> (rates: [Double], compilation: Double) {
  let adam = Adam(learningRate: .constant(1e-3))
  let step = compile(donating: true) { (state: TrainingState<Model>, a: Tensor, b: Tensor) -> (TrainingState<Model>, Tensor) in
    let next = state.advanced(by: adam) { loss($0, a, b) }
    return (next.state, next.loss)
  }
  let batches = (0..<16).map { t in
    let (a, b) = batch(t)
    return (a.cast(to: arguments.dtype), b.cast(to: arguments.dtype))
  }
  var state = TrainingState(model.cast(to: arguments.dtype))
  let before = seconds()
  state = step(state, batches[0].0, batches[0].1).0
  let compilation = seconds() - before
  let windows = 7
  var rates: [Double] = []
  // The first window is the warm-up.
  for window in 0...windows {
    let begin = seconds()
    let length = window == 0 ? min(0.5, arguments.seconds / 7) : arguments.seconds / Double(windows)
    var count = 0
    while seconds() - begin < length {
      state = step(state, batches[count % 16].0, batches[count % 16].1).0
      count += 1
    }
    if window > 0 { rates.append(Double(count) / (seconds() - begin)) }
  }
  return (rates.sorted(), compilation)
}

let result =
  switch arguments.workload {
  case .regression:
    measure(
      WorkloadInputs.network(1, firstStream: 0), batch: { WorkloadInputs.regression($0, rows: arguments.batch) },
      loss: { square($0($1) - $2).mean() })
  case .flow, .learnedFlow:
    measure(
      WorkloadInputs.flow(learnedKinetic: arguments.workload == .learnedFlow),
      batch: { WorkloadInputs.mixture($0, rows: arguments.batch) }, loss: { -$0.elbo($1, noise: $2).mean() })
  }

let median = result.rates[result.rates.count / 2]
if arguments.json {
  let rates = result.rates.map { "\($0)" }.joined(separator: ", ")
  print(
    "{\"workload\": \"\(arguments.workload.rawValue)\", \"dtype\": \"\(arguments.dtype.rawValue)\", \"threads\": \(arguments.threads), \"batch\": \(arguments.batch), \"stepsPerSecond\": \(median), \"windows\": [\(rates)], \"compilationSeconds\": \(result.compilation), \"kernels\": \"\(Execution.instructionSet)\"}"
  )
} else {
  print(
    "hamiltonian-flows  \(arguments.workload.rawValue)  \(arguments.dtype.rawValue)  batch \(arguments.batch)  threads \(arguments.threads):  \(median) steps/s (\(result.rates[0]) ... \(result.rates[result.rates.count - 1])), first step with compilation \(result.compilation) s, \(Execution.instructionSet) kernels"
  )
}
