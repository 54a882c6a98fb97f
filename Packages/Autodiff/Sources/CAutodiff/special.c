#define _GNU_SOURCE 1
#include "special.h"

#include <math.h>

#ifdef __APPLE__
double lgamma_r(double x, int* sign);
float lgammaf_r(float x, int* sign);
#endif

double af_lgamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

float af_lgammaf(float x) {
  int sign;
  return lgammaf_r(x, &sign);
}

double af_digamma(double x) {
  const double pi = 3.14159265358979323846;
  double shift = 0.0;
  if (x <= 0.0) {
    if (x == floor(x)) return NAN;
    // Reflection: psi(x) = psi(1 - x) - pi / tan(pi x); the tangent has period 1.
    shift = -pi / tan(pi * (x - floor(x + 0.5)));
    x = 1.0 - x;
  }
  for (; x < 10.0; x += 1.0) shift -= 1.0 / x;
  // Asymptotic series: log x - 1/(2x) - sum of B_2k / (2k x^2k).
  double z = 1.0 / (x * x);
  double series = 1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132 -
                  z * (691.0 / 32760 - z / 12)))));
  return shift + log(x) - 0.5 / x - z * series;
}
