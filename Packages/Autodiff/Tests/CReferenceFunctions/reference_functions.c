#define _GNU_SOURCE 1
#include "CReferenceFunctions.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef long double real;

static real sigmoid(real x) { return x > 0 ? 1 / (1 + expl(-x)) : expl(x) / (1 + expl(x)); }
static real softplus(real x) { return x > 0 ? x + log1pl(expl(-x)) : log1pl(expl(x)); }
static real reciprocal_root(real x) { return 1 / sqrtl(x); }

static real log_gamma(real x) {
#ifdef __APPLE__
  return lgammal(x);
#else
  int sign;
  return lgammal_r(x, &sign);
#endif
}

/// psi^(k)(x0) / k! at the positive root x0 of psi.
static const real at_root[] = {
    0.9676722454476211704274448L,   -0.4427631689835921060928653L,  0.2584997609556510106244014L,
    -0.1639427054424065275042513L,  0.1078240506912623657571829L,   -0.07219956125645471092612178L,
    0.04880428816414310722509253L,  -0.0331611264748473592922584L,  0.02259764823221810465962483L,
    -0.01542476590494895913880032L, 0.01053879161661217538812405L,  -0.007204534386356868240970474L,
    0.004926781395729853446354266L, -0.003369801655439328082792857L, 0.00230512632673492783693838L};

/// B_2k / (2 k).
static const real asymptotic[] = {
    1.0L / 12, -1.0L / 120, 1.0L / 252, -1.0L / 240, 1.0L / 132, -691.0L / 32760, 1.0L / 12,
    -3617.0L / 8160, 43867.0L / 14364, -174611.0L / 6600, 77683.0L / 276};

static real digamma(real x) {
  const real pi = 3.14159265358979323846264338327950288L;
  real h = (x - 0x1.762d86356be3fp+0L) - 9.549995429965697715184199e-17L;
  if (fabsl(h) < 0.04L) {
    real sum = 0;
    for (int k = (int)(sizeof at_root / sizeof *at_root) - 1; k >= 0; k--) sum = (sum + at_root[k]) * h;
    return sum;
  }
  real shift = 0;
  if (x <= 0) {
    if (x == floorl(x)) return NAN;
    shift = -pi / tanl(pi * (x - floorl(x + 0.5L)));
    x = 1 - x;
  }
  for (; x < 40; x += 1) shift -= 1 / x;
  real z = 1 / (x * x), series = 0;
  for (int k = (int)(sizeof asymptotic / sizeof *asymptotic) - 1; k >= 0; k--) series = z * (asymptotic[k] + series);
  return shift + (logl(x) - 0.5L / x - series);
}

/// Halley's iteration from Winitzki's formula, on erfc where erf is close to 1.
static real inverse_error_function(real x) {
  real a = fabsl(x);
  if (!(a < 1)) return a == 1 ? x * INFINITY : NAN;
  if (a < 1e-12L) return x * 0.886226925452758013649083741670572591L;
  real l = log1pl(-a * a), u = 4.3307467508L + l / 2, y = sqrtl(sqrtl(u * u - l / 0.147L) - u);
  for (int step = 0; step < 8; step++) {
    real excess = a < 0.5L ? erfl(y) - a : (1 - a) - erfcl(y);
    real newton = excess * 0.886226925452758013649083741670572591L * expl(y * y);
    y -= newton / (1 + y * newton);
  }
  return copysignl(y, x);
}

typedef struct {
  const char* name;
  real (*function)(real);
} entry;

static const entry entries[] = {
    {"exp", expl}, {"expm1", expm1l}, {"log", logl}, {"log1p", log1pl}, {"sqrt", sqrtl},
    {"rsqrt", reciprocal_root}, {"tanh", tanhl}, {"sigmoid", sigmoid}, {"softplus", softplus},
    {"sin", sinl}, {"cos", cosl}, {"tan", tanl}, {"asin", asinl}, {"acos", acosl}, {"atan", atanl},
    {"sinh", sinhl}, {"cosh", coshl}, {"erf", erfl}, {"erfc", erfcl}, {"erfInverse", inverse_error_function},
    {"logGamma", log_gamma}, {"digamma", digamma}};

int reference_precision(void) { return LDBL_MANT_DIG; }

static int split(real x, double* value, double* remainder) {
  *value = (double)x;
  *remainder = isfinite(*value) ? (double)(x - *value) : 0;
  return 1;
}

int reference_value(const char* name, double x, double y, double* value, double* remainder) {
  if (strcmp(name, "pow") == 0) return split(powl(x, y), value, remainder);
  if (strcmp(name, "atan2") == 0) return split(atan2l(x, y), value, remainder);
  for (unsigned i = 0; i < sizeof entries / sizeof *entries; i++)
    if (strcmp(name, entries[i].name) == 0) return split(entries[i].function(x), value, remainder);
  return 0;
}
