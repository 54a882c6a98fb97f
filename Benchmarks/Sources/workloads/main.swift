import Autodiff
import BenchmarkWorkloads
import KernelFlowWorkload
import NHF
import NeuralNetworks

// Steps per second of one workload: the median of seven windows after compilation and warm-up, as the peers measure it.

let arguments = Arguments(Array(CommandLine.arguments.dropFirst()))
Execution.threadCount = arguments.threads
let rows = arguments.batch

let described =
  "\"workload\": \"\(arguments.workload.rawValue)\", \"dtype\": \"\(arguments.dtype.rawValue)\", \"threads\": \(arguments.threads), \"batch\": \(rows), \"kernels\": \"\(Execution.instructionSet)\""

if arguments.workload == .products {
  print("{\(described), \"operationsPerSecond\": \(productRate(arguments))}")
} else {
  let result =
    switch arguments.workload {
    case .flow, .learnedFlow:
      training(
        arguments, WorkloadInputs.flow(learnedKinetic: arguments.workload == .learnedFlow),
        batch: { WorkloadInputs.mixture($0, rows: rows) }, loss: { -$0.elbo($1, noise: $2).mean() })
    case .denoiser:
      training(
        arguments, WorkloadInputs.denoiser(), batch: { WorkloadInputs.images($0, rows: rows) }, loss: WorkloadInputs.denoisingLoss)
    case .digits:
      training(
        arguments, WorkloadInputs.digitFlow(), batch: { WorkloadInputs.digits($0, rows: rows) }, loss: { -$0.elbo($1, noise: $2).mean() })
    case .kernelTable:
      training(
        arguments, KernelTableWorkload.flow(),
        batch: { (KernelTableWorkload.rows($0, rows: rows), Tensor.zeros([rows, 1], dtype: .float64)) },
        loss: { flow, x, _ in flow.loss(x) })
    case .regression, .products:
      training(
        arguments, WorkloadInputs.regressionNetwork(), batch: { WorkloadInputs.regression($0, rows: rows) },
        loss: { square($0($1) - $2).mean() })
    }
  if arguments.json {
    let rates = result.rates.map { "\($0)" }.joined(separator: ", ")
    print(
      "{\(described), \"stepsPerSecond\": \(result.median), \"windows\": [\(rates)], \"compilationSeconds\": \(result.compilation), \"peakBytes\": \(result.peakBytes)}"
    )
  } else {
    print(
      "hamiltonian-flows  \(arguments.workload.rawValue)  \(arguments.dtype.rawValue)  batch \(rows)  threads \(arguments.threads):  \(result.median) steps/s (\(result.rates[0]) ... \(result.rates[result.rates.count - 1])), compilation \(result.compilation) s, \(result.peakBytes >> 20) MiB, \(Execution.instructionSet) kernels"
    )
  }
}
