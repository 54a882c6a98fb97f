#include "levels.h"

static size_t element_size(af_dtype type) { return type == AF_F64 ? 8 : 4; }

size_t af_gemm_workspace_bytes(af_dtype type, int64_t m, int64_t n, int64_t k) {
  // All of op(B) in panels, padded to the widest one, and what the paths for few rows or columns keep.
  int64_t elements = k * (n + 128);
  if (n <= 8) elements += n * m;
  if (m <= 8) elements += m * k;
  return (size_t)elements * element_size(type) + 128;
}

size_t af_gemm_packed_bytes(af_dtype type, int64_t n, int64_t k) {
  return (size_t)(k * (n + 128)) * element_size(type);
}

int af_gemm_profits_from_packing(int transpose_b, int64_t m, int64_t n, int64_t k) {
  return n > 8 && k > 8 && m > 1 && (transpose_b || m > 16);
}

void af_gemm_pack(af_dtype type, int transpose_b, int64_t n, int64_t k, const void* b, int64_t ldb,
                  void* packed) {
  if (type > AF_F64) __builtin_trap();
  const af_product product = {.transpose_b = transpose_b, .n = n, .k = k, .ldb = ldb, .b = b, .workspace = packed};
  af_active_kernels()->pack_right[type](&product);
}

void af_gemm_packed(af_dtype type, int transpose_a, int64_t m, int64_t n, int64_t k, const void* a,
                    int64_t lda, const void* packed, int accumulate, void* c, int64_t ldc,
                    af_row_epilogue epilogue, void* context) {
  if (type > AF_F64) __builtin_trap();
  const af_product product = {.transpose_a = transpose_a, .accumulate = accumulate, .m = m, .n = n, .k = k,
                              .lda = lda, .ldc = ldc, .a = a, .packed = packed, .c = c,
                              .epilogue = epilogue, .context = context};
  af_active_kernels()->product[type](&product);
}

void af_gemm(af_dtype type, int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k,
             const void* a, int64_t lda, const void* b, int64_t ldb, int accumulate, void* c,
             int64_t ldc, void* workspace, af_row_epilogue epilogue, void* context) {
  if (type > AF_I32) __builtin_trap();
  const af_product product = {transpose_a, transpose_b, accumulate, m, n, k, lda, ldb, ldc,
                              a, b, NULL, c, workspace, epilogue, context};
  af_active_kernels()->product[type](&product);
}
