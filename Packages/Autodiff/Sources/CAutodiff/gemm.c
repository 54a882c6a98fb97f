#include "levels.h"

static size_t element_size(af_dtype type) { return type == AF_F64 ? 8 : 4; }

size_t af_gemm_workspace_bytes(af_dtype type, int64_t m, int64_t n, int64_t k) {
  // All of op(B) in panels, padded to the widest one, and what the paths for few rows or columns keep.
  int64_t elements = k * (n + 128);
  if (n <= 8) elements += n * m;
  if (m <= 8) elements += m * k;
  return (size_t)elements * element_size(type) + 128;
}

void af_gemm(af_dtype type, int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k,
             const void* a, int64_t lda, const void* b, int64_t ldb, int accumulate, void* c,
             int64_t ldc, void* workspace, af_row_epilogue epilogue, void* context) {
  if (type > AF_I32) __builtin_trap();
  const af_product product = {transpose_a, transpose_b, accumulate, m, n, k, lda, ldb, ldc,
                              a, b, c, workspace, epilogue, context};
  af_active_kernels()->product[type](&product);
}
