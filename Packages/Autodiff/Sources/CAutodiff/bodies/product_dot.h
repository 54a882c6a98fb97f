// Products with at most AF_DOT_COLUMNS columns and both factors contiguous along k: dot products, several
// rows and all columns at a time, vectors along k.

/// dst[i * row_step + j * column_step] (+)= sum over l of x[i, l] y[j, l].
typedef struct {
  const AF_TYPE *x, *y;
  int64_t ldx, ldy, k;
  AF_TYPE* dst;
  int64_t row_step, column_step;
  int accumulate;
} AF_NAME(dots);

/// Adds up the lanes of LANES vectors: lane i of the result is the sum over v[i].
static inline __attribute__((always_inline)) VEC AF_NAME(sum_lanes)(VEC* v) {
  UNROLL for (int half = (int)LANES / 2; half > 0; half /= 2)
    UNROLL for (int i = 0; i < half; i++) {
      VEC x = v[i], y = v[i + half];
      v[i] = __builtin_shufflevector(x, y, AF_NAME(AF_LOW_LANES)) +
             __builtin_shufflevector(x, y, AF_NAME(AF_HIGH_LANES));
    }
  return v[0];
}

/// The last n < LANES elements of a row, padded with zeros.
static __attribute__((noinline)) void AF_NAME(load_part)(const AF_TYPE* from, int64_t n, AF_TYPE* lane) {
  STORE(lane, (VEC)0);
  memcpy(lane, from, (size_t)n * sizeof *lane);
}

static inline __attribute__((always_inline)) void AF_NAME(dot_tile)(const int rows, const int columns,
                                                                    const AF_NAME(dots)* t,
                                                                    int64_t first) {
  // In the order of the results, up to a whole number of vectors of them.
  enum { MOST = 32 };
  const int count = rows * columns, whole_count = (count + (int)LANES - 1) / (int)LANES * (int)LANES;
  VEC sum[MOST];
  UNROLL for (int i = 0; i < whole_count; i++) sum[i] = (VEC)0;
  const AF_TYPE* x = t->x + first * t->ldx;
  const AF_TYPE* y = t->y;
  const int64_t ldx = t->ldx, ldy = t->ldy, whole = t->k / LANES * LANES;
  for (int64_t l = 0; l < whole; l += LANES) {
    VEC right[8];
    UNROLL for (int j = 0; j < columns; j++) right[j] = LOAD(y + j * ldy + l);
    UNROLL for (int i = 0; i < rows; i++) {
      VEC left = LOAD(x + i * ldx + l);
      UNROLL for (int j = 0; j < columns; j++) sum[i * columns + j] = AF_MADD(left, right[j], sum[i * columns + j]);
    }
  }
  if (whole < t->k) {
    AF_TYPE lane[8][AF_VECTOR_BYTES / sizeof(AF_TYPE)], other[AF_VECTOR_BYTES / sizeof(AF_TYPE)];
    for (int j = 0; j < columns; j++)
      AF_NAME(load_part)(y + j * ldy + whole, t->k - whole, lane[j]);
    UNROLL for (int i = 0; i < rows; i++) {
      AF_NAME(load_part)(x + i * ldx + whole, t->k - whole, other);
      UNROLL for (int j = 0; j < columns; j++)
        sum[i * columns + j] = AF_MADD(LOAD(other), LOAD(lane[j]), sum[i * columns + j]);
    }
  }
  AF_TYPE total[MOST], *to = t->dst + first * t->row_step;
  UNROLL for (int i = 0; i < whole_count; i += LANES) STORE(total + i, AF_NAME(sum_lanes)(sum + i));
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < columns; j++) {
    AF_TYPE* at = to + i * t->row_step + j * t->column_step;
    *at = t->accumulate ? *at + total[i * columns + j] : total[i * columns + j];
  }
}

#if AF_TILE_VECTORS == 4
#define DOT_ROWS(columns) ((columns) <= 2 ? 8 : (columns) <= 4 ? 4 : 2)
#else
#define DOT_ROWS(columns) ((columns) == 1 ? 8 : (columns) == 2 ? 4 : (columns) <= 4 ? 2 : 1)
#endif

#define DOT_CASE(columns)                                                                         \
  case columns:                                                                                   \
    for (; i + DOT_ROWS(columns) <= last; i += DOT_ROWS(columns))                                 \
      AF_NAME(dot_tile)(DOT_ROWS(columns), columns, t, i);                                        \
    for (; i < last; i++) AF_NAME(dot_tile)(1, columns, t, i);                                    \
    break;

static void AF_NAME(dot_rows)(const AF_NAME(dots)* t, int64_t columns, int64_t first, int64_t last) {
  int64_t i = first;
  switch (columns) {
    DOT_CASE(1)
    DOT_CASE(2)
    DOT_CASE(3)
    DOT_CASE(4)
    DOT_CASE(5)
    DOT_CASE(6)
    DOT_CASE(7)
    DOT_CASE(8)
  }
}
#undef DOT_CASE
#undef DOT_ROWS
