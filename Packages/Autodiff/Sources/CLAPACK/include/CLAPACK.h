#ifndef CLAPACK_H
#define CLAPACK_H

// LAPACK for one row-major matrix at a time, in float32 (cl_f32) or float64 (cl_f64). Nothing here allocates: workspaces come
// from the caller. A matrix that a routine cannot treat (NaN, infinity, no convergence, a zero pivot) fills its results with NaN;
// the return value then is not 0.

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { cl_f32 = 0, cl_f64 = 1 } cl_type;

/// Eigenvalues (ascending) and orthonormal eigenvectors (columns) of a symmetric [n, n], of which the lower triangle is read.
/// `vectors` holds the matrix before and the vectors after.
int cl_eigen_symmetric(cl_type type, int n, void* vectors, void* values, void* workspace);
size_t cl_eigen_symmetric_workspace_bytes(cl_type type, int n);

/// a = q r for [m, n] with m >= n: orthonormal columns q [m, n] and an upper triangle r [n, n].
int cl_qr(cl_type type, int m, int n, const void* a, void* q, void* r, void* workspace);
size_t cl_qr_workspace_bytes(cl_type type, int m, int n);

/// a = u diag(s) vt for [m, n] with k = min(m, n): u [m, k], s [k] descending, vt [k, n].
int cl_svd(cl_type type, int m, int n, const void* a, void* u, void* s, void* vt, void* workspace);
size_t cl_svd_workspace_bytes(cl_type type, int m, int n);

/// The sign (-1, 0 or 1) and log|det| of [n, n]; a singular matrix has 0 and -infinity, and is no failure.
int cl_log_determinant(cl_type type, int n, const void* a, void* sign, void* log_magnitude, void* workspace);
size_t cl_log_determinant_workspace_bytes(cl_type type, int n);

/// The inverse of [n, n]; returns the first zero pivot, counted from 1, of a singular matrix.
int cl_inverse(cl_type type, int n, const void* a, void* inverse, void* workspace);
size_t cl_inverse_workspace_bytes(cl_type type, int n);

/// x with op(a) x = b for a [n, n] and b [n, columns], op the transpose or nothing; returns as `cl_inverse`.
int cl_solve(cl_type type, int transpose, int n, int columns, const void* a, const void* b, void* x, void* workspace);
size_t cl_solve_workspace_bytes(cl_type type, int n, int columns);

#ifdef __cplusplus
}
#endif

#endif
