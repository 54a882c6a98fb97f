// Single-precision exp, log and their relatives: about 1 to 2.5 ulp over the whole range, denormals,
// infinities and NaN included. Polynomials are Chebyshev fits on the reduced argument.

#define LN2_HIGH_F32 0.693359375f     // nine bits: its product with an exponent is exact
#define LN2_LOW_F32 -2.12194440e-4f
#define LOG2E_F32 1.44269504f
#define ROUND_F32 12582912.0f         // 1.5 * 2^23: adding it rounds to an integer in the low bits

/// x = n ln 2 + r with |r| <= ln(2) / 2; returns n as a float, gives its integer and r.
static inline float split_exponent_f32(float x, int32_t* n, float* r) {
  float shifted = AF_MADD(x, LOG2E_F32, ROUND_F32);
  float whole = shifted - ROUND_F32;
  *n = (int32_t)(bits_of_f32(shifted) - bits_of_f32(ROUND_F32));
  *r = AF_MADD(whole, -LN2_LOW_F32, AF_MADD(whole, -LN2_HIGH_F32, x));
  return whole;
}

/// expm1(r) - r for the reduced argument.
static inline float expm1_tail_f32(float r) {
  float q = 0.00139263256f;
  q = AF_MADD(q, r, 0.00836329275f);
  q = AF_MADD(q, r, 0.0416665538f);
  q = AF_MADD(q, r, 0.166665763f);
  q = AF_MADD(q, r, 0.5f);
  return r * r * q;
}

static inline float exp_clamped_f32(float x) {
  int32_t n;
  float r;
  split_exponent_f32(x, &n, &r);
  float p = (r + expm1_tail_f32(r)) + 1.0f;
  // Two half scales: 2^n itself would leave the normal range near x = -87 and 88.
  int32_t half = n >> 1;
  float low = f32_of_bits((uint32_t)(half + 127) << 23);
  float high = f32_of_bits((uint32_t)(n - half + 127) << 23);
  return p * low * high;
}

static inline float math_exp_f32(float x) {
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  return exp_clamped_f32(x);
}

static inline float math_expm1_f32(float x) {
  float c = x > 89.0f ? 89.0f : x;
  c = c < -30.0f ? -30.0f : c;
  int32_t n;
  float r;
  split_exponent_f32(c, &n, &r);
  // Half the scale, so that 2^128 never appears; below 2^-25 the argument is the answer (keeps -0).
  float scale = f32_of_bits((uint32_t)(n + 126) << 23);
  float y = 2.0f * AF_MADD(r + expm1_tail_f32(r), scale, scale - 0.5f);
  return __builtin_fabsf(x) < 2.9802322e-8f ? x : y;
}

/// log1p(f) - f for f in [sqrt(1/2) - 1, sqrt(2) - 1].
static inline float log1p_tail_f32(float f) {
  float p = 0.0698070196f;
  p = AF_MADD(p, f, -0.114945466f);
  p = AF_MADD(p, f, 0.116890711f);
  p = AF_MADD(p, f, -0.124240377f);
  p = AF_MADD(p, f, 0.142485513f);
  p = AF_MADD(p, f, -0.16667851f);
  p = AF_MADD(p, f, 0.200007305f);
  p = AF_MADD(p, f, -0.249999966f);
  p = AF_MADD(p, f, 0.333333311f);
  float square = f * f;
  return AF_MADD(p * f, square, -0.5f * square);
}

static inline float math_log_f32(float x) {
  int denormal = x < FLT_MIN;
  uint32_t bits = bits_of_f32(denormal ? x * 8388608.0f : x);
  int32_t exponent = (int32_t)(bits - 0x3f3504f3u) >> 23;
  float f = f32_of_bits(bits - ((uint32_t)exponent << 23)) - 1.0f;
  float e = (float)(exponent - (denormal ? 23 : 0));
  float y = AF_MADD(e, LN2_LOW_F32, log1p_tail_f32(f));
  y = AF_MADD(e, LN2_HIGH_F32, f + y);
  y = x < INFINITY ? y : x;
  return x > 0.0f ? y : (x == 0.0f ? -INFINITY : NAN);
}

static inline float math_log1p_f32(float x) {
  float u = 1.0f + x;
  uint32_t bits = bits_of_f32(u);
  int32_t exponent = (int32_t)(bits - 0x3f3504f3u) >> 23;
  float m = f32_of_bits(bits - ((uint32_t)exponent << 23));
  // What the rounding of 1 + x lost, relative to it; nothing is lost where x itself is used.
  float lost = (exponent >= 2 ? 1.0f - (u - x) : x - (u - 1.0f)) / u;
  int direct = exponent == 0;
  float f = direct ? x : m - 1.0f;
  float e = (float)exponent;
  float y = AF_MADD(e, LN2_LOW_F32, log1p_tail_f32(f)) + (direct ? 0.0f : lost);
  y = AF_MADD(e, LN2_HIGH_F32, f + y);
  y = __builtin_fabsf(x) < 2.9802322e-8f ? x : y;
  y = x < INFINITY ? y : x;
  return x > -1.0f ? y : (x == -1.0f ? -INFINITY : NAN);
}

/// tanh |x| = -t / (2 + t) with t = expm1(-2 |x|), or 1 - 2 (1 + t) / (2 + t) where that is the smaller part.
static inline float math_tanh_f32(float x) {
  float c = -2.0f * __builtin_fabsf(x);
  c = c < -30.0f ? -30.0f : c;
  int32_t n;
  float r;
  split_exponent_f32(c, &n, &r);
  float scale = f32_of_bits((uint32_t)(n + 127) << 23), tail = expm1_tail_f32(r), p = r + tail;
  float t = AF_MADD(p, scale, scale - 1.0f), d = 2.0f + t;
  int large = c < -1.0986f;
  float q = (large ? 2.0f * AF_MADD(p, scale, scale) : -t) / d;
  // What t and 2 + t lost to rounding, to first order: 1 / d = (1 + q) / 2 where q is the tangent.
  float lost = AF_MADD((r - p) + tail, scale, AF_MADD(p, scale, (scale - 1.0f) - t));
  float correction = AF_MADD(lost, 1.0f + q, q * (t - (d - 2.0f)));
  q = large ? q : AF_MADD(-0.5f * correction, 1.0f + q, q);
  float y = __builtin_copysignf(large ? 1.0f - q : q, x);
  return __builtin_fabsf(x) < 2.4414062e-4f ? x : y;
}

static inline float exp_of_minus_magnitude_f32(float x) {
  float magnitude = -__builtin_fabsf(x);
  return exp_clamped_f32(magnitude < -104.0f ? -104.0f : magnitude);
}

/// 1 / (1 + t) or t / (1 + t); what 1 + t lost to rounding is put back to first order.
static inline float sigmoid_from_f32(float x, float t) {
  float d = 1.0f + t, lost = t - (d - 1.0f);
  int positive = x >= 0.0f;
  float y = (positive ? 1.0f : t) / d;
  return AF_MADD(-lost * y, positive ? y : 1.0f - y, y);
}

/// softplus(x) = max(x, 0) + log1p(t), t = exp(-|x|) in [0, 1].
static inline float softplus_from_f32(float x, float t) {
  int large = t > 0.41421356f;
  float f = large ? 0.5f * (t - 1.0f) : t;
  float y = f + log1p_tail_f32(f) + (large ? 0.693147181f : 0.0f);
  return (x > 0.0f ? x : 0.0f) + y;
}

static inline float math_sigmoid_f32(float x) {
  return sigmoid_from_f32(x, exp_of_minus_magnitude_f32(x));
}

static inline float math_softplus_f32(float x) {
  return softplus_from_f32(x, exp_of_minus_magnitude_f32(x));
}
