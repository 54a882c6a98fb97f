// The micro-kernel of the matrix product: a tile of C, rows x vectors, held in registers while it runs
// along k. Rows of A are read through two strides, so that A and its transpose share the code.

typedef AF_TYPE AF_NAME(vec) __attribute__((ext_vector_type(AF_VECTOR_BYTES / sizeof(AF_TYPE))));
typedef AF_TYPE AF_NAME(unaligned_vec)
    __attribute__((ext_vector_type(AF_VECTOR_BYTES / sizeof(AF_TYPE)), aligned(sizeof(AF_TYPE))));

#define VEC AF_NAME(vec)
#define LANES ((int64_t)(AF_VECTOR_BYTES / sizeof(AF_TYPE)))
#define LOAD(p) (*(const AF_NAME(unaligned_vec)*)(p))
#define STORE(p, v) (*(AF_NAME(unaligned_vec)*)(p) = (v))
#define UNROLL _Pragma("clang loop unroll(full)")

/// What a tile multiplies: k steps of op(A), rows `lda` apart or (transposed) steps `lda` apart, and of B,
/// rows `ldb` apart.
typedef struct {
  const AF_TYPE *a, *b;
  int64_t lda, ldb, k;
  const char* next;   // memory that is needed soon: a line per AF_FETCH steps, `next_step` bytes apart
  int64_t next_step;
} AF_NAME(factors);

/// Where it goes: `columns` of C, fewer than the tile's vectors hold at the right edge.
typedef struct {
  AF_TYPE* c;
  int64_t ldc, columns;
  int accumulate;
} AF_NAME(target);

static inline __attribute__((always_inline)) void AF_NAME(tile)(const int rows, const int vectors,
                                                                const int transposed,
                                                                const AF_NAME(factors)* f,
                                                                const AF_NAME(target)* t) {
  VEC sum[AF_TILE_ROWS][AF_TILE_VECTORS];
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int v = 0; v < vectors; v++) sum[i][v] = (VEC)0;
  const AF_TYPE *a[AF_TILE_ROWS], *b = f->b;
  const int64_t k = f->k, ldb = f->ldb, step = transposed ? f->lda : 1;
  // One address per row, or one for all: the fewer integer instructions, the more multiply-adds.
  UNROLL for (int i = 0; i < rows; i++) a[i] = f->a + (transposed ? i : i * f->lda);
  const char* next = f->next;
  for (int64_t p = 0; p < k;) {
    const int64_t stop = p + 2 * AF_FETCH < k ? p + 2 * AF_FETCH : k;
    __builtin_prefetch(next, 0, 2);
    __builtin_prefetch(next + f->next_step, 0, 2);
    next += 2 * f->next_step;
    // Unrolled further, the compiler runs out of registers in some of the tiles.
#pragma clang loop unroll(disable)
    for (; p < stop; p++, b += ldb) {
      VEC right[AF_TILE_VECTORS];
      UNROLL for (int v = 0; v < vectors; v++) right[v] = LOAD(b + v * LANES);
      UNROLL for (int i = 0; i < rows; i++) {
        VEC left = (VEC)a[i][p * step];
        UNROLL for (int v = 0; v < vectors; v++) sum[i][v] = AF_MADD(left, right[v], sum[i][v]);
      }
    }
  }
  if (t->columns == vectors * LANES) {
    UNROLL for (int i = 0; i < rows; i++) {
      AF_TYPE* c = t->c + i * t->ldc;
      UNROLL for (int v = 0; v < vectors; v++) {
        VEC old = t->accumulate ? LOAD(c + v * LANES) : (VEC)0;
        STORE(c + v * LANES, old + sum[i][v]);
      }
    }
    return;
  }
  UNROLL for (int i = 0; i < rows; i++) {
    AF_TYPE line[AF_TILE_VECTORS * AF_VECTOR_BYTES / sizeof(AF_TYPE)];
    AF_TYPE* c = t->c + i * t->ldc;
    UNROLL for (int v = 0; v < vectors; v++) STORE(line + v * LANES, sum[i][v]);
    if (t->accumulate)
      for (int64_t j = 0; j < t->columns; j++) c[j] += line[j];
    else
      memcpy(c, line, (size_t)t->columns * sizeof *c);
  }
}

#define TILE_CASE(rows, vectors)                                                                  \
  static __attribute__((noinline)) void AF_NAME(tile_##rows##x##vectors)(                         \
      int transposed, const AF_NAME(factors)* f, const AF_NAME(target)* t) {                      \
    if (transposed)                                                                               \
      AF_NAME(tile)(rows, vectors, 1, f, t);                                                      \
    else                                                                                          \
      AF_NAME(tile)(rows, vectors, 0, f, t);                                                      \
  }

TILE_CASE(1, 1) TILE_CASE(2, 1) TILE_CASE(4, 1) TILE_CASE(6, 1)
TILE_CASE(1, 2) TILE_CASE(2, 2) TILE_CASE(4, 2) TILE_CASE(6, 2)
#if AF_TILE_VECTORS == 4
TILE_CASE(8, 1) TILE_CASE(8, 2)
TILE_CASE(1, 4) TILE_CASE(2, 4) TILE_CASE(3, 4) TILE_CASE(4, 4) TILE_CASE(5, 4) TILE_CASE(6, 4)
#endif
#undef TILE_CASE

typedef void (*AF_NAME(tile_kernel))(int transposed, const AF_NAME(factors)*,
                                     const AF_NAME(target)*);

/// The tile of this width for the first of `left` rows; `rows` is set to its height.
static AF_NAME(tile_kernel) AF_NAME(choose_tile)(int vectors, int64_t left, int* rows) {
#define PICK(height, width) return *rows = height, AF_NAME(tile_##height##x##width)
#if AF_TILE_VECTORS == 4
  if (vectors == 4) {
    if (left >= 9 || left == 6) PICK(6, 4);
    if (left == 5) PICK(5, 4);
    if (left >= 4) PICK(4, 4);  // 7 and 8 rows: two tiles that both have enough independent sums
    if (left == 3) PICK(3, 4);
    if (left == 2) PICK(2, 4);
    PICK(1, 4);
  }
  if (left >= 8 && vectors == 2) PICK(8, 2);
  if (left >= 8) PICK(8, 1);
#endif
  if (vectors == 2) {
    if (left >= 6) PICK(6, 2);
    if (left >= 4) PICK(4, 2);
    if (left >= 2) PICK(2, 2);
    PICK(1, 2);
  }
  if (left >= 6) PICK(6, 1);
  if (left >= 4) PICK(4, 1);
  if (left >= 2) PICK(2, 1);
  PICK(1, 1);
#undef PICK
}
