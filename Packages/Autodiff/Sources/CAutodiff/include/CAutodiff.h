#ifndef CAUTODIFF_H
#define CAUTODIFF_H

// C kernels of Autodiff: fused element-wise programs, matrix products, reductions, data movement,
// counter-based random numbers and a thread pool. Nothing here allocates, keeps state between calls
// (the chosen instruction set and the thread pool apart) or checks its arguments: the caller does.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Element types in memory; a bool is one byte, 0 or 1.
typedef enum { AF_F32 = 0, AF_F64 = 1, AF_I32 = 2, AF_BOOL = 3 } af_dtype;

// ---- instruction sets ---------------------------------------------------------------------

/// The instruction set in use: "baseline", "avx2" or "avx512". Chosen once, at first use: the best
/// that the processor has, unless the environment variable AUTODIFF_SIMD names another supported one.
const char* af_simd_name(void);

/// Switches to the named instruction set and returns 1, or returns 0 where it is not supported.
/// For tests: must not run at the same time as a kernel.
int af_simd_select(const char* name);

// ---- fused element-wise programs ----------------------------------------------------------

typedef enum {
  // unary (dst, a)
  AF_COPY = 0, AF_NEG, AF_ABS, AF_SIGN, AF_SQUARE, AF_RECIPROCAL, AF_SQRT, AF_RSQRT, AF_EXP,
  AF_EXPM1, AF_LOG, AF_LOG1P, AF_TANH, AF_SIGMOID, AF_SOFTPLUS, AF_SIN, AF_COS, AF_TAN, AF_ASIN,
  AF_ACOS, AF_ATAN, AF_SINH, AF_COSH, AF_ERF, AF_ERFC, AF_ERFINV, AF_LGAMMA, AF_DIGAMMA, AF_FLOOR,
  AF_CEIL, AF_ROUND /* half to even */, AF_NOT, AF_ISFINITE, AF_BITNOT,
  // binary (dst, a, b)
  AF_ADD = 64, AF_SUB, AF_MUL, AF_DIV, AF_POW, AF_MAX, AF_MIN, AF_ATAN2, AF_LT, AF_LE, AF_EQ, AF_NE,
  AF_AND, AF_OR, AF_BITAND, AF_BITOR, AF_BITXOR, AF_SHL, AF_SHR /* logical */,
  AF_REM /* floor-mod */, AF_POLYGAMMA /* of order a */, AF_GAMMA_SLOPE /* dx/da of gamma numbers */,
  // ternary (dst, a, b, c)
  AF_SELECT = 128 /* a != 0 ? b : c */, AF_MULADD /* a * b + c */,
  // two outputs: dst = softplus(a), c = sigmoid(a), sharing one exp
  AF_SOFTPLUS_SIGMOID = 192
} af_op;

/// One instruction; dst, a, b and c index the operand table.
typedef struct { uint16_t op, dst, a, b, c; } af_instruction;

typedef enum { AF_INPUT = 0, AF_OUTPUT = 1, AF_TEMP = 2, AF_CONSTANT = 3 } af_operand_kind;

#define AF_AXES 6

/// One operand of a fused program.
typedef struct {
  uint8_t kind;             // an af_operand_kind
  uint8_t dtype;            // in memory: the compute type, or AF_BOOL (0/1 on load, != 0 on store)
  uint16_t slot;            // TEMP: scratch register number
  int64_t stride[AF_AXES];  // INPUT: elements per axis, 0 = broadcast; the last is 0 or 1
  double value;             // CONSTANT
} af_operand;

/// A fused program: straight-line instructions over operands of one compute type
/// (AF_F32, AF_F64 or AF_I32). A comparison yields 0 or 1 in that type.
typedef struct {
  uint8_t compute;
  uint16_t temp_count;
  int32_t instruction_count, operand_count;
  const af_instruction* instructions;
  const af_operand* operands;
} af_fused;

/// Bytes of scratch that `af_fused_run` needs; aligned to 64 it runs fastest.
size_t af_fused_scratch_bytes(const af_fused* program);

/// Runs the program for every element of `extent` (right-aligned, leading 1s). base[i] is the address
/// of operand i (NULL for TEMP and CONSTANT). An OUTPUT is contiguous and row-major over `extent`, and
/// may be exactly the memory of a contiguous INPUT (update in place).
void af_fused_run(const af_fused* program, void* const* base, const int64_t extent[AF_AXES],
                  void* scratch);

/// An operand of a single element-wise operation: memory, or the same value everywhere (memory NULL).
typedef struct {
  const void* memory;
  double value;
  af_dtype type;
} af_elementwise_input;

/// One operation on `count` contiguous elements of up to three inputs, without a prepared program.
void af_elementwise(af_op op, af_dtype compute, int input_count, const af_elementwise_input* inputs,
                    af_dtype output_type, void* output, int64_t count);

// ---- matrix product -----------------------------------------------------------------------

/// Called once per finished block of rows of C, in order.
typedef void (*af_row_epilogue)(void* context, int64_t first_row, int64_t row_count);

/// Bytes of workspace that `af_gemm` needs for this shape.
size_t af_gemm_workspace_bytes(af_dtype type, int64_t m, int64_t n, int64_t k);

/// C = op(A) op(B), or C += with `accumulate`; all row-major, op(A) is [m, k], op(B) is [k, n].
/// Single-threaded; the same call always gives the same bits at one instruction set.
void af_gemm(af_dtype type, int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k,
             const void* a, int64_t lda, const void* b, int64_t ldb, int accumulate, void* c,
             int64_t ldc, void* workspace, af_row_epilogue epilogue, void* context);

/// Bytes of a right factor that `af_gemm_pack` has packed.
size_t af_gemm_packed_bytes(af_dtype type, int64_t n, int64_t k);

/// Whether a product of this shape runs faster from a packed right factor (`af_gemm` packs it at every
/// call, or reads it badly); worth it where the same factor is used by two products or more.
int af_gemm_profits_from_packing(int transpose_b, int64_t m, int64_t n, int64_t k);

/// Packs op(B), [k, n], for `af_gemm_packed`; AF_F32 and AF_F64. `packed` is aligned to 64 bytes and only
/// good for the instruction set in use.
void af_gemm_pack(af_dtype type, int transpose_b, int64_t n, int64_t k, const void* b, int64_t ldb,
                  void* packed);

/// As `af_gemm` with a packed right factor; needs no workspace.
void af_gemm_packed(af_dtype type, int transpose_a, int64_t m, int64_t n, int64_t k, const void* a,
                    int64_t lda, const void* packed, int accumulate, void* c, int64_t ldc,
                    af_row_epilogue epilogue, void* context);

// ---- sums of functions of distances (AF_F32, AF_F64) ----------------------------------------

/// k as a function of the distance r.
typedef enum {
  AF_SQUARED_EXPONENTIAL = 0,  // exp(-r^2 / 2)
  AF_MATERN12,                 // exp(-r)
  AF_MATERN32,                 // (1 + sqrt(3) r) exp(-sqrt(3) r)
  AF_MATERN52                  // (1 + sqrt(5) r + 5 r^2 / 3) exp(-sqrt(5) r)
} af_radial_form;

/// For each of `rows` rows x_i [d], over all `points` rows y_j [d] with h_j [p], one or both of
/// values_i = sum_j k(x_i, y_j) h_j, [p], and, with g_i [p], the gradient of g_i . values_i with respect to
/// x_i: slopes_i = sum_j -dk/d(r^2/2) (g_i . h_j) (y_j - x_i), [d]. No matrix of k is formed.
typedef struct {
  af_radial_form form;
  int64_t rows, points, d, p;
  const void *x, *y, *h;
  const void* g;        // where slopes are wanted
  void *values, *slopes;  // or NULL; rows `stride` elements apart
  int64_t stride;
  void* workspace;
} af_radial;

/// Bytes of workspace that `af_radial_sum` needs.
size_t af_radial_workspace_bytes(int64_t d, int64_t p);

void af_radial_sum(af_dtype type, const af_radial* sum);

// ---- reductions over [outer, length, inner] -> [outer, inner] -------------------------------

typedef enum { AF_SUM = 0, AF_PRODUCT, AF_MAXIMUM, AF_MINIMUM } af_reduction;

/// Reduces the middle axis. `accumulate` (AF_SUM only) adds to dst. An empty axis gives 0, 1, -inf, +inf.
void af_reduce(af_dtype type, af_reduction reduction, const void* src, void* dst, int64_t outer,
               int64_t length, int64_t inner, int accumulate);

/// Index of the first largest (smallest) element along the middle axis; a NaN wins.
void af_arg_reduce(af_dtype type, int minimum, const void* src, int32_t* dst, int64_t outer,
                   int64_t length, int64_t inner);

/// Running sum along the middle axis, optionally from its end, optionally without the element itself.
void af_cumulative_sum(af_dtype type, const void* src, void* dst, int64_t outer, int64_t length,
                       int64_t inner, int reverse, int exclusive);

/// z[0] = b[0], z[l] = a[l] z[l-1] + b[l] along the middle axis, or the same from its end.
void af_linear_recurrence(af_dtype type, const void* a, const void* b, void* dst, int64_t outer,
                          int64_t length, int64_t inner, int reverse);

/// Running log(sum(exp)) along the middle axis, optionally from its end (AF_F32, AF_F64).
void af_cumulative_log_sum_exp(af_dtype type, const void* src, void* dst, int64_t outer,
                               int64_t length, int64_t inner, int reverse);

/// dst = ((s0 + s1) + s2) + ..., in this fixed order for every element.
void af_sum_shards(af_dtype type, const void* const* shards, int64_t shard_count, void* dst,
                   int64_t count);

// ---- data movement ------------------------------------------------------------------------

/// Copies an array of `rank` axes; strides in elements, those of src may be zero or negative.
void af_copy_strided(size_t element_size, void* dst, const int64_t* dst_stride, const void* src,
                     const int64_t* src_stride, const int64_t* shape, int rank);

void af_fill(af_dtype type, void* dst, int64_t count, double value);

/// Converts elements; to bool: != 0; a float outside the range of int32 saturates, NaN gives 0.
void af_cast(af_dtype from, const void* src, af_dtype to, void* dst, int64_t count);

/// dst[o, l, i] = start + l.
void af_iota(af_dtype type, void* dst, int64_t outer, int64_t length, int64_t inner, int64_t start);

/// dst[b, o, i] = src[b, o, index[b, i]] for rows, where src is [batches, outer, extent] rows; -1 when all went
/// well, else the position of the first index out of range (nothing from there on is written).
int64_t af_gather(size_t row_bytes, const void* src, int64_t batches, int64_t outer, int64_t extent,
                  const int32_t* index, int64_t index_count, void* dst);

/// dst[b, o, index[b, i]] += src[b, o, i] for rows, in index order; returns as `af_gather`.
int64_t af_scatter_add(af_dtype type, const void* src, int64_t batches, int64_t outer,
                       const int32_t* index, int64_t index_count, int64_t row_length, void* dst,
                       int64_t extent);

// ---- order (AF_F32, AF_F64, AF_I32); NaN counts as the largest ------------------------------

/// Bytes of workspace that `af_argsort` needs.
size_t af_argsort_workspace_bytes(af_dtype type, int64_t length);

/// dst[o, r, i] is the place along the middle axis of the element that is r-th in order; stable.
void af_argsort(af_dtype type, int descending, const void* src, int32_t* dst, int64_t outer,
                int64_t length, int64_t inner, void* workspace);

/// The number of elements of an ascending sequence that are less than each value, or not greater.
void af_search_sorted(af_dtype type, int after_equal, const void* sequence, int64_t length,
                      const void* values, int64_t count, int32_t* dst);

// ---- small linear algebra (AF_F32, AF_F64) --------------------------------------------------

/// Lower Cholesky factor in place, upper triangle zeroed; returns 0. A pivot that is not positive:
/// a is filled with NaN and its index + 1 returned.
int af_cholesky(af_dtype type, void* a, int64_t n);

/// Solves op(L) X = B for X of shape [n, columns]; x may be b.
void af_triangular_solve(af_dtype type, const void* l, int64_t n, int lower, int transpose,
                         const void* b, void* x, int64_t columns);

// ---- Threefry-2x32 (20 rounds), laid out as in jax.random with jax_threefry_partitionable ----

void af_threefry2x32(uint32_t k0, uint32_t k1, uint32_t c0, uint32_t c1, uint32_t out[2]);

/// Element i, of global index start + i: (a, b) = threefry(key, (high word, low word)), a ^ b.
void af_random_bits(const uint32_t key[2], int64_t start, int64_t count, uint32_t* dst);

/// Both words per element, [count, 2]: the layout of jax.random.split.
void af_random_key_pairs(const uint32_t key[2], int64_t start, int64_t count, uint32_t* dst);

/// Uniform in [0, 1), bit-equal to jax.random.uniform.
void af_random_uniform(af_dtype type, const uint32_t key[2], int64_t start, int64_t count, void* dst);

/// Gamma numbers of unit scale, one per concentration; element i draws from a key of its own, that of counter start + i.
void af_random_gamma(af_dtype type, const uint32_t key[2], int64_t start, int64_t count,
                     const void* concentration, void* dst);

/// Bytes of workspace of `af_random_permutation`.
size_t af_permutation_workspace_bytes(int64_t count);

/// 0, ..., count - 1 in random order: that of jax.random.permutation.
void af_random_permutation(const uint32_t key[2], int64_t count, int32_t* dst, void* workspace);

// ---- thread pool --------------------------------------------------------------------------

typedef void (*af_task)(void* context, int64_t index, int worker);

/// Processors that this process may use.
int af_pool_default_threads(void);

/// Runs task(context, index, worker) for every index in 0..<task_count on up to `threads` threads (64 at
/// most) and returns when all are done; worker is below the number of threads, the caller is worker 0.
/// Nested and concurrent calls are safe: a call that finds the pool busy runs its tasks itself.
void af_pool_run(int threads, int64_t task_count, af_task task, void* context);

#ifdef __cplusplus
}
#endif

#endif
