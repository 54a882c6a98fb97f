#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Nesterov's dual averaging of the log step size towards a mean acceptance probability (Hoffman and Gelman 2014, section 3.2).
struct StepSizeAdaptation: Sendable {
  private let target: Double
  private let shrinkagePoint: Double
  private var steps = 0.0
  private var averageError = 0.0
  private var averageLog = 0.0

  /// The step size to go on with.
  private(set) var current: Double

  init(from stepSize: Double, target: Double) {
    self.target = target
    current = stepSize
    shrinkagePoint = log(10 * stepSize)
  }

  mutating func update(acceptance: Double) {
    let (gamma, delay, power) = (0.05, 10.0, 0.75)
    steps += 1
    let weight = 1 / (steps + delay)
    averageError = (1 - weight) * averageError + weight * (target - acceptance)
    let x = shrinkagePoint - averageError * steps.squareRoot() / gamma
    let decay = pow(steps, -power)
    averageLog = decay * x + (1 - decay) * averageLog
    current = exp(x)
  }

  /// The step size to keep: the average of the logarithms.
  var final: Double { steps == 0 ? current : exp(averageLog) }
}

/// The iterations of Stan's warm-up: a fast start, windows of doubling length that each give a mass matrix, a fast end (Stan reference
/// manual, 15.2).
struct WarmupWindows: Sendable {
  /// Iterations whose positions are averaged.
  let slow: Range<Int>
  /// Last iterations of the windows.
  let ends: Set<Int>

  init(iterations: Int) {
    var (start, end, window) = (75, 50, 25)
    if iterations < start + end + window {
      start = Int(0.15 * Double(iterations))
      end = Int(0.1 * Double(iterations))
      window = iterations - start - end
    }
    slow = start..<max(start, iterations - end)
    var (ends, next) = (Set<Int>(), start)
    while window > 0 && next + window <= slow.upperBound {
      // The last window takes what would be too short for the next.
      next = next + 3 * window > slow.upperBound ? slow.upperBound : next + window
      ends.insert(next - 1)
      window *= 2
      if next == slow.upperBound { break }
    }
    self.ends = ends
  }
}
