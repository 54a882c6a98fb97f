import Autodiff

/// What one step of a random program works with: earlier values, and dice to choose among them.
struct StepContext: Sendable {
  var dice: Dice
  let values: [Tensor]
  /// How many functions of functions the step is inside of.
  let level: Int
  let style: ProgramStyle
  /// Positions of the values in use.
  private(set) var picked: [Int] = []
  /// What the listing says beyond the name of the operation.
  var remark = ""

  init(_ seed: UInt64, _ values: [Tensor], level: Int, style: ProgramStyle) {
    dice = Dice(seed)
    (self.values, self.level, self.style) = (values, level, style)
  }

  /// An earlier value, later ones more often.
  mutating func pick() -> Tensor {
    let position = Swift.max(dice.roll(values.count), dice.roll(values.count))
    picked.append(position)
    return values[position]
  }

  /// An earlier value for which `condition` holds, if there is one.
  mutating func pick(_ condition: (Tensor) -> Bool) -> Tensor? {
    let candidates = values.indices.filter { condition(values[$0]) }
    guard !candidates.isEmpty else { return nil }
    let position = candidates[Swift.max(dice.roll(candidates.count), dice.roll(candidates.count))]
    picked.append(position)
    return values[position]
  }

  /// A value that broadcasts with `a`, in whatever way the dice say.
  mutating func partner(of a: Tensor) -> Tensor {
    let b = pick()
    let shape = StepContext.broadcast(a.shape, b.shape)
    return shape.map { $0.reduce(1, *) <= style.largestCount } ?? false ? b : fitted(b, to: a)
  }

  /// `b` in the shape of `a`: its elements where there are as many, else their mean everywhere.
  func fitted(_ b: Tensor, to a: Tensor) -> Tensor {
    if b.shape == a.shape { return b }
    return b.count == a.count ? b.reshaped(a.shape) : mean(b).broadcast(to: a.shape)
  }

  /// The mean of all elements, 0 of none.
  func mean(_ x: Tensor) -> Tensor { x.sum() * (1 / Double(Swift.max(x.count, 1))) }

  /// A bounded scalar that depends on every element.
  func scalar(_ x: Tensor) -> Tensor { sin(x).sum() * (1 / Double(Swift.max(x.count, 1)).squareRoot()) }

  /// Keeps values moderate, so that rounding errors do not grow from step to step.
  mutating func bounded(_ x: Tensor) -> Tensor {
    switch dice.roll(4) {
    case 0: sin(x)
    case 1: 2 * tanh(x)
    case 2: atan(x)
    default: 3 * x / (1 + square(x))
    }
  }

  mutating func axis(of x: Tensor) -> Int? { x.rank == 0 ? nil : dice.roll(x.rank) }

  /// A short random program as a function; all current values are in its reach.
  mutating func body() -> Body {
    Body(steps: (0..<1 + dice.roll(level == 0 ? 3 : 2)).map { _ in dice.next() }, captured: values, level: level + 1, style: style)
  }

  static func broadcast(_ a: [Int], _ b: [Int]) -> [Int]? {
    let rank = Swift.max(a.count, b.count)
    let (m, n) = ([Int](repeating: 1, count: rank - a.count) + a, [Int](repeating: 1, count: rank - b.count) + b)
    guard zip(m, n).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else { return nil }
    return zip(m, n).map { $0 == 1 ? $1 : $0 }
  }
}

/// A random function of tensors, for transforms to work on.
struct Body: Sendable {
  let steps: [UInt64]
  var captured: [Tensor]
  let level: Int
  let style: ProgramStyle

  /// The last value that the steps make of the arguments and of what is captured.
  func callAsFunction(_ arguments: [Tensor]) -> Tensor {
    var values = captured + arguments
    style.log?.append { String(repeating: "  ", count: level) + "with \(arguments.indices.map { "v\(captured.count + $0)" })" }
    for seed in steps { values.append(ProgramStep.run(seed, values, level: level, style: style).value) }
    // The arguments should matter.
    let last = values.last!
    let context = StepContext(0, values, level: level, style: style)
    return arguments.reduce(last) { $0 + sin(context.fitted($1, to: last)) * 0.3 }
  }

  func scalar(_ arguments: [Tensor]) -> Tensor { StepContext(0, captured, level: level, style: style).scalar(self(arguments)) }
}
