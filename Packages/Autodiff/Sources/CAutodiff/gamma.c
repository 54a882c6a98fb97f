#include "include/CAutodiff.h"
#include "special.h"

#include <math.h>

/// The second word of a number's own counters; the first is 0.
typedef struct {
  uint32_t key[2], counter;
} stream;

/// Uniform on (0, 1), never an end.
static double next_uniform(stream* s) {
  uint32_t words[2];
  af_threefry2x32(s->key[0], s->key[1], 0, s->counter++, words);
  uint64_t bits = ((uint64_t)words[0] << 32 | words[1]) >> 11;
  return ((double)bits + 0.5) * 0x1p-53;
}

/// Box and Muller 1958.
static double next_normal(stream* s) {
  double radius = sqrt(-2.0 * log(next_uniform(s)));
  return radius * cos(6.28318530717958647693 * next_uniform(s));
}

/// Marsaglia and Tsang 2000; a concentration below 1 by G(a) = G(a + 1) U^(1/a).
static double next_gamma(stream* s, double a) {
  if (!(a > 0.0)) return a == 0.0 ? 0.0 : NAN;
  if (a == INFINITY) return INFINITY;
  double boost = a < 1.0 ? exp(log(next_uniform(s)) / a) : 1.0;
  double d = (a < 1.0 ? a + 1.0 : a) - 1.0 / 3.0, c = 1.0 / sqrt(9.0 * d);
  for (;;) {
    double x = next_normal(s), v = 1.0 + c * x;
    if (v <= 0.0) continue;
    v = v * v * v;
    if (log(next_uniform(s)) < 0.5 * x * x + d - d * v + d * log(v)) return d * v * boost;
  }
}

#define GAMMA_LOOP(type)                                                                       \
  for (int64_t i = 0; i < count; i++) {                                                        \
    stream s = {{0, 0}, 0};                                                                    \
    af_random_key_pairs(key, start + i, 1, s.key);                                             \
    ((type*)dst)[i] = (type)next_gamma(&s, (double)((const type*)concentration)[i]);           \
  }

void af_random_gamma(af_dtype type, const uint32_t key[2], int64_t start, int64_t count, const void* concentration,
                     void* dst) {
  if (type == AF_F32) {
    GAMMA_LOOP(float)
  } else if (type == AF_F64) {
    GAMMA_LOOP(double)
  } else {
    __builtin_trap();
  }
}

// With density f(x) = x^(a-1) e^-x / Gamma(a), dx/da = -(dP/da) / f = (dQ/da) / f. Both expansions are differentiated
// term by term.

/// P(a, x) = f x / a * sum of x^n / ((a + 1) ... (a + n)); for x < a + 1.
static double slope_by_series(double a, double x) {
  double term = 1.0, d_term = 0.0, sum = 1.0, d_sum = 0.0;
  for (double n = 1.0; term > 1e-17 * sum || fabs(d_term) > 1e-17 * fabs(d_sum); n += 1.0) {
    double ratio = x / (a + n);
    d_term = (d_term - term / (a + n)) * ratio;
    term *= ratio;
    sum += term;
    d_sum += d_term;
  }
  return -x / a * (sum * (log(x) - af_digamma(a + 1.0)) + d_sum);
}

/// Q(a, x) = f x h with a continued fraction h, evaluated by the method of Lentz; for x >= a + 1.
static double slope_by_fraction(double a, double x) {
  double b = x + 1.0 - a;  // grows by 2 per step; db/da = -1 always
  double c = 1e300, d_c = 0.0, d = 1.0 / b, d_d = d * d, h = d, d_h = d_d;
  for (int n = 1; n < 100000; n++) {
    double numerator = -n * (n - a), d_numerator = n;
    b += 2.0;
    double below = numerator * d + b, d_below = d_numerator * d + numerator * d_d - 1.0;
    double next = b + numerator / c;
    d_c = -1.0 + d_numerator / c - numerator * d_c / c / c;
    c = next;
    d = 1.0 / below;
    d_d = -d_below * d * d;
    double step = c * d, d_step = d_c * d + c * d_d;
    d_h = d_h * step + h * d_step;
    h *= step;
    if (fabs(step - 1.0) < 1e-16 && fabs(h * d_step) <= 1e-16 * fabs(d_h)) break;
  }
  return x * (d_h + h * (log(x) - af_digamma(a)));
}

double af_gamma_slope(double a, double x) {
  if (!(a > 0.0 && x >= 0.0) || a == INFINITY || x == INFINITY) return NAN;
  if (x == 0.0) return 0.0;
  return x < a + 1.0 ? slope_by_series(a, x) : slope_by_fraction(a, x);
}
