// exp(-scale x) for x >= 0, for sums in which it is the most of the work.

/// 2^t by a polynomial and an addition to the exponent. The rounding of t moves the result by no more than a rounding of x
/// does. What is below 2^-125 is 0; the subtraction that makes it so is lost in a sum with 1.
static inline float exp_of_minus_f32(float x, const float scale) {
  const float smallest = 0x1p-125f;
  float t = x * (-LOG2E_F32 * scale);
  t = t < -125.0f ? -125.0f : t;
  float shifted = t + ROUND_F32, f = t - (shifted - ROUND_F32);
  float p = 0.000153533619f;
  p = AF_MADD(p, f, 0.00133988744f);
  p = AF_MADD(p, f, 0.00961843736f);
  p = AF_MADD(p, f, 0.0555033247f);
  p = AF_MADD(p, f, 0.240226479f);
  p = AF_MADD(p, f, 0.693147203f);
  p = AF_MADD(p, f, 1.0f);
  float y = f32_of_bits(bits_of_f32(p) + (bits_of_f32(shifted) << 23));
  return y - smallest;
}

static inline double exp_of_minus_f64(double x, const double scale) { return math_exp_f64(-scale * x); }
