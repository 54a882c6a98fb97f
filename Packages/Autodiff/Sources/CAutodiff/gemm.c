#include "levels.h"

size_t af_product_workspace(size_t element_size, int64_t m, int64_t n, int64_t k) {
  (void)element_size, (void)m, (void)n, (void)k;
  return 64;
}

static size_t element_size(af_dtype type) { return type == AF_F64 ? 8 : 4; }

size_t af_gemm_workspace_bytes(af_dtype type, int64_t m, int64_t n, int64_t k) {
  return af_product_workspace(element_size(type), m, n, k);
}

void af_gemm(af_dtype type, int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k,
             const void* a, int64_t lda, const void* b, int64_t ldb, int accumulate, void* c,
             int64_t ldc, void* workspace, af_row_epilogue epilogue, void* context) {
  if (type > AF_I32) __builtin_trap();
  const af_product product = {transpose_a, transpose_b, accumulate, m, n, k, lda, ldb, ldc,
                              a, b, c, workspace, epilogue, context};
  af_active_kernels()->product[type](&product);
}
