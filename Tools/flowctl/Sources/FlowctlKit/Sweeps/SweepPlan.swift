import Foundation

/// The recipes that a sweep trains: every combination of listed values, or random draws from intervals.
package struct SweepPlan: Equatable, Sendable {
  /// A key with the values it takes in turn.
  package struct Axis: Equatable, Sendable {
    package let key: String
    package let values: [String]

    /// Splits `key=a,b,c`; commas inside brackets belong to a list, so `model.hidden=[64,64],[128,128]` has two values.
    package init(argument: String) throws(UserError) {
      let (key, text) = try SweepPlan.split(argument, option: "--over", example: "optimizer.learningRate=0.01,0.003")
      var values = [""]
      var depth = 0
      for character in text {
        if character == "[" { depth += 1 }
        if character == "]" { depth -= 1 }
        if character == ",", depth == 0 { values.append("") } else { values[values.count - 1].append(character) }
      }
      values = values.map { $0.trimmingCharacters(in: .whitespaces) }
      if depth != 0 || values.contains("") {
        throw .usage(
          "--over \(argument): expected values with commas between them, lists in brackets, for instance model.hidden=[64,64],[128,128]")
      }
      self.init(key: key, values: values)
    }

    package init(key: String, values: [String]) {
      self.key = key
      self.values = values
    }
  }

  /// A key drawn at random: uniform between the ends, or uniform in the logarithm when both are above 0 and a factor of 10 or more apart.
  package struct Interval: Equatable, Sendable {
    package let key: String
    package let low: Double
    package let high: Double
    /// Whether the key takes whole numbers alone; draws are then rounded.
    package var isWhole = false

    /// Splits `key=low..high`.
    package init(argument: String) throws(UserError) {
      let (key, text) = try SweepPlan.split(argument, option: "--between", example: "optimizer.learningRate=1e-4..1e-2")
      let ends = text.components(separatedBy: "..").map { Double($0) }
      guard ends.count == 2, let low = ends[0], let high = ends[1], low < high, low.isFinite, high.isFinite else {
        throw .usage("--between \(argument): expected two numbers, the lower first, for instance optimizer.learningRate=1e-4..1e-2")
      }
      (self.key, self.low, self.high) = (key, low, high)
    }

    /// `fraction` in 0..<1.
    func text(at fraction: Double) -> String {
      let value = low > 0 && high >= 10 * low ? low * pow(high / low, fraction) : low + fraction * (high - low)
      return String(format: isWhole ? "%.0f" : "%.6g", value)
    }
  }

  /// One set of overrides per run.
  package let points: [[Override]]

  package init(points: [[Override]]) { self.points = points }

  /// All combinations, the last axis fastest.
  package static func grid(_ axes: [Axis]) -> SweepPlan {
    var points: [[Override]] = [[]]
    for axis in axes {
      points = points.flatMap { point in axis.values.map { point + [Override(key: axis.key, text: $0)] } }
    }
    return SweepPlan(points: points)
  }

  /// `count` draws, the same for the same seed; each goes through every combination of `axes`.
  package static func random(_ intervals: [Interval], count: Int, seed: UInt64, axes: [Axis]) -> SweepPlan {
    let draws = (0..<count).map { draw in
      intervals.enumerated().map { index, interval -> Override in
        let fraction = SweepPlan.uniform(seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(draw * intervals.count + index + 1))
        return Override(key: interval.key, text: interval.text(at: fraction))
      }
    }
    return SweepPlan(points: draws.flatMap { draw in grid(axes).points.map { draw + $0 } })
  }

  /// SplitMix64 of a counter, as a number in 0..<1.
  private static func uniform(_ counter: UInt64) -> Double {
    var z = counter &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) / 9_007_199_254_740_992
  }

  private static func split(_ argument: String, option: String, example: String) throws(UserError) -> (key: String, text: String) {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex, argument.index(after: equals) < argument.endIndex
    else { throw .usage("\(option) \(argument): expected key.path=values, for instance \(example)") }
    return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
  }
}
