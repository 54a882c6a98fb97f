#define _GNU_SOURCE 1
#include "special.h"

#include <math.h>

// In long double, for what cancels between the terms; only arguments that the vector forms leave out come here.

double af_lgamma(double x) {
#ifdef __APPLE__
  return (double)lgammal(x);  // its `signgam` belongs to the thread
#else
  int sign;
  return (double)lgammal_r(x, &sign);
#endif
}

double af_digamma(double argument) {
  const long double pi = 3.14159265358979323846264338327950288L;
  long double x = argument, shift = 0.0L;
  if (x <= 0.0L) {
    if (x == floorl(x)) return NAN;
    // Reflection: psi(x) = psi(1 - x) - pi / tan(pi x); the tangent has period 1.
    shift = -pi / tanl(pi * (x - floorl(x + 0.5L)));
    x = 1.0L - x;
  }
  for (; x < 16.0L; x += 1.0L) shift -= 1.0L / x;
  // Asymptotic series: log x - 1/(2x) - sum of B_2k / (2k x^2k).
  long double z = 1.0L / (x * x);
  long double series = 1.0L / 12 - z * (1.0L / 120 - z * (1.0L / 252 - z * (1.0L / 240 - z * (1.0L / 132 -
                       z * (691.0L / 32760 - z / 12)))));
  return (double)(shift + (logl(x) - 0.5L / x - z * series));
}

/// P_n(c) where the n-th derivative of pi cot(pi x) is pi^(n+1) P_n(cot(pi x)): P_0 = c, P_(k+1) = -(1 + c^2) P_k'.
static double cotangent_polynomial(int n, double c) {
  double coefficient[AF_POLYGAMMA_ORDERS + 2] = {0.0, 1.0};
  for (int k = 0; k < n; k++) {
    double next[AF_POLYGAMMA_ORDERS + 2] = {0.0};
    for (int power = 1; power <= k + 1; power++) {
      next[power - 1] -= power * coefficient[power];
      next[power + 1] -= power * coefficient[power];
    }
    for (int power = 0; power <= k + 2; power++) coefficient[power] = next[power];
  }
  double value = 0.0;
  for (int power = n + 1; power >= 0; power--) value = value * c + coefficient[power];
  return value;
}

/// Hurwitz zeta(s, x) for s >= 2 and x > 0: the terms below s + 15 one by one, the rest by Euler and Maclaurin.
static double hurwitz_zeta(double s, double x) {
  // B_2k / (2k)!
  static const double bernoulli[] = {1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160,
                                     -691.0 / 1307674368000, 1.0 / 74724249600,
                                     -3617.0 / 10670622842880000};
  double sum = 0.0;
  for (; x < s + 15.0; x += 1.0) sum += pow(x, -s);
  double power = pow(x, -s), tail = x * power / (s - 1.0) + 0.5 * power;
  double factor = s * power / x;
  for (int k = 0; k < 8; k++) {
    tail += bernoulli[k] * factor;
    factor *= (s + 2 * k + 1.0) * (s + 2 * k + 2.0) / (x * x);
  }
  return sum + tail;
}

double af_polygamma(double order, double x) {
  const double pi = 3.14159265358979323846;
  if (order == 0.0) return af_digamma(x);
  if (x != x || !(order > 0.0 && order <= AF_POLYGAMMA_ORDERS) || order != floor(order)) return NAN;
  int n = (int)order, odd = n % 2;
  if (x <= 0.0) {
    if (x == floor(x)) return odd ? INFINITY : NAN;
    double cotangent = 1.0 / tan(pi * (x - floor(x + 0.5)));
    double mirrored = af_polygamma(order, 1.0 - x);
    return (odd ? -mirrored : mirrored) - pow(pi, order + 1.0) * cotangent_polynomial(n, cotangent);
  }
  double magnitude = x == INFINITY ? 0.0 : tgamma(order + 1.0) * hurwitz_zeta(order + 1.0, x);
  return odd ? magnitude : -magnitude;
}
