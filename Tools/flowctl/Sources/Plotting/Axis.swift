import Foundation

/// One axis of a plot.
public struct Axis: Sendable {
  public enum Scale: Sendable { case linear, logarithmic }

  public var label: String
  public var scale: Scale
  /// What is shown; found from the marks when nil.
  public var range: ClosedRange<Double>?

  public init(_ label: String = "", scale: Scale = .linear, range: ClosedRange<Double>? = nil) {
    self.label = label
    self.scale = scale
    self.range = range
  }
}

/// A mapping of values onto 0...1.
struct AxisMap {
  let scale: Axis.Scale
  let range: ClosedRange<Double>

  /// `values` decide the range where the axis does not; they get a small margin.
  init(_ axis: Axis, values: [Double], margin: Double) {
    scale = axis.scale
    if let range = axis.range {
      self.range = range
      return
    }
    let usable = values.filter { $0.isFinite && (axis.scale == .linear || $0 > 0) }
    guard let low = usable.min(), let high = usable.max() else {
      range = axis.scale == .linear ? 0...1 : 1...10
      return
    }
    switch axis.scale {
    case .linear:
      let width = high > low ? high - low : max(abs(high), 1)
      let spare = high > low ? margin * width : 0.5 * width
      range = (low - spare)...(high + spare)
    case .logarithmic:
      let factor = high > low ? pow(high / low, margin) : 2
      range = (low / factor)...(high * factor)
    }
  }

  func fraction(_ value: Double) -> Double {
    switch scale {
    case .linear: return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    case .logarithmic:
      return value > 0 ? log(value / range.lowerBound) / log(range.upperBound / range.lowerBound) : -.infinity
    }
  }

  /// Round values inside the range, about `count` of them, with their labels.
  func ticks(count: Int) -> [(value: Double, label: String)] {
    switch scale {
    case .linear: return Ticks.linear(range, count: count)
    case .logarithmic: return Ticks.logarithmic(range, count: count)
    }
  }
}

/// Round numbers for axes.
public enum Ticks {
  /// Multiples of 1, 2, or 5 times a power of ten.
  public static func linear(_ range: ClosedRange<Double>, count: Int) -> [(value: Double, label: String)] {
    let width = range.upperBound - range.lowerBound
    guard width > 0, width.isFinite, count > 0 else { return [] }
    let power = pow(10, log10(width / Double(count)).rounded(.down))
    func ends(_ step: Double) -> (first: Int, last: Int) {
      (Int((range.lowerBound / step - 1e-9).rounded(.up)), Int((range.upperBound / step + 1e-9).rounded(.down)))
    }
    func excess(_ step: Double) -> Int { abs(ends(step).last - ends(step).first + 1 - count) }
    let step = [1, 2, 5, 10].map { $0 * power }.min { excess($0) < excess($1) } ?? power
    let (first, last) = ends(step)
    guard first <= last else { return [] }
    let decimals = max(0, -Int(log10(step * 1.0001).rounded(.down)))
    return (first...last).map { index in
      let value = Double(index) * step
      return (value, label(value, decimals: decimals))
    }
  }

  /// Powers of ten, with 2 and 5 between them when the range is short.
  public static func logarithmic(_ range: ClosedRange<Double>, count: Int) -> [(value: Double, label: String)] {
    guard range.lowerBound > 0 else { return [] }
    let decades = log10(range.upperBound / range.lowerBound)
    if decades < 1 { return linear(range, count: count) }
    let stride = max(1, Int((decades / Double(count)).rounded(.up)))
    let mantissas: [Double] = decades < 2.5 ? [1, 2, 5] : [1]
    let lowest = Int(log10(range.lowerBound).rounded(.down))
    let highest = Int(log10(range.upperBound).rounded(.up))
    return (lowest...highest).filter { $0 % stride == 0 }.flatMap { exponent in
      mantissas.map { $0 * pow(10, Double(exponent)) }.filter { range.contains($0) }
        .map { ($0, label($0, decimals: max(0, -exponent))) }
    }
  }

  private static func label(_ value: Double, decimals: Int) -> String {
    if value == 0 { return "0" }
    let magnitude = abs(value)
    if magnitude >= 1e6 || magnitude < 1e-4 {
      let exponent = Int((log10(magnitude) + 1e-9).rounded(.down))
      let mantissa = value / pow(10, Double(exponent))
      let digits = abs(mantissa - mantissa.rounded()) < 1e-6 ? 0 : 1
      return String(format: "%.\(digits)fe%ld", mantissa, exponent)
    }
    return String(format: "%.\(decimals)f", value).replacingOccurrences(of: "-", with: "−")
  }
}
