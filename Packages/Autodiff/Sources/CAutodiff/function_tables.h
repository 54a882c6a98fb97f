#ifndef AF_FUNCTION_TABLES_H
#define AF_FUNCTION_TABLES_H

// Piecewise polynomials, 16 pieces per octave of the argument v; Tools/make_function_tables.py writes them
// and says how a row is laid out.

enum { AF_TABLE_DEGREE = 11, AF_TABLE_ROW = AF_TABLE_DEGREE + 2 };

/// erf(x) / x, v = 1 + x in [1, 7).
extern const double af_table_erf[44][AF_TABLE_ROW];
/// exp(x^2) erfc(x), v = 1 + x in [1, 29).
extern const double af_table_erfc[77][AF_TABLE_ROW];
/// erfInverse(x) / x, v = 1 - log(1 - x^2) in [1, 39).
extern const double af_table_erfinv[84][AF_TABLE_ROW];
/// log Gamma(v) / ((v - 1) (v - 2)), v in [1/4, 16).
extern const double af_table_lgamma[96][AF_TABLE_ROW];
/// psi(v) / (v - v0) with its root v0, v in [1/4, 16).
extern const double af_table_digamma[96][AF_TABLE_ROW];

#endif
