#include <math.h>
#include <stdint.h>
#include <string.h>

#include "include/CLAPACK.h"
#include "routines.h"

/// Columns that LAPACK's blocked routines treat at once, for the sizes of workspaces.
enum { BLOCK = 64 };

// Sizes of workspaces as the documentation of syevd and gesdd (job "S") gives them, with room for blocks.
static int eigen_reals(int n) { return 1 + 6 * n + 2 * n * n + BLOCK * n; }
static int eigen_integers(int n) { return 3 + 5 * n; }
static int svd_reals(int m, int n) {
  int k = m < n ? m : n, longer = m < n ? n : m;
  return 4 * k * k + 7 * k + (BLOCK + 1) * (k + longer) + 1;
}
static size_t size_of(cl_type type) { return type == cl_f64 ? sizeof(double) : sizeof(float); }

#define PREFIX s
#define REAL float
#define LOG logf
#define ABS fabsf
#include "factorisations.h"
#undef PREFIX
#undef REAL
#undef LOG
#undef ABS

#define PREFIX d
#define REAL double
#define LOG log
#define ABS fabs
#include "factorisations.h"

#define CALL(name, ...) (type == cl_f64 ? d_##name(__VA_ARGS__) : s_##name(__VA_ARGS__))

int cl_eigen_symmetric(cl_type type, int n, void* vectors, void* values, void* workspace) {
  return n == 0 ? 0 : CALL(eigen_symmetric, n, vectors, values, workspace);
}

size_t cl_eigen_symmetric_workspace_bytes(cl_type type, int n) {
  return (size_t)eigen_reals(n) * size_of(type) + (size_t)eigen_integers(n) * sizeof(int);
}

int cl_qr(cl_type type, int m, int n, const void* a, void* q, void* r, void* workspace) {
  return n == 0 ? 0 : CALL(qr, m, n, a, q, r, workspace);
}

size_t cl_qr_workspace_bytes(cl_type type, int m, int n) {
  return ((size_t)m * (size_t)n + (size_t)(BLOCK + 1) * (size_t)n) * size_of(type);
}

int cl_svd(cl_type type, int m, int n, const void* a, void* u, void* s, void* vt, void* workspace) {
  return m == 0 || n == 0 ? 0 : CALL(svd, m, n, a, u, s, vt, workspace);
}

size_t cl_svd_workspace_bytes(cl_type type, int m, int n) {
  size_t smaller = (size_t)(m < n ? m : n);
  return ((size_t)m * (size_t)n + (size_t)svd_reals(m, n)) * size_of(type) + 8 * smaller * sizeof(int);
}

int cl_log_determinant(cl_type type, int n, const void* a, void* sign, void* log_magnitude, void* workspace) {
  return CALL(log_determinant, n, a, sign, log_magnitude, workspace);
}

size_t cl_log_determinant_workspace_bytes(cl_type type, int n) {
  return (size_t)n * (size_t)n * size_of(type) + (size_t)n * sizeof(int);
}

int cl_inverse(cl_type type, int n, const void* a, void* inverse, void* workspace) {
  return n == 0 ? 0 : CALL(inverse, n, a, inverse, workspace);
}

size_t cl_inverse_workspace_bytes(cl_type type, int n) { return (size_t)n * (BLOCK * size_of(type) + sizeof(int)); }

int cl_solve(cl_type type, int transpose, int n, int columns, const void* a, const void* b, void* x, void* workspace) {
  return n == 0 || columns == 0 ? 0 : CALL(solve, transpose, n, columns, a, b, x, workspace);
}

size_t cl_solve_workspace_bytes(cl_type type, int n, int columns) {
  return (size_t)n * ((size_t)(n + columns) * size_of(type) + sizeof(int));
}
