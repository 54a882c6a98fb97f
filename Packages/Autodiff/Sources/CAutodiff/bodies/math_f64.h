// Double-precision exp, log and their relatives: at most about 2 ulp over the whole range. The logarithm
// follows the argument reduction of fdlibm. Shifts of 64-bit lanes stay logical and integers become
// floats by adding 2^52, because SSE2 and AVX2 have neither arithmetic shift nor conversion for them.

#define LN2_HIGH_F64 6.93147180369123816490e-01
#define LN2_LOW_F64 1.90821492927058770002e-10
#define LOG2E_F64 1.44269504088896340736
#define ROUND_F64 6755399441055744.0  // 1.5 * 2^52

/// x = n ln 2 + r with |r| <= ln(2) / 2.
static inline void split_exponent_f64(double x, uint64_t* n, double* r) {
  double shifted = AF_MADD(x, LOG2E_F64, ROUND_F64);
  double whole = shifted - ROUND_F64;
  *n = bits_of_f64(shifted) - bits_of_f64(ROUND_F64);
  *r = AF_MADD(whole, -LN2_LOW_F64, AF_MADD(whole, -LN2_HIGH_F64, x));
}

/// expm1(r) - r for the reduced argument.
static inline double expm1_tail_f64(double r) {
  double q = 2.0914831351380410561e-9;
  q = AF_MADD(q, r, 2.5105419192016336433e-8);
  q = AF_MADD(q, r, 2.7557273295539724343e-7);
  q = AF_MADD(q, r, 2.7557254913486702019e-6);
  q = AF_MADD(q, r, 2.480158732582228205e-5);
  q = AF_MADD(q, r, 1.9841269875205076848e-4);
  q = AF_MADD(q, r, 1.3888888888883669627e-3);
  q = AF_MADD(q, r, 8.3333333333260249508e-3);
  q = AF_MADD(q, r, 4.1666666666666669814e-2);
  q = AF_MADD(q, r, 0.16666666666666671074);
  q = AF_MADD(q, r, 0.5);
  return r * r * q;
}

static inline double exp_clamped_f64(double x) {
  uint64_t n;
  double r;
  split_exponent_f64(x, &n, &r);
  double p = (r + expm1_tail_f64(r)) + 1.0;
  uint64_t half = (n + 2048) >> 1;  // n / 2 + 1024
  double low = f64_of_bits((half - 1) << 52);
  double high = f64_of_bits((n - half + 2047) << 52);
  return p * low * high;
}

static inline double math_exp_f64(double x) {
  x = x > 710.0 ? 710.0 : x;
  x = x < -746.0 ? -746.0 : x;
  return exp_clamped_f64(x);
}

/// log(1 + f) + e ln 2 + lost, for 1 + f in [sqrt(1/2), sqrt(2)].
static inline double log_reduced_f64(double f, double e, double lost) {
  double s = f / (2.0 + f);
  double z = s * s;
  double series = 1.479819860511658591e-01;
  series = AF_MADD(series, z, 1.531383769920937332e-01);
  series = AF_MADD(series, z, 1.818357216161805012e-01);
  series = AF_MADD(series, z, 2.222219843214978396e-01);
  series = AF_MADD(series, z, 2.857142874366239149e-01);
  series = AF_MADD(series, z, 3.999999999940941908e-01);
  series = AF_MADD(series, z, 6.666666666666735130e-01);
  double half_square = 0.5 * f * f;
  double tail = AF_MADD(s, AF_MADD(z, series, half_square), AF_MADD(e, LN2_LOW_F64, lost));
  return AF_MADD(e, LN2_HIGH_F64, f - (half_square - tail));
}

/// Splits a positive normal number into 2^e m, m in [sqrt(1/2), sqrt(2)); returns e.
static inline double split_mantissa_f64(double x, double* m) {
  uint64_t bits = bits_of_f64(x) + (0x3ff0000000000000u - 0x3fe6a09e00000000u);
  *m = f64_of_bits((bits & 0x000fffffffffffffu) + 0x3fe6a09e00000000u);
  return f64_of_bits((bits >> 52) | 0x4330000000000000u) - (4503599627370496.0 + 1023.0);
}

static inline double math_log_f64(double x) {
  int denormal = x < DBL_MIN;
  double m;
  double e = split_mantissa_f64(denormal ? x * 18014398509481984.0 : x, &m);
  double y = log_reduced_f64(m - 1.0, e - (denormal ? 54.0 : 0.0), 0.0);
  y = x < INFINITY ? y : x;
  return x > 0.0 ? y : (x == 0.0 ? -INFINITY : NAN);
}

static inline double math_log1p_f64(double x) {
  double u = 1.0 + x, m;
  double e = split_mantissa_f64(u, &m);
  double lost = (e >= 2.0 ? 1.0 - (u - x) : x - (u - 1.0)) / u;
  int direct = e == 0.0;
  double y = log_reduced_f64(direct ? x : m - 1.0, e, direct ? 0.0 : lost);
  y = __builtin_fabs(x) < 5.5511151231257827e-17 ? x : y;
  y = x < INFINITY ? y : x;
  return x > -1.0 ? y : (x == -1.0 ? -INFINITY : NAN);
}

static inline double exp_of_minus_magnitude_f64(double x) {
  double magnitude = -__builtin_fabs(x);
  return exp_clamped_f64(magnitude < -746.0 ? -746.0 : magnitude);
}

/// 1 / (1 + t) or t / (1 + t); what 1 + t lost to rounding is put back to first order.
static inline double sigmoid_from_f64(double x, double t) {
  double d = 1.0 + t, lost = t - (d - 1.0);
  int positive = x >= 0.0;
  double y = (positive ? 1.0 : t) / d;
  return AF_MADD(-lost * y, positive ? y : 1.0 - y, y);
}

/// softplus(x) = max(x, 0) + log1p(t), t = exp(-|x|) in [0, 1].
static inline double softplus_from_f64(double x, double t) {
  int large = t > 0.41421356237309503;
  double f = large ? 0.5 * (t - 1.0) : t;
  double y = log_reduced_f64(f, large ? 1.0 : 0.0, 0.0);
  return (x > 0.0 ? x : 0.0) + y;
}

static inline double math_sigmoid_f64(double x) {
  return sigmoid_from_f64(x, exp_of_minus_magnitude_f64(x));
}

static inline double math_softplus_f64(double x) {
  return softplus_from_f64(x, exp_of_minus_magnitude_f64(x));
}
