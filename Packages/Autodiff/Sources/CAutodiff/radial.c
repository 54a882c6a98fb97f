#include "levels.h"

size_t af_radial_workspace_bytes(int64_t d, int64_t p) {
  // Two vectors for each column of x, g and both results, and for a sum.
  return (size_t)(2 * d + 2 * p + 1) * 128 + 64;
}

void af_radial_sum(af_dtype type, const af_radial* sum) {
  if (type > AF_F64) __builtin_trap();
  af_active_kernels()->radial_sum[type](sum);
}
