#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `value` with that many decimals: 3.14.
func fixed(_ value: Double, decimals: Int) -> String {
  guard value.isFinite else { return "\(value)" }
  let scaled = Int((abs(value) * pow(10, Double(decimals))).rounded())
  let digits = String(scaled)
  let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  let point = padded.index(padded.endIndex, offsetBy: -decimals)
  return (value < 0 && scaled != 0 ? "-" : "") + padded[..<point] + (decimals > 0 ? "." : "") + padded[point...]
}

/// `value` with that many significant digits: 3.1e-4.
func scientific(_ value: Double, digits: Int) -> String {
  guard value.isFinite else { return "\(value)" }
  guard value != 0 else { return "0" }
  var exponent = Int(floor(log10(abs(value))))
  var mantissa = fixed(value / pow(10, Double(exponent)), decimals: digits - 1)
  // Rounding may carry 9.96 to 10.
  if mantissa.drop(while: { $0 == "-" }).hasPrefix("10") {
    exponent += 1
    mantissa = fixed(value / pow(10, Double(exponent)), decimals: digits - 1)
  }
  return "\(mantissa)e\(exponent)"
}
