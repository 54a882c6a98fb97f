// What a step-size controller needs of exp and log: two or three digits, soon known, the same bits on every machine, and no
// mathematics library. A step size is waited for by every operation of the step it belongs to.
//
// Integers become real numbers, and back, in the bits below 2⁵²: no instruction converts vectors of them on every machine.

/// log₂ x to 0.008, for finite x > 0 that is not subnormal.
@inlinable @inline(__always)
func roughLog2(_ x: Double) -> Double {
  let bits = x.bitPattern
  let exponent = Double(bitPattern: (bits >> 52) | 0x4330_0000_0000_0000) - (0x1p52 + 1023)
  let mantissa = Double(bitPattern: (bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000)
  // The parabola through (1, 0) and (2, 1) with the smallest largest error.
  return exponent + (mantissa - 1) * (1.6932 - 0.3466 * mantissa)
}

/// `roughLog2` in every lane.
@inlinable @inline(__always)
func roughLog2(_ x: SIMD8<Double>) -> SIMD8<Double> {
  let bits = unsafeBitCast(x, to: SIMD8<UInt64>.self)
  let exponent = unsafeBitCast((bits &>> 52) | 0x4330_0000_0000_0000, to: SIMD8<Double>.self) - (0x1p52 + 1023)
  let mantissa = unsafeBitCast((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000, to: SIMD8<Double>.self)
  return exponent + (mantissa - 1) * (1.6932 - 0.3466 * mantissa)
}

/// 2ˣ to 0.3 %, for x from −1000 to 1000, and the value at the nearer bound beyond.
@inlinable @inline(__always)
func roughExp2(_ x: Double) -> Double {
  let bounded = x < -1000 ? -1000 : x > 1000 ? 1000 : x
  let shifted = (bounded - 0.5) + 0x1.8p52
  let t = bounded - (shifted - 0x1.8p52)
  return (1 + t * (0.6602 + 0.3398 * t)) * Double(bitPattern: (shifted.bitPattern &+ 1023) << 52)
}

/// `roughExp2` in every lane, for x from −1000 to 1000.
@inlinable @inline(__always)
func roughExp2(_ x: SIMD8<Double>) -> SIMD8<Double> {
  let shifted = (x - 0.5) + 0x1.8p52
  let t = x - (shifted - 0x1.8p52)
  let power = (unsafeBitCast(shifted, to: SIMD8<UInt64>.self) &+ 1023) &<< 52
  return (1 + t * (0.6602 + 0.3398 * t)) * unsafeBitCast(power, to: SIMD8<Double>.self)
}
