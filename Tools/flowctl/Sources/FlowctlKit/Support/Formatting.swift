import Foundation

/// Numbers and times as people read them.
public enum Formatting {
  /// About `digits` significant digits, plain where it is short: `0.0123`, `1234`, `1.2e-07`.
  public static func number(_ value: Double, digits: Int = 4) -> String {
    if value == 0 { return "0" }
    guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }
    let magnitude = Int(log10(abs(value)).rounded(.down))
    if magnitude < -4 || magnitude > 6 { return String(format: "%.\(max(0, digits - 1))e", value) }
    return String(format: "%.\(max(0, digits - 1 - magnitude))f", value)
  }

  /// A figure in a table: five digits, but whole numbers as such: `4`, `0.69997`.
  public static func figure(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e6 ? "\(Int(value))" : number(value, digits: 5)
  }

  /// As `number`, without zeros at the end: `0.05`, `80`.
  public static func tidy(_ value: Double, digits: Int = 4) -> String {
    let text = number(value, digits: digits)
    guard text.contains("."), !text.contains("e") else { return text }
    let trimmed = text.reversed().drop { $0 == "0" }
    return String((trimmed.first == "." ? trimmed.dropFirst() : trimmed).reversed())
  }

  /// `4.2 s`, `3 min 05 s`, `2 h 10 min`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "?" }
    if seconds < 10 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return String(format: "%ld min %02ld s", whole / 60, whole % 60) }
    return String(format: "%ld h %02ld min", whole / 3600, whole % 3600 / 60)
  }

  /// `512 B`, `4.2 kB`, `1.3 GB`, in powers of ten.
  public static func bytes(_ count: Int) -> String {
    var (value, unit) = (Double(count), 0)
    while value >= 999.5, unit < 4 { (value, unit) = (value / 1000, unit + 1) }
    return (unit == 0 ? "\(count)" : tidy(value, digits: value >= 100 ? 3 : 2)) + " " + ["B", "kB", "MB", "GB", "TB"][unit]
  }

  /// The current time in UTC, ISO 8601, to the second.
  public static func timestamp() -> String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    return String(
      format: "%04ld-%02ld-%02ldT%02ld:%02ld:%02ldZ", Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday),
      Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec))
  }
}
