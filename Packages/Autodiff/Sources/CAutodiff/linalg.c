#include <math.h>
#include <string.h>

#include "include/CAutodiff.h"

// Row-oriented (Cholesky-Banachiewicz), so that every inner loop runs along contiguous rows.
#define DEFINE_CHOLESKY(name, type, root)                                                         \
  static int name(type* a, int64_t n) {                                                           \
    for (int64_t i = 0; i < n; i++) {                                                             \
      type* row = a + i * n;                                                                      \
      for (int64_t j = 0; j <= i; j++) {                                                          \
        const type* other = a + j * n;                                                            \
        type sum = row[j];                                                                        \
        for (int64_t l = 0; l < j; l++) sum -= row[l] * other[l];                                 \
        if (j < i) {                                                                              \
          row[j] = sum / other[j];                                                                \
        } else if (sum > 0) {                                                                     \
          row[i] = root(sum);                                                                     \
        } else {                                                                                  \
          for (int64_t l = 0; l < n * n; l++) a[l] = NAN;                                         \
          return (int)i + 1;                                                                      \
        }                                                                                         \
      }                                                                                           \
      memset(row + i + 1, 0, (size_t)(n - i - 1) * sizeof *row);                                  \
    }                                                                                             \
    return 0;                                                                                     \
  }

// The upper triangle is zeroed behind the factorisation: rows below read only their own lower part.
DEFINE_CHOLESKY(cholesky_f32, float, sqrtf)
DEFINE_CHOLESKY(cholesky_f64, double, sqrt)

// op(L) is lower triangular when exactly one of `lower` and `transpose` holds: forward substitution.
#define DEFINE_SOLVE(name, type)                                                                  \
  static void name(const type* l, int64_t n, int lower, int transpose, type* x, int64_t columns) { \
    int forward = (lower != 0) != (transpose != 0);                                               \
    for (int64_t step = 0; step < n; step++) {                                                    \
      int64_t i = forward ? step : n - 1 - step;                                                  \
      type* row = x + i * columns;                                                                \
      for (int64_t done = 0; done < step; done++) {                                               \
        int64_t j = forward ? done : n - 1 - done;                                                \
        type factor = transpose ? l[j * n + i] : l[i * n + j];                                    \
        const type* other = x + j * columns;                                                      \
        for (int64_t c = 0; c < columns; c++) row[c] -= factor * other[c];                        \
      }                                                                                           \
      type diagonal = l[i * n + i];                                                               \
      for (int64_t c = 0; c < columns; c++) row[c] /= diagonal;                                   \
    }                                                                                             \
  }

DEFINE_SOLVE(solve_f32, float)
DEFINE_SOLVE(solve_f64, double)

int af_cholesky(af_dtype type, void* a, int64_t n) {
  if (type == AF_F32) return cholesky_f32(a, n);
  if (type == AF_F64) return cholesky_f64(a, n);
  __builtin_trap();
}

void af_triangular_solve(af_dtype type, const void* l, int64_t n, int lower, int transpose,
                         const void* b, void* x, int64_t columns) {
  size_t size = type == AF_F32 ? sizeof(float) : sizeof(double);
  if (x != b) memmove(x, b, (size_t)(n * columns) * size);
  if (type == AF_F32)
    solve_f32(l, n, lower, transpose, x, columns);
  else if (type == AF_F64)
    solve_f64(l, n, lower, transpose, x, columns);
  else
    __builtin_trap();
}
