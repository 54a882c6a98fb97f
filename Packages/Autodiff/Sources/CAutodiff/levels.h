#ifndef AF_LEVELS_H
#define AF_LEVELS_H

// The kernels that are compiled once per instruction set, and the table that selects among them.

#include "include/CAutodiff.h"

/// One matrix product, as `af_gemm` received it.
typedef struct {
  int transpose_a, transpose_b, accumulate;
  int64_t m, n, k, lda, ldb, ldc;
  const void* a;
  const void* b;
  const void* packed;  // op(B) as `af_gemm_pack` left it, or NULL
  void* c;
  void* workspace;
  af_row_epilogue epilogue;
  void* context;
} af_product;

/// The middle-axis view [outer, length, inner] of a reduction.
typedef struct {
  const void* src;
  void* dst;
  int64_t outer, length, inner;
  int accumulate;
} af_middle_axis;

typedef void (*af_tile_kernel)(const af_instruction*, int32_t count, void* const* operand, int64_t n);
typedef void (*af_product_kernel)(const af_product*);
typedef void (*af_reduce_kernel)(af_reduction, const af_middle_axis*);
typedef void (*af_shards_kernel)(const void* const* shards, int64_t shard_count, void* dst,
                                 int64_t count);

typedef struct {
  const char* name;
  af_tile_kernel fused_tile[3];      // by compute type
  af_product_kernel product[3];      // by dtype; int32 included
  af_product_kernel pack_right[2];   // by dtype; into the workspace
  void (*radial_sum[2])(const af_radial*);  // by dtype
  af_reduce_kernel reduce[3];        // by dtype
  af_shards_kernel sum_shards[3];    // by dtype
  void (*random_bits)(const uint32_t key[2], int64_t start, int64_t count, uint32_t* dst);
  void (*random_key_pairs)(const uint32_t key[2], int64_t start, int64_t count, uint32_t* dst);
  void (*random_uniform32)(const uint32_t key[2], int64_t start, int64_t count, float* dst);
  void (*random_uniform64)(const uint32_t key[2], int64_t start, int64_t count, double* dst);
} af_kernels;

extern const af_kernels af_kernels_baseline;
#if defined(__x86_64__)
extern const af_kernels af_kernels_avx2;
extern const af_kernels af_kernels_avx512;
#endif

/// The table in use.
const af_kernels* af_active_kernels(void);

#endif
