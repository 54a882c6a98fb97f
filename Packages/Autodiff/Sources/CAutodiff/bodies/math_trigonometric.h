// Sines, tangents and their inverses in double precision. Polynomials and reductions follow fdlibm
// (Sun Microsystems, 1993); here all ranges share one branch-free path.

#define LARGEST_REDUCED 1.0e6  // beyond, the argument takes more bits of pi than are kept here

/// x = n pi / 2 + r, |r| <= pi / 4 and a little, for |x| <= LARGEST_REDUCED; pi / 2 in 33 + 33 + 33 + 53 bits.
static inline pair reduced_quarter(double x, uint64_t* n) {
  double shifted = AF_MADD(x, 0.63661977236758134308, ROUND_F64);
  double whole = shifted - ROUND_F64;
  *n = bits_of_f64(shifted) - bits_of_f64(ROUND_F64);
  double first = AF_MADD(whole, -1.57079632673412561417e+00, x);
  pair second = exact_sum(first, -whole * 6.07710050630396597660e-11);
  pair third = exact_sum(second.high, -whole * 2.02226624871116645580e-21);
  return ordered_sum(third.high, AF_MADD(whole, -8.47842766036889956997e-32, second.low + third.low));
}

static inline pair sine_reduced(pair r) {
  double z = r.high * r.high;
  double s = 1.58969099521155010221e-10;
  s = AF_MADD(s, z, -2.50507602534068634195e-08);
  s = AF_MADD(s, z, 2.75573137070700676789e-06);
  s = AF_MADD(s, z, -1.98412698298579493134e-04);
  s = AF_MADD(s, z, 8.33333333332248946124e-03);
  s = AF_MADD(s, z, -1.66666666666666324348e-01);
  // sin(r + e) = sin r + e (1 - r^2 / 2)
  return ordered_sum(r.high, AF_MADD(r.high * z, s, AF_MADD(-0.5 * z, r.low, r.low)));
}

static inline pair cosine_reduced(pair r) {
  double z = r.high * r.high, half = 0.5 * z;
  double c = -1.13596475577881948265e-11;
  c = AF_MADD(c, z, 2.08757232129817482790e-09);
  c = AF_MADD(c, z, -2.75573143513906633035e-07);
  c = AF_MADD(c, z, 2.48015872894767294178e-05);
  c = AF_MADD(c, z, -1.38888888888741095749e-03);
  c = AF_MADD(c, z, 4.16666666666666019037e-02);
  pair one = ordered_sum(1.0, -half);
  return ordered_sum(one.high, AF_MADD(z * z, c, AF_MADD(-r.high, r.low, one.low)));
}

static inline double with_sign_of_bit(double x, uint64_t bit) { return f64_of_bits(bits_of_f64(x) ^ bit << 63); }

static inline double math_sin_f64(double x) {
  uint64_t n;
  pair r = reduced_quarter(x, &n), s = sine_reduced(r), c = cosine_reduced(r);
  double y = with_sign_of_bit(n & 1 ? c.high + c.low : s.high + s.low, n >> 1 & 1);
  return __builtin_fabs(x) < 7.450580596923828125e-09 ? x : y;
}

static inline double math_cos_f64(double x) {
  uint64_t n;
  pair r = reduced_quarter(x, &n), s = sine_reduced(r), c = cosine_reduced(r);
  return with_sign_of_bit(n & 1 ? s.high + s.low : c.high + c.low, (n >> 1 ^ n) & 1);
}

static inline double math_tan_f64(double x) {
  uint64_t n;
  pair r = reduced_quarter(x, &n), s = sine_reduced(r), c = cosine_reduced(r);
  int odd = n & 1;
  pair top = {odd ? c.high : s.high, odd ? c.low : s.low}, bottom = {odd ? -s.high : c.high, odd ? -s.low : c.low};
  double y = pair_quotient(top, bottom);
  return __builtin_fabs(x) < 7.450580596923828125e-09 ? x : y;
}

/// atan(y / x) for x, y >= 0, not both 0, from one of five points about which t = tan of the difference is
/// small. The caller keeps x and y away from overflow.
static inline double arc_of_quotient(double y, double x) {
  int above_1 = y >= 0.4375 * x, above_2 = y >= 0.6875 * x, above_3 = y >= 1.1875 * x, above_4 = y >= 2.4375 * x;
  // tan of the point: 0, 1/2, 1, 3/2, infinity as top / bottom
  double top = above_4 ? 1.0 : above_3 ? 1.5 : above_2 ? 1.0 : above_1 ? 0.5 : 0.0;
  double bottom = above_4 ? 0.0 : 1.0;
  double high = above_4   ? 1.57079632679489655800e+00
                : above_3 ? 9.82793723247329054082e-01
                : above_2 ? 7.85398163397448278999e-01
                : above_1 ? 4.63647609000806093515e-01
                          : 0.0;
  double low = above_4   ? 6.12323399573676603587e-17
               : above_3 ? 1.39033110312309984516e-17
               : above_2 ? 3.06161699786838301793e-17
               : above_1 ? 2.26987774529616870924e-17
                         : 0.0;
  pair x_top = exact_product(top, x), y_top = exact_product(top, y);
  pair numerator = exact_sum(bottom * y, -x_top.high), denominator = exact_sum(bottom * x, y_top.high);
  numerator.low -= x_top.low, denominator.low += y_top.low;
  double t = numerator.high / denominator.high;
  pair p = exact_product(t, denominator.high);
  double t_low = (((numerator.high - p.high) - p.low) + (numerator.low - t * denominator.low)) / denominator.high;
  double z = t * t;
  double s = 1.62858201153657823623e-02;
  s = AF_MADD(s, z, -3.65315727442169155270e-02);
  s = AF_MADD(s, z, 4.97687799461593236017e-02);
  s = AF_MADD(s, z, -5.83357013379057348645e-02);
  s = AF_MADD(s, z, 6.66107313738753120669e-02);
  s = AF_MADD(s, z, -7.69187620504482999495e-02);
  s = AF_MADD(s, z, 9.09088713343650656196e-02);
  s = AF_MADD(s, z, -1.11111104054623557880e-01);
  s = AF_MADD(s, z, 1.42857142725034663711e-01);
  s = AF_MADD(s, z, -1.99999999998764832476e-01);
  s = AF_MADD(s, z, 3.33333333333329318027e-01);
  pair sum = ordered_sum(high, t);
  sum.low = above_1 ? sum.low : 0.0;
  return (above_1 ? sum.high : t) + (sum.low + (low + (t_low - t * z * s)));
}

static inline double math_atan_f64(double x) {
  double magnitude = __builtin_fabs(x);
  double y = arc_of_quotient(magnitude > 1.0e18 ? 1.0e18 : magnitude, 1.0);
  y = magnitude < 1.0e-150 ? magnitude : y;
  return __builtin_copysign(y, x);
}

static inline double math_atan2_f64(double y, double x) {
  double a = __builtin_fabs(y), b = __builtin_fabs(x);
  double large = a > b ? a : b;
  // Powers of two bring the larger one near 1; both infinite count as equal.
  double up = large < 1.0e-100 ? 4.149515568880993e180 : 1.0, down = large > 1.0e100 ? 2.409919865102884e-181 : 1.0;
  int both_infinite = (a == INFINITY) & (b == INFINITY);
  a = both_infinite ? 1.0 : a * up * down, b = both_infinite ? 1.0 : b * up * down;
  int steep = (a > 1.0e18 * b) | (a == INFINITY), flat = (b > 1.0e18 * a) | (b == INFINITY);
  double quotient = a / (flat ? b : 1.0);
  double angle = arc_of_quotient((steep | flat) ? 1.0 : a, (steep | flat) ? 1.0 : b);
  angle = steep ? 1.57079632679489655800e+00 : flat ? quotient : angle;
  angle = ((a == 0.0) & (b == 0.0)) ? 0.0 : angle;
  int left = bits_of_f64(x) >> 63 != 0;
  pair mirrored = exact_sum(3.14159265358979311600e+00, -angle);
  angle = left ? mirrored.high + (mirrored.low + 1.22464679914735317720e-16) : angle;
  angle = __builtin_copysign(angle, y);
  return ((x == x) & (y == y)) ? angle : x + y;
}

/// (asin(s) - s) / s for s^2 = z, |s| <= 1/2.
static inline double arcsine_ratio(double z) {
  double p = 3.47933107596021167570e-05, q = 7.70381505559019352791e-02;
  p = AF_MADD(p, z, 7.91534994289814532176e-04);
  p = AF_MADD(p, z, -4.00555345006794114027e-02);
  p = AF_MADD(p, z, 2.01212532134862925881e-01);
  p = AF_MADD(p, z, -3.25565818622400915405e-01);
  p = AF_MADD(p, z, 1.66666666666666657415e-01);
  q = AF_MADD(q, z, -6.88283971605453293030e-01);
  q = AF_MADD(q, z, 2.02094576023350569471e+00);
  q = AF_MADD(q, z, -2.40339491173441421878e+00);
  q = AF_MADD(q, z, 1.0);
  return z * p / q;
}

/// For |x| >= 1/2: s with 2 asin(s) = acos |x|, as a pair, and z = s^2; for |x| < 1/2: |x| and its square.
static inline pair half_angle_sine(double magnitude, double* z) {
  int outer = magnitude >= 0.5;
  *z = outer ? 0.5 * (1.0 - magnitude) : magnitude * magnitude;
  double root = __builtin_elementwise_sqrt(*z);
  pair square = exact_product(root, root);
  double low = root > 0.0 ? ((*z - square.high) - square.low) / (2.0 * root) : 0.0;
  return (pair){outer ? root : magnitude, outer ? low : 0.0};
}

static inline double math_asin_f64(double x) {
  double magnitude = __builtin_fabs(x), z;
  pair s = half_angle_sine(magnitude, &z);
  double tail = AF_MADD(s.high, arcsine_ratio(z), s.low);
  pair outer = ordered_sum(1.57079632679489655800e+00, -2.0 * s.high);
  double y = magnitude >= 0.5 ? outer.high + (outer.low + (6.12323399573676603587e-17 - 2.0 * tail)) : s.high + tail;
  return __builtin_copysign(magnitude < 1.0e-150 ? magnitude : y, x);
}

static inline double math_acos_f64(double x) {
  double magnitude = __builtin_fabs(x), z;
  pair s = half_angle_sine(magnitude, &z);
  double tail = AF_MADD(s.high, arcsine_ratio(z), s.low);
  // pi - 2 asin s, 2 asin s, or pi / 2 - asin x
  double sine = magnitude >= 0.5 ? -2.0 * s.high : -__builtin_copysign(s.high, x);
  double rest = magnitude >= 0.5 ? -2.0 * tail : -__builtin_copysign(tail, x);
  int left = x <= -0.5;
  pair sum = ordered_sum(left ? 3.14159265358979311600e+00 : 1.57079632679489655800e+00, sine);
  double y = sum.high + (sum.low + ((left ? 1.22464679914735317720e-16 : 6.12323399573676603587e-17) + rest));
  return x >= 0.5 ? -(sine + rest) : y;
}
