#ifndef CREFERENCEFUNCTIONS_H
#define CREFERENCEFUNCTIONS_H

// Values of the transcendental functions in the C library's long double, to measure Autodiff's against.

/// Bits in the significand of long double here: 64 on x86-64, 113 on arm64 Linux, 53 where it is a double
/// (and no reference for double precision).
int reference_precision(void);

/// value + remainder = f(x), or f(x, y), to long double precision. `name` as in Autodiff ("exp", "logGamma",
/// "atan2"); returns 0 for an unknown one.
int reference_value(const char* name, double x, double y, double* value, double* remainder);

#endif
