import Autodiff
import Synchronization

/// Prepares a function with both executors: what `FastExecutor` computes is to be compared with the reference.
final class BothExecutors: Executor {
  struct Prepared: Sendable {
    let fast: any PreparedFunction
    let reference: any PreparedFunction
  }

  private let last = Mutex<Prepared?>(nil)

  func prepare(_ function: ProgramGraph, donatedCount: Int) -> any PreparedFunction {
    let both = Prepared(
      fast: FastExecutor().prepare(function, donatedCount: 0), reference: ReferenceExecutor().prepare(function, donatedCount: 0))
    last.withLock { $0 = both }
    return both.fast
  }

  var prepared: Prepared { last.withLock { $0! } }

  /// What both executors make of `function` for arguments like these.
  static func prepare(_ arguments: [Tensor], _ function: @escaping @Sendable ([Tensor]) -> [Tensor]) -> Prepared {
    let both = BothExecutors()
    let compiled = compile(executor: both, function)
    _ = compiled(arguments)
    return both.prepared
  }
}

/// A random program with its derivatives, compiled and interpreted.
struct ProgramCheck {
  let program: RandomProgram
  let inputs: [Tensor]
  let directions: [Tensor]
  let prepared: BothExecutors.Prepared
  /// Whether differences approximate derivatives: among many elements one jumps at any step.
  let isSmooth: Bool

  /// Results: the loss, its gradients, what the program returns, and for every other program (it costs as much as all the
  /// rest) the derivative of the loss along the directions by forward mode.
  static func everything(_ program: RandomProgram, _ inputs: [Tensor], _ directions: [Tensor]) -> [Tensor] {
    let (loss, outputs, gradients) = valueAndGrad(
      inputs,
      auxiliary: { x in
        let result = program(x)
        return (result.loss, result.outputs)
      })
    let change = program.isPushed ? [jvp(inputs, along: directions) { program($0).loss }.tangent] : []
    return [loss] + gradients + outputs + change
  }

  init(_ program: RandomProgram) {
    self.program = program
    (inputs, directions) = (program.draw(0), program.draw(1))
    let kinds = program.noted(inputs, keepsLines: false).kinds
    isSmooth = program.style.dtype == .float64 && !kinds.contains(.stopped) && !(program.style.batch > 0 && kinds.contains(.jumping))
    let count = inputs.count
    prepared = BothExecutors.prepare(inputs + directions) {
      ProgramCheck.everything(program, Array($0.prefix(count)), Array($0.suffix(count)))
    }
  }

  private var tolerance: Double { program.style.dtype == .float64 ? 1e-9 : 1e-3 }

  /// What is wrong, or nil.
  func mistake(uncompiled: Bool) -> String? {
    let compiled = prepared.fast.call(inputs + directions)
    let interpreted = prepared.reference.call(inputs + directions)
    if let found = Difference.first(compiled, interpreted, tolerance) { return "compiled and interpreted: \(found)" }
    if uncompiled, let found = Difference.first(ProgramCheck.everything(program, inputs, directions), interpreted, tolerance) {
      return "uncompiled and interpreted: \(found)"
    }
    let products = zip(interpreted[1...], directions).map { ($0 * $1).sum().item() }
    let slope = products.reduce(0, +)
    if program.isPushed, let change = interpreted.last?.item(), abs(slope - change) > tolerance * products.reduce(1, { $0 + abs($1) }) {
      return "derivative along a direction \(change), by the gradient \(slope)"
    }
    return isSmooth ? mistakeOfDerivative(slope) : nil
  }

  /// Central differences of fourth order. A step may lie across a kink or a jump: one of several must agree.
  private func mistakeOfDerivative(_ slope: Double) -> String? {
    var estimates: [Double] = []
    for h in [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8] {
      func loss(_ factor: Double) -> Double {
        prepared.fast.call(zip(inputs, directions).map { $0 + (factor * h) * $1 } + directions)[0].item()
      }
      let estimate = (8 * (loss(1) - loss(-1)) - (loss(2) - loss(-2))) / (12 * h)
      if abs(estimate - slope) <= 1e-6 * Swift.max(1, abs(slope)) { return nil }
      estimates.append(estimate)
    }
    return "derivative along a direction \(slope), by differences \(estimates)"
  }
}

extension RandomProgram {
  /// Whether forward mode is checked too.
  fileprivate var isPushed: Bool { seed % 2 == 0 }
}

/// Where two lists of tensors differ.
enum Difference {
  /// The first tensor that differs by more than `tolerance` of its largest element (of 1 where they are smaller).
  static func first(_ a: [Tensor], _ b: [Tensor], _ tolerance: Double) -> String? {
    guard a.map(\.spec) == b.map(\.spec) else { return "\(a.map(\.spec)) and \(b.map(\.spec))" }
    for (index, (x, y)) in zip(a, b).enumerated() {
      let (p, q) = (x.doubles, y.doubles)
      let scale = q.reduce(1) { Swift.max($0, abs($1)) }
      for (position, (u, v)) in zip(p, q).enumerated() where !(abs(u - v) <= tolerance * scale) {
        return "tensor \(index) \(x.spec) at \(position): \(u) and \(v)"
      }
    }
    return nil
  }
}
