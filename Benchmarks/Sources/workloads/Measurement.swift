import Autodiff
import NeuralNetworks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What one run of a workload found.
struct Measurement {
  /// Steps per second of each window, ascending.
  var rates: [Double]
  /// Seconds to trace and optimise the step.
  var compilation: Double
  /// Resident memory, at most, above that at the start of the process, bytes.
  var peakBytes: Int

  var median: Double { rates[rates.count / 2] }
}

/// Seconds since the first call.
func seconds() -> Double {
  let now = ContinuousClock.now - start
  return Double(now.components.seconds) + Double(now.components.attoseconds) * 1e-18
}
private let start = ContinuousClock.now

/// Resident memory of the process in bytes: now (`VmRSS`) or at its peak (`VmHWM`).
///
/// `getrusage` would count the process that started this one; it serves where there is no /proc.
func residentBytes(_ field: String) -> Int {
  guard let status = fopen("/proc/self/status", "r") else {
    var usage = rusage()
    getrusage(0, &usage)  // RUSAGE_SELF, which the C libraries type differently
    return usage.ru_maxrss
  }
  defer { fclose(status) }
  var text = [UInt8](repeating: 0, count: 8192)
  let count = fread(&text, 1, text.count, status)
  let line = String(decoding: text[..<count], as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(field + ":") }
  return 1024 * (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0)
}

/// Rates of seven windows after one of warm-up; `run` is one step.
func windows(_ length: Double, _ run: (Int) -> Void) -> [Double] {
  let count = 7
  var rates: [Double] = []
  for window in 0...count {
    let begin = seconds()
    let duration = window == 0 ? min(0.5, length / 7) : length / Double(count)
    var steps = 0
    while seconds() - begin < duration {
      run(steps)
      steps += 1
    }
    if window > 0 { rates.append(Double(steps) / (seconds() - begin)) }
  }
  return rates.sorted()
}

/// Training with Adam on sixteen batches in turn, as the peers do it.
func training<Model: Module>(
  _ arguments: Arguments, _ model: Model, batch: (Int) -> (Tensor, Tensor),
  loss: @escaping @Sendable (Model, Tensor, Tensor) -> Tensor
) -> Measurement {
  let memory = residentBytes("VmRSS")
  let adam = Adam(learningRate: .constant(1e-3))
  let body = { @Sendable (state: TrainingState<Model>, a: Tensor, b: Tensor) -> (TrainingState<Model>, Tensor) in
    let next = state.advanced(by: adam) { loss($0, a, b) }
    return (next.state, next.loss)
  }
  let step = compile(donating: true, body)
  let batches = (0..<16).map { t in
    let (a, b) = batch(t)
    return (a.cast(to: arguments.dtype), b.cast(to: arguments.dtype))
  }
  for (a, b) in batches {
    a.withUnsafeBytes { _ in }
    b.withUnsafeBytes { _ in }
  }
  var state = TrainingState(model.cast(to: arguments.dtype))
  let before = seconds()
  _ = program(of: body, for: state, batches[0].0, batches[0].1)
  let compilation = seconds() - before
  let rates = windows(arguments.seconds) { count in state = step(state, batches[count % 16].0, batches[count % 16].1).0 }
  return Measurement(rates: rates, compilation: compilation, peakBytes: residentBytes("VmHWM") - memory)
}

/// Multiplications and additions per second of products `[rows, n] [n, n]`, at best over some n.
func productRate(_ arguments: Arguments) -> Double {
  [256, 512, 1024].map { n in
    let multiply = compile { (a: Tensor, b: Tensor) -> Tensor in a.matmul(b) }
    let a = Tensor.ones([arguments.batch, n], dtype: arguments.dtype)
    let b = Tensor.ones([n, n], dtype: arguments.dtype)
    let rates = windows(arguments.seconds / 3) { _ in multiply(a, b).withUnsafeBytes { _ in } }
    return 2 * Double(arguments.batch * n * n) * rates[rates.count - 1]
  }.max()!
}
