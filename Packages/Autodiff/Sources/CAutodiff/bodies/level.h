// Every kernel of one level. The including file has set AF_LEVEL_NAME, AF_LEVEL_TABLE, AF_VECTOR_BYTES
// and AF_FUSED_MULTIPLY_ADD; all functions here are static, the table is what is exported.

// Loops whose pointers are either equal or disjoint: safe to vectorise without run-time checks.
#define AF_VECTOR_LOOP _Pragma("clang loop vectorize(assume_safety)")

// Register tiles of the product: 6 x 4 and 8 x 2 vectors where there are 32 vector registers, 6 x 2
// where there are 16. AF_DEPTH steps of a panel of B fit the first-level cache.
#if AF_VECTOR_BYTES == 64 || defined(__aarch64__)
#define AF_TILE_ROWS 8
#define AF_TILE_VECTORS 4
#else
#define AF_TILE_ROWS 6
#define AF_TILE_VECTORS 2
#endif
#define AF_DEPTH 160
#define AF_ROW_BLOCK 48
#define AF_DOT_COLUMNS 8
#define AF_FETCH 4                // steps along k per line that is fetched ahead
#define AF_STREAM_ROWS 256        // rows of C that a large B is multiplied with at a time
#define AF_RESIDENT_BYTES 524288  // a factor B of this size stays in the second-level cache
// Wide rows of a large B that is read in place: so few at a time that the processor follows them all.
#define AF_WIDE 512
#define AF_SHALLOW 32

#include "interleave.h"
#include "math_common.h"
#include "math_f32.h"
#include "math_f64.h"
#include "math_pair.h"
#include "math_trigonometric.h"
#include "math_special.h"
#include "math_maps.h"
#include "radial_exp.h"

#define AF_TYPE float
#define AF_WRAP float  // the type to add in: unsigned for integers, which wrap around
#define AF_NAME(stem) stem##_f32
#define AF_LIBM(stem) stem##f
#define AF_LOWEST (-INFINITY)
#define AF_HIGHEST INFINITY
#define AF_IS_FLOAT 1
#define AF_IS_NAN(x) ((x) != (x))
#include "typed.h"
#define AF_TYPE double
#define AF_WRAP double
#define AF_NAME(stem) stem##_f64
#define AF_LIBM(stem) stem
#define AF_LOWEST (-INFINITY)
#define AF_HIGHEST INFINITY
#define AF_IS_FLOAT 1
#define AF_IS_NAN(x) ((x) != (x))
#include "typed.h"
#define AF_TYPE int32_t
#define AF_WRAP uint32_t
#define AF_NAME(stem) stem##_i32
#define AF_LOWEST INT32_MIN
#define AF_HIGHEST INT32_MAX
#define AF_IS_FLOAT 0
#define AF_IS_NAN(x) 0
#include "typed.h"

#include "threefry.h"

const af_kernels AF_LEVEL_TABLE = {
    .name = AF_LEVEL_NAME,
    .fused_tile = {fused_tile_f32, fused_tile_f64, fused_tile_i32},
    .product = {product_f32, product_f64, product_i32},
    .pack_right = {pack_right_f32, pack_right_f64},
    .radial_sum = {radial_sum_f32, radial_sum_f64},
    .reduce = {reduce_f32, reduce_f64, reduce_i32},
    .sum_shards = {sum_shards_f32, sum_shards_f64, sum_shards_i32},
    .random_bits = random_bits,
    .random_key_pairs = random_key_pairs,
    .random_uniform32 = random_uniform32,
    .random_uniform64 = random_uniform64,
};
