import Autodiff
import Synchronization

/// What was noted about the steps of a program: those of nested functions come before the step that applies them.
final class StepLog: Sendable {
  private let state = Mutex<(lines: [String], kinds: Set<Smoothness>)>(([], []))
  private let keepsLines: Bool

  init(keepsLines: Bool) { self.keepsLines = keepsLines }

  func append(_ smoothness: Smoothness? = nil, line: () -> String) {
    let line = keepsLines ? line() : nil
    state.withLock { state in
      if let smoothness { state.kinds.insert(smoothness) }
      if let line { state.lines.append(line) }
    }
  }

  var lines: [String] { state.withLock { $0.lines } }
  var kinds: Set<Smoothness> { state.withLock { $0.kinds } }
}

/// What a random program may consist of.
struct ProgramStyle: Sendable {
  let dtype: DType
  /// Examples along axis 0 of most values, 0 for small arrays of any shape.
  let batch: Int
  var log: StepLog?
  /// Whether jumps and kinks are allowed; where float32 rounds, a jump could go either way.
  var isSmooth: Bool { dtype == .float32 }
  var largestCount: Int { batch > 0 ? batch * 16 : 600 }
}

/// How an operation behaves near a point.
enum Smoothness: Sendable {
  case smooth
  /// Continuous, with kinks.
  case kinked
  /// Constant but for jumps, in part.
  case jumping
  /// The derivative is not that of the value.
  case stopped
}

/// One kind of step: the value that it makes of earlier ones, or nil where none has a shape that it could take.
struct RandomOperation: Sendable {
  typealias Apply = @Sendable (inout StepContext) -> Tensor?
  let name: String
  let smoothness: Smoothness
  let apply: Apply

  init(_ name: String, _ smoothness: Smoothness = .smooth, _ apply: @escaping Apply) {
    (self.name, self.smoothness, self.apply) = (name, smoothness, apply)
  }

  static let all: [RandomOperation] = unary + binary + reductions + shapes + indexing + products + randomNumbers + transforms
}

/// One step of a program, made from a seed.
enum ProgramStep {
  struct Outcome {
    let value: Tensor
    let picked: [Int]
  }

  /// Tries one operation after another, from a random one on, until one takes the values at hand.
  static func run(_ seed: UInt64, _ values: [Tensor], level: Int, style: ProgramStyle) -> Outcome {
    var dice = Dice(seed)
    let operations = RandomOperation.all
    let first = dice.roll(operations.count)
    for offset in operations.indices {
      let operation = operations[(first + offset) % operations.count]
      if style.isSmooth && operation.smoothness != .smooth { continue }
      if level > 0 && operation.smoothness == .stopped { continue }
      var context = StepContext(dice.next(), values, level: level, style: style)
      guard let value = operation.apply(&context), value.count <= style.largestCount, value.rank <= 5 else { continue }
      let operands = context.picked.map { "v\($0)" }.joined(separator: ", ")
      let indent = String(repeating: "  ", count: level)
      style.log?.append(operation.smoothness) {
        "\(indent)v\(values.count) = \(operation.name)(\(operands))\(context.remark): \(value.spec)"
      }
      return Outcome(value: value, picked: context.picked)
    }
    preconditionFailure("no operation takes \(values.map(\.spec))")
  }
}

/// A random function of a few tensors: its steps are seeds, so that leaving some out gives another program.
struct RandomProgram: Sendable {
  let seed: UInt64
  var style: ProgramStyle
  let shapes: [[Int]]
  var steps: [UInt64]

  init(seed: Int) {
    self.seed = UInt64(seed)
    var dice = Dice(self.seed)
    let isBatched = dice.chance(12)
    style = ProgramStyle(dtype: dice.chance(20) ? .float32 : .float64, batch: isBatched ? dice.choose([192, 256, 300, 641, 1000]) : 0)
    if isBatched {
      let width = dice.choose([8, 12, 16])
      shapes = [[style.batch, width], [style.batch, width], [style.batch, 1], [width, width], [width]]
    } else {
      let extents = dice.chance(15) ? [0, 1, 2, 3] : [1, 2, 3, 3, 4, 5]
      shapes = (0..<2 + dice.roll(2)).map { _ in (0..<dice.roll(5)).map { _ in dice.choose(extents) } }
    }
    steps = (0..<(isBatched ? 6 + dice.roll(7) : 1 + dice.roll(12))).map { _ in dice.next() }
  }

  /// Inputs, or directions in the space of inputs.
  func draw(_ salt: Int) -> [Tensor] {
    shapes.enumerated().map { .normal($1, key: Key(seed: seed).folded(salt).folded($0), dtype: style.dtype) }
  }

  struct Result {
    /// What no later step uses.
    let outputs: [Tensor]
    let loss: Tensor
  }

  func callAsFunction(_ inputs: [Tensor]) -> Result {
    var values = inputs
    var isUsed = inputs.map { _ in false }
    for step in steps {
      let outcome = ProgramStep.run(step, values, level: 0, style: style)
      for position in outcome.picked { isUsed[position] = true }
      values.append(outcome.value)
      isUsed.append(false)
    }
    let outputs = values.indices.filter { !isUsed[$0] }.map { values[$0] }
    let context = StepContext(0, values, level: 0, style: style)
    let loss = outputs.map { context.scalar($0 + 0.3) }.reduce(Tensor(0, dtype: style.dtype), +)
    return Result(outputs: outputs, loss: loss)
  }

  /// The program with as few steps as still fail.
  func shrunk(_ fails: (RandomProgram) -> Bool) -> RandomProgram {
    var smallest = self
    var position = steps.count - 1
    while position >= 0 {
      var candidate = smallest
      candidate.steps.remove(at: position)
      if fails(candidate) { smallest = candidate }
      position -= 1
    }
    return smallest
  }

  /// Inputs and steps, for the report of a mistake.
  var listing: String {
    let inputs = draw(0)
    let log = noted(inputs, keepsLines: true)
    let heads = inputs.enumerated().map { "v\($0) = input: \($1.spec)" }
    return (["seed \(seed), steps \(steps):"] + heads + log.lines).joined(separator: "\n  ")
  }

  /// What a trace of the program says about its steps.
  func noted(_ inputs: [Tensor], keepsLines: Bool) -> StepLog {
    var copy = self
    let log = StepLog(keepsLines: keepsLines)
    copy.style.log = log
    _ = copy(inputs)
    return log
  }
}
