// What a step-size controller needs of exp and log: five digits, the same bits on every machine, no mathematics library.

/// log₂ x to 2e-6, for finite x > 0.
@inlinable @inline(__always)
func roughLog2(_ x: Double) -> Double {
  let bits = x.bitPattern
  var exponent = Double(Int64(truncatingIfNeeded: bits >> 52) - 1023)
  var mantissa = Double(bitPattern: (bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000)
  if mantissa > 1.4142135623730951 {
    mantissa /= 2
    exponent += 1
  }
  // log₂ m = 2/ln 2 · artanh s, s = (m − 1)/(m + 1), |s| < 0.172.
  let s = (mantissa - 1) / (mantissa + 1)
  let square = s * s
  return exponent + s * (2.8853900817779268 + square * (0.9617966939259756 + square * 0.5770780163555854))
}

/// 2ˣ to 3e-6, for x from −1000 to 1000, and the value at the nearer bound beyond.
@inlinable @inline(__always)
func roughExp2(_ x: Double) -> Double {
  let bounded = x < -1000 ? -1000 : x > 1000 ? 1000 : x
  // Truncation of a positive number rounds down without a call.
  let whole = Int64(bounded + 1024.5) - 1024
  let t = (bounded - Double(whole)) * 0.6931471805599453
  let fraction = 1 + t * (1 + t * (0.5 + t * (1 / 6.0 + t * (1 / 24.0 + t * (1 / 120.0)))))
  return fraction * Double(bitPattern: UInt64(truncatingIfNeeded: whole + 1023) << 52)
}
