// Hyperbolic and error functions, the logarithm of the gamma function and its derivative, powers; double
// precision, branch-free.

static inline double math_expm1_f64(double x) {
  double c = x > 710.0 ? 710.0 : x;
  pair half = half_expm1_pair(c < -50.0 ? -50.0 : c);
  return __builtin_fabs(x) < 5.5511151231257827e-17 ? x : 2.0 * (half.high + half.low);
}

/// tanh |x| = -t / (2 + t) with t = expm1(-2 |x|).
static inline double math_tanh_f64(double x) {
  double c = -2.0 * __builtin_fabs(x);
  pair half = half_expm1_pair(c < -50.0 ? -50.0 : c);
  double y = pair_quotient((pair){-half.high, -half.low}, pair_plus(half, 1.0));
  return __builtin_copysign(__builtin_fabs(x) < 1.0e-8 ? __builtin_fabs(x) : y, x);
}

/// sinh |x| = h + h / (1 + 2 h) with h = expm1 |x| / 2, or e^|x| / 2.
static inline double math_sinh_f64(double x) {
  double magnitude = __builtin_fabs(x);
  uint64_t n;
  pair p = expm1_reduced_pair(magnitude > 711.0 ? 711.0 : magnitude, 0.0, &n), e = ordered_sum(1.0, p.high);
  e.low += p.low;
  int large = magnitude > 40.0;
  double quarter = f64_of_bits((n + 1021) << 52), scale = large ? 1.0 : 2.0 * quarter;
  pair s = exact_sum(-0.5, scale * e.high), half = ordered_sum(s.high, s.low + scale * e.low);
  double other = pair_quotient(half, pair_plus((pair){2.0 * half.high, 2.0 * half.low}, 1.0));
  pair sum = exact_sum(half.high, other);
  double y = large ? 2.0 * (quarter * (e.high + e.low)) : sum.high + (sum.low + half.low);
  y = magnitude < 1.0e-8 ? magnitude : y;
  return __builtin_copysign(magnitude < INFINITY ? y : magnitude, x);
}

/// cosh x = h + 1 / (4 h) with h = e^|x| / 2.
static inline double math_cosh_f64(double x) {
  double magnitude = __builtin_fabs(x);
  uint64_t n;
  pair p = expm1_reduced_pair(magnitude > 711.0 ? 711.0 : magnitude, 0.0, &n), e = ordered_sum(1.0, p.high);
  e.low += p.low;
  int large = magnitude > 40.0;
  double quarter = f64_of_bits((n + 1021) << 52), scale = large ? 1.0 : 2.0 * quarter;
  double half = scale * e.high;
  pair sum = exact_sum(half, 0.25 / half);
  double y = large ? 2.0 * (quarter * (e.high + e.low)) : sum.high + (sum.low + scale * e.low);
  return magnitude < INFINITY ? y : magnitude;
}

#define FIRST_OF_ONE 0x3ff0000000000000u
#define FIRST_OF_QUARTER 0x3fd0000000000000u

static inline double math_erf_f64(double x) {
  double magnitude = __builtin_fabs(x);
  double c = magnitude < 5.99 ? magnitude : 5.99;
  pair ratio = tabulated(af_table_erf, FIRST_OF_ONE, 1.0 + c, c, 1.0);
  double y = AF_MADD(c, ratio.high, c * ratio.low);
  y = magnitude < 5.99 ? y : (x == x ? 1.0 : x);
  return __builtin_copysign(y, x);
}

/// erfc |x| = e^(-x^2) times a tabulated factor.
static inline double math_erfc_f64(double x) {
  double magnitude = __builtin_fabs(x);
  double c = magnitude < 27.5 ? magnitude : 27.5;
  pair factor = tabulated(af_table_erfc, FIRST_OF_ONE, 1.0 + c, c, 1.0);
  pair square = exact_product(c, c);
  uint64_t n;
  pair p = expm1_reduced_pair(-square.high, -square.low, &n);
  pair e = ordered_sum(1.0, p.high);
  e.low += p.low;
  pair y = pair_product(e, factor);
  pair mirrored = exact_sum(2.0, -scaled(y.high, n));
  double left = mirrored.high + (mirrored.low - scaled(y.low, n));
  double right = scaled(y.high + y.low, n);
  return x == x ? (x < 0.0 ? left : right) : x;
}

/// x times a tabulated factor of w = -log(1 - x^2).
static inline double math_erfinv_f64(double x) {
  double w = -math_log_f64((1.0 - x) * (1.0 + x));
  double c = w < 37.9 ? w : 37.9;
  c = c > 0.0 ? c : 0.0;
  pair ratio = tabulated(af_table_erfinv, FIRST_OF_ONE, 1.0 + c, c, 1.0);
  double y = AF_MADD(x, ratio.high, x * ratio.low), magnitude = __builtin_fabs(x);
  y = __builtin_copysign(y, x);
  return magnitude < 1.0 ? y : (magnitude == 1.0 ? x * INFINITY : NAN);
}

/// log Gamma(x) for x > 0.
static inline double lgamma_of_positive(double x) {
  // Stirling's series from 16 on, (x - 1) (x - 2) times a tabulated factor below, that at 1 + x below 1/4.
  int large = x >= 16.0, small = x < 0.25, huge = x > 1.0e290;
  double c = large ? 4.0 : x;
  pair logarithm = log_pair(x);
  pair first = exact_sum(c, small ? 0.0 : -1.0), second = exact_sum(c, small ? -1.0 : -2.0);
  pair factor = tabulated(af_table_lgamma, FIRST_OF_QUARTER, small ? 1.0 + c : c, c, small ? 1.0 : 0.0);
  pair product = pair_product(pair_product(first, second), factor);
  pair below = pair_sum(product, (pair){small ? -logarithm.high : 0.0, small ? -logarithm.low : 0.0});

  double s = (large & !huge) ? x : 16.0, z = 1.0 / (s * s);
  double series = 1.0 / 156;
  series = AF_MADD(series, z, -691.0 / 360360);
  series = AF_MADD(series, z, 1.0 / 1188);
  series = AF_MADD(series, z, -1.0 / 1680);
  series = AF_MADD(series, z, 1.0 / 1260);
  series = AF_MADD(series, z, -1.0 / 360);
  series = AF_MADD(series, z, 1.0 / 12);
  pair main = pair_product((pair){s - 0.5, 0.0}, logarithm);
  pair above = pair_sum(pair_plus(main, -s), (pair){9.1893853320467278056e-01, -3.878294158067242e-17 + series / s});
  double y = large ? above.high + above.low : below.high + below.low;
  y = huge ? x * (logarithm.high - 1.0) : y;
  return x < INFINITY ? y : INFINITY;
}

/// psi(x) for x > 0.
static inline double digamma_of_positive(double x) {
  int large = x >= 16.0, small = x < 0.25;
  double c = large ? 4.0 : x;
  pair factor = tabulated(af_table_digamma, FIRST_OF_QUARTER, small ? 1.0 + c : c, c, small ? 1.0 : 0.0);
  pair distance = exact_sum(c, small ? -0x1.762d86356be3fp-1 * 2.0 + 1.0 : -0x1.762d86356be3fp+0);
  distance.low -= 0x1.b86a722197829p-54;
  pair product = pair_product(distance, factor);
  // The rest of the tiny matters to nothing: 1 / x is all there is.
  int tiny = x < 1.0e-20;
  double reciprocal = small ? 1.0 / x : 0.0;
  pair square = exact_product(tiny ? 0.0 : reciprocal, small ? x : 0.0);
  double reciprocal_low = small ? ((1.0 - square.high) - square.low) * reciprocal : 0.0;
  pair below = exact_sum(tiny ? 0.0 : -reciprocal, product.high);
  double s = large ? x : 16.0, inverse = 1.0 / s, z = inverse * inverse;
  double series = 1.0 / 12;
  series = AF_MADD(series, z, -691.0 / 32760);
  series = AF_MADD(series, z, 1.0 / 132);
  series = AF_MADD(series, z, -1.0 / 240);
  series = AF_MADD(series, z, 1.0 / 252);
  series = AF_MADD(series, z, -1.0 / 120);
  series = AF_MADD(series, z, 1.0 / 12);
  double above = math_log_f64(s) - (0.5 * inverse + z * series);
  double y = below.high + (below.low + (product.low - reciprocal_low));
  y = tiny ? -reciprocal : y;
  return large ? above : y;
}

/// |x|^y with the signs and special cases of IEEE 754's pow.
static inline double math_pow_f64(double x, double y) {
  double magnitude = __builtin_fabs(x);
  pair logarithm = log_pair(magnitude);
  double leading = logarithm.high * y;
  pair exponent = exact_product(logarithm.high, __builtin_fabs(leading) < 800.0 ? y : 0.0);
  double low = AF_MADD(logarithm.low, __builtin_fabs(leading) < 800.0 ? y : 0.0, exponent.low);
  double high = leading > 710.0 ? 710.0 : leading;
  high = high < -746.0 ? -746.0 : high;
  uint64_t n;
  pair p = expm1_reduced_pair(high, ((high == leading) & (low == low)) ? low : 0.0, &n);
  pair e = ordered_sum(1.0, p.high);
  double r = scaled(e.high + (e.low + p.low), n);
  r = magnitude == 1.0 ? 1.0 : r;

  // Adding 2^52 rounds to an integer.
  const double unit = 4503599627370496.0;
  double size = __builtin_fabs(y), half = 0.5 * size;
  int whole = (size >= unit) | ((size + unit) - unit == size);
  int odd = whole & (size < 2.0 * unit) & ((half + unit) - unit != half);
  int negative = bits_of_f64(x) >> 63 != 0;
  r = (negative & odd) ? -r : r;
  int undefined = (x < 0.0) & (x > -INFINITY) & !whole;
  r = undefined ? NAN : r;
  r = ((x == x) & (y == y)) ? r : x + y;
  return ((y == 0.0) | (x == 1.0)) ? 1.0 : r;
}
