#ifndef AF_SPECIAL_H
#define AF_SPECIAL_H

// Special functions that the C library lacks, or has only with hidden state.

/// d/dx log Gamma(x); NaN at 0, -1, -2, ...
double af_digamma(double x);

/// log |Gamma(x)|, without the global `signgam`.
double af_lgamma(double x);
float af_lgammaf(float x);

#endif
