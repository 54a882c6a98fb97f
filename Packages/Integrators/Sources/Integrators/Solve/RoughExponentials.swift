// What a step-size controller needs of exp and log: two or three digits, soon known, the same bits on every machine, and no
// mathematics library. A step size is waited for by every operation of the step it belongs to.

/// log₂ x to 0.008, for finite x > 0 that is not subnormal.
@inlinable @inline(__always)
func roughLog2(_ x: Double) -> Double {
  let bits = x.bitPattern
  let exponent = Double(Int64(truncatingIfNeeded: bits >> 52) &- 1023)
  let mantissa = Double(bitPattern: (bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000)
  // The parabola through (1, 0) and (2, 1) with the smallest largest error.
  return exponent + (mantissa - 1) * (1.6932 - 0.3466 * mantissa)
}

/// 2ˣ to 0.3 %, for x from −1000 to 1000, and the value at the nearer bound beyond.
@inlinable @inline(__always)
func roughExp2(_ x: Double) -> Double {
  let bounded = x < -1000 ? -1000 : x > 1000 ? 1000 : x
  // Truncation of a positive number rounds down without a call.
  let whole = Int64(bounded + 1024) &- 1024
  let t = bounded - Double(whole)
  return (1 + t * (0.6602 + 0.3398 * t)) * Double(bitPattern: UInt64(truncatingIfNeeded: whole &+ 1023) << 52)
}
