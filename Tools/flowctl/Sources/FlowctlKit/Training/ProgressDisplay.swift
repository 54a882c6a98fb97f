/// How far the work is: one line redrawn on a terminal, a plain line every few seconds elsewhere.
public final class ProgressDisplay {
  public enum Style: Sendable { case redrawn, plain, silent }

  private let style: Style
  private let total: Int
  private let clock: () -> Double
  private let put: (String) -> Void
  private var lastShown = -Double.infinity
  private var rateMark: (seconds: Double, step: Int)?
  private var rate: Double?
  private var dataMark: (seconds: Double, waited: Double)?
  private var dataShare: Double?
  private var isLineOpen = false

  /// `clock` gives seconds and `put` writes text; both can be replaced in tests.
  public init(
    style: Style, total: Int, clock: @escaping () -> Double = ProgressDisplay.wallSeconds,
    put: @escaping (String) -> Void = Terminal.draw
  ) {
    self.style = style
    self.total = total
    self.clock = clock
    self.put = put
  }

  /// Redrawn on a terminal, plain in a pipe or a file.
  public static var automaticStyle: Style { Terminal.errorIsTerminal ? .redrawn : .plain }

  /// Shows the state after `step`, unless the last showing was a moment ago. `dataSeconds`: what training waited for data so far.
  public func update(step: Int, loss: Double, gradientNorm: Double? = nil, dataSeconds: Double? = nil) {
    guard style != .silent else { return }
    let now = clock()
    if dataMark == nil, let dataSeconds { dataMark = (now, dataSeconds) }
    if let mark = dataMark, let dataSeconds, now > mark.seconds { dataShare = (dataSeconds - mark.waited) / (now - mark.seconds) }
    let interval = style == .redrawn ? 0.1 : 5.0
    if rateMark == nil { rateMark = (now, step) }
    guard step == total || now - lastShown >= interval else { return }
    measureRate(now: now, step: step)
    lastShown = now
    let line = describe(step: step, loss: loss, gradientNorm: gradientNorm)
    if style == .redrawn {
      put("\r\u{1B}[2K" + String((bar(step, beside: line) + line).prefix(Terminal.width - 1)))
      isLineOpen = true
    } else {
      put(line + "\n")
    }
  }

  /// Ends the redrawn line, so that messages start on a line of their own.
  public func finish() {
    if isLineOpen { put("\n") }
    isLineOpen = false
  }

  /// Seconds on a clock that never goes back.
  public static func wallSeconds() -> Double { (ContinuousClock.now - epoch) / .seconds(1) }
  private static let epoch = ContinuousClock.now

  /// Averages over a few seconds, so that the number can be read and still follows the machine.
  private func measureRate(now: Double, step: Int) {
    guard let mark = rateMark, now - mark.seconds > 0.3, step > mark.step else { return }
    let current = Double(step - mark.step) / (now - mark.seconds)
    rate = rate.map { 0.7 * $0 + 0.3 * current } ?? current
    rateMark = (now, step)
  }

  private func describe(step: Int, loss: Double, gradientNorm: Double?) -> String {
    var parts = ["step \(step)/\(total)", "\(100 * step / total) %", "loss \(Formatting.number(loss, digits: 5))"]
    if let gradientNorm { parts.append("gradient \(Formatting.number(gradientNorm, digits: 3))") }
    if let rate {
      parts.append("\(Formatting.number(rate, digits: 3)) steps/s")
      if step < total { parts.append("\(Formatting.duration(Double(total - step) / rate)) left") }
    }
    if let dataShare { parts.append("waiting for data \(Formatting.tidy(100 * dataShare, digits: 2)) %") }
    return parts.joined(separator: "  ")
  }

  /// As long as the terminal has room for, at most twenty cells; none where that would be too short to say anything.
  private func bar(_ step: Int, beside line: String) -> String {
    let cells = min(20, Terminal.width - line.count - 2)
    guard cells >= 5 else { return "" }
    let filled = cells * step / total
    return String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled) + " "
  }
}
