#ifndef AF_SPECIAL_H
#define AF_SPECIAL_H

// Special functions that the C library lacks, or has only with hidden state.

/// d/dx log Gamma(x); NaN at 0, -1, -2, ...
double af_digamma(double x);

enum { AF_POLYGAMMA_ORDERS = 64 };

/// The derivative of that order of digamma, for whole orders up to AF_POLYGAMMA_ORDERS; at 0, -1, -2, ... infinity for odd
/// orders and NaN for even ones, whose two sides differ.
double af_polygamma(double order, double x);

/// dx / da at which P(a, x), the distribution function of gamma numbers with concentration a, stays what it is.
double af_gamma_slope(double a, double x);

/// log |Gamma(x)|, without the global `signgam`.
double af_lgamma(double x);

#endif
