// Numbers held as unevaluated sums of two doubles, for results within one rounding of the exact value.
// T. J. Dekker, A floating-point technique for extending the available precision, Numer. Math. 18 (1971).

typedef struct {
  double high, low;
} pair;

/// a + b exactly.
static inline pair exact_sum(double a, double b) {
  double s = a + b, part = s - a;
  return (pair){s, (a - (s - part)) + (b - part)};
}

/// a + b exactly where |a| >= |b|.
static inline pair ordered_sum(double a, double b) {
  double s = a + b;
  return (pair){s, b - (s - a)};
}

/// a b exactly, barring overflow.
static inline pair exact_product(double a, double b) {
  double p = a * b;
#if AF_FUSED_MULTIPLY_ADD
  return (pair){p, __builtin_elementwise_fma(a, b, -p)};
#else
  double split_a = 134217729.0 * a, split_b = 134217729.0 * b;
  double a_high = split_a - (split_a - a), b_high = split_b - (split_b - b);
  double a_low = a - a_high, b_low = b - b_high;
  return (pair){p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low};
#endif
}

static inline pair pair_product(pair a, pair b) {
  pair p = exact_product(a.high, b.high);
  return ordered_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

static inline pair pair_plus(pair a, double b) {
  pair s = exact_sum(a.high, b);
  return ordered_sum(s.high, s.low + a.low);
}

static inline pair pair_sum(pair a, pair b) {
  pair s = exact_sum(a.high, b.high);
  return ordered_sum(s.high, s.low + (a.low + b.low));
}

/// a / b rounded once, nearly.
static inline double pair_quotient(pair a, pair b) {
  double q = a.high / b.high;
  pair p = exact_product(q, b.high);
  return q + (((a.high - p.high) - p.low) + (a.low - q * b.low)) / b.high;
}

/// e^(x + low) - 1 = 2^n (1 + result) - 1 for the reduced argument; n as an integer, -1100 < n < 1100.
static inline pair expm1_reduced_pair(double x, double low, uint64_t* n) {
  double shifted = AF_MADD(x, LOG2E_F64, ROUND_F64);
  double whole = shifted - ROUND_F64;
  *n = bits_of_f64(shifted) - bits_of_f64(ROUND_F64);
  double high = AF_MADD(whole, -LN2_HIGH_F64, x);
  double rest = AF_MADD(whole, LN2_LOW_F64, -low);
  double r = high - rest, r_low = (high - r) - rest;
  pair p = ordered_sum(r, expm1_tail_f64(r));
  return (pair){p.high, p.low + AF_MADD(r_low, p.high, r_low)};
}

/// x 2^n in two steps, so that neither leaves the range too early.
static inline double scaled(double x, uint64_t n) {
  uint64_t half = (n + 2048) >> 1;  // n / 2 + 1024
  return x * f64_of_bits((half - 1) << 52) * f64_of_bits((n - half + 2047) << 52);
}

/// (e^x - 1) / 2 for x in [-50, 710].
static inline pair half_expm1_pair(double x) {
  uint64_t n;
  pair p = expm1_reduced_pair(x, 0.0, &n);
  double scale = f64_of_bits((n + 1022) << 52);
  pair e = ordered_sum(1.0, p.high), s = exact_sum(-0.5, scale * e.high);
  return ordered_sum(s.high, s.low + scale * (e.low + p.low));
}

/// log x for positive x, to about 2^-65 of its value; -inf, 0 at 0, inf, 0 at inf.
static inline pair log_pair(double x) {
  int denormal = x < DBL_MIN;
  double m, e = split_mantissa_f64(denormal ? x * 18014398509481984.0 : x, &m);
  e -= denormal ? 54.0 : 0.0;
  // With f = m - 1, s = f / (2 + f), z = s^2: log m = 2 s + s z (2/3 + 2/5 z + 2/7 z^2 + ...).
  double f = m - 1.0, d = 2.0 + f, d_low = f - (d - 2.0), high = f / d;
  pair p = exact_product(high, d);
  pair s = {high, (((f - p.high) - p.low) - high * d_low) / d};
  pair z = pair_product(s, s);
  double w = 0.10765126886769225527;
  w = AF_MADD(w, z.high, 0.10456028749030954955);
  w = AF_MADD(w, z.high, 0.11766826456814579898);
  w = AF_MADD(w, z.high, 0.1333329622582820865);
  w = AF_MADD(w, z.high, 0.15384615765102574695);
  w = AF_MADD(w, z.high, 0.18181818179629906725);
  w = AF_MADD(w, z.high, 0.22222222222228520202);
  w = AF_MADD(w, z.high, 0.28571428571428564455);
  w = AF_MADD(w, z.high, 0.4);
  pair c = ordered_sum(0.66666666666666662966, w * z.high);
  c.low += 3.7007434154171882626e-17;  // the rest of 2/3
  pair tail = pair_product(pair_product(s, z), c);
  pair exponent = exact_sum(e * LN2_HIGH_F64, 2.0 * s.high);
  pair sum = exact_sum(exponent.high, tail.high);
  sum.low += (AF_MADD(e, LN2_LOW_F64, exponent.low) + tail.low) + 2.0 * s.low;
  pair y = ordered_sum(sum.high, sum.low);
  y.high = x < INFINITY ? y.high : x;
  y.high = x > 0.0 ? y.high : -INFINITY;
  y.low = ((x > 0.0) & (x < INFINITY)) ? y.low : 0.0;
  return y;
}

/// A tabulated function of v at x = v - offset; v must be inside the table, whose first octave starts at
/// the double with the bits `first`.
static inline pair tabulated(const double (*table)[AF_TABLE_ROW], uint64_t first, double v, double x,
                             double offset) {
  uint64_t piece = (bits_of_f64(v) - first) >> 48;
  double centre = f64_of_bits((piece << 48) + first + 0x0000800000000000u);
  double t = x - (centre - offset);
  const double* row = table[piece];
  double sum = row[0];
#pragma clang loop unroll(full)
  for (int i = 1; i < AF_TABLE_DEGREE; i++) sum = AF_MADD(sum, t, row[i]);
  return ordered_sum(row[AF_TABLE_DEGREE + 1], AF_MADD(sum, t, row[AF_TABLE_DEGREE]));
}
