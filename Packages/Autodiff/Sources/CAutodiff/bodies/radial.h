// Sums of functions of distances, sum_j k(|x_i - y_j|) h_j and their slopes, for a block of rows of x in lanes and all
// y one after another: k(x, y) lives in registers and a tile of the first-level cache and is never written as a matrix.

#define VEC AF_NAME(vec)
#define LANES ((int64_t)(AF_VECTOR_BYTES / sizeof(AF_TYPE)))
#define BLOCK (2 * LANES)  // rows of x that are in work
#define POINTS 4           // rows of y that are in work
#define LOAD(p) (*(const AF_NAME(unaligned_vec)*)(p))
#define STORE(p, v) (*(AF_NAME(unaligned_vec)*)(p) = (v))
#define UNROLL _Pragma("clang loop unroll(full)")

/// r, kept away from 0 where a root has no slope, and the slope of r as a function of r^2/2, times r.
static inline AF_TYPE AF_NAME(guarded_distance)(AF_TYPE square, AF_TYPE* root) {
  const AF_TYPE smallest = (AF_TYPE)1e-4;
  AF_TYPE r = __builtin_elementwise_sqrt(square > smallest * smallest ? square : smallest * smallest);
  *root = r;
  return r - smallest;
}

/// From squared distances in `k` to the values k(r) there; returns where -dk/d(r^2/2) is.
static inline __attribute__((always_inline)) AF_TYPE* AF_NAME(radial_profile)(const af_radial_form form, const int64_t n, AF_TYPE* k,
                                                                              AF_TYPE* slope) {
  switch (form) {
    case AF_SQUARED_EXPONENTIAL:
      AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) k[i] = AF_NAME(exp_of_minus)(k[i], (AF_TYPE)0.5);
      return k;
    case AF_MATERN12:
      AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) {
        AF_TYPE root, r = AF_NAME(guarded_distance)(k[i], &root);
        AF_TYPE e = AF_NAME(exp_of_minus)(r, 1);
        k[i] = e;
        slope[i] = r > 0 ? e / root : 0;
      }
      break;
    case AF_MATERN32:
      AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) {
        AF_TYPE root, r = AF_NAME(guarded_distance)(k[i], &root), steepness = (AF_TYPE)1.7320508075688772;
        AF_TYPE t = steepness * r, e = AF_NAME(exp_of_minus)(r, steepness);
        k[i] = (1 + t) * e;
        slope[i] = 3 * (r / root) * e;
      }
      break;
    case AF_MATERN52:
      AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) {
        AF_TYPE root, r = AF_NAME(guarded_distance)(k[i], &root), steepness = (AF_TYPE)2.23606797749979;
        AF_TYPE t = steepness * r, e = AF_NAME(exp_of_minus)(r, steepness);
        k[i] = (1 + t + t * t / 3) * e;
        slope[i] = (AF_TYPE)(5.0 / 3.0) * (r / root) * (1 + t) * e;
      }
      break;
  }
  return slope;
}

/// What a block of rows of x works with, column after column, BLOCK lanes each.
typedef struct {
  AF_TYPE *x, *g;                  // [d], [p]
  AF_TYPE *values, *slopes, *sum;  // [p], [d], [1]
} AF_NAME(radial_block);

/// Adds the products of a tile with rows of `columns` factors to the columns of `target`.
static inline __attribute__((always_inline)) void AF_NAME(radial_add)(const int points, const VEC tile[POINTS][2],
                                                                      const AF_TYPE* factors, int64_t columns,
                                                                      AF_TYPE* target) {
  for (int64_t c = 0; c < columns; c++, target += BLOCK) {
    VEC s0 = LOAD(target), s1 = LOAD(target + LANES);
    UNROLL for (int j = 0; j < points; j++) {
      VEC factor = (VEC)factors[j * columns + c];
      s0 = AF_MADD(tile[j][0], factor, s0);
      s1 = AF_MADD(tile[j][1], factor, s1);
    }
    STORE(target, s0);
    STORE(target + LANES, s1);
  }
}

static inline __attribute__((always_inline)) void AF_NAME(radial_tile)(const af_radial_form form, const int points,
                                                                       const af_radial* t,
                                                                       const AF_NAME(radial_block)* block,
                                                                       const AF_TYPE* y, const AF_TYPE* h) {
  const int64_t d = t->d, p = t->p;
  VEC tile[POINTS][2];
  UNROLL for (int j = 0; j < points; j++) tile[j][0] = tile[j][1] = (VEC)0;
  for (int64_t c = 0; c < d; c++) {
    VEC x0 = LOAD(block->x + c * BLOCK), x1 = LOAD(block->x + c * BLOCK + LANES);
    UNROLL for (int j = 0; j < points; j++) {
      VEC point = (VEC)y[j * d + c], d0 = x0 - point, d1 = x1 - point;
      tile[j][0] = AF_MADD(d0, d0, tile[j][0]);
      tile[j][1] = AF_MADD(d1, d1, tile[j][1]);
    }
  }
  AF_TYPE k[POINTS * BLOCK] __attribute__((aligned(64))), separate[POINTS * BLOCK] __attribute__((aligned(64)));
  UNROLL for (int j = 0; j < points; j++) UNROLL for (int v = 0; v < 2; v++) STORE(k + j * BLOCK + v * LANES, tile[j][v]);
  const AF_TYPE* slope = AF_NAME(radial_profile)(form, points * BLOCK, k, separate);
  if (t->values) {
    UNROLL for (int j = 0; j < points; j++) UNROLL for (int v = 0; v < 2; v++) tile[j][v] = LOAD(k + j * BLOCK + v * LANES);
    AF_NAME(radial_add)(points, tile, h, p, block->values);
  }
  if (t->slopes) {
    UNROLL for (int j = 0; j < points; j++) tile[j][0] = tile[j][1] = (VEC)0;
    for (int64_t q = 0; q < p; q++) {
      VEC g0 = LOAD(block->g + q * BLOCK), g1 = LOAD(block->g + q * BLOCK + LANES);
      UNROLL for (int j = 0; j < points; j++) {
        VEC weight = (VEC)h[j * p + q];
        tile[j][0] = AF_MADD(g0, weight, tile[j][0]);
        tile[j][1] = AF_MADD(g1, weight, tile[j][1]);
      }
    }
    VEC sum0 = LOAD(block->sum), sum1 = LOAD(block->sum + LANES);
    UNROLL for (int j = 0; j < points; j++) {
      sum0 += tile[j][0] *= LOAD(slope + j * BLOCK);
      sum1 += tile[j][1] *= LOAD(slope + j * BLOCK + LANES);
    }
    STORE(block->sum, sum0);
    STORE(block->sum + LANES, sum1);
    AF_NAME(radial_add)(points, tile, y, d, block->slopes);
  }
}

// A column at a time with plain stores: vectors would spend more on shuffles than they save on so few columns.
#define PLAIN _Pragma("clang loop vectorize(disable) unroll_count(8)")

/// Columns of `rows` rows, BLOCK lanes each, zeros behind the last row.
static void AF_NAME(into_lanes)(const AF_TYPE* from, int64_t rows, int64_t columns, AF_TYPE* to) {
  if (rows < BLOCK) memset(to, 0, (size_t)(columns * BLOCK) * sizeof *to);
  for (int64_t c = 0; c < columns; c++)
    PLAIN for (int64_t i = 0; i < rows; i++) to[c * BLOCK + i] = from[i * columns + c];
}

/// The inverse, into rows that are `stride` apart.
static void AF_NAME(from_lanes)(const AF_TYPE* from, int64_t rows, int64_t columns, AF_TYPE* to, int64_t stride) {
  for (int64_t c = 0; c < columns; c++)
    PLAIN for (int64_t i = 0; i < rows; i++) to[i * stride + c] = from[c * BLOCK + i];
}

static inline __attribute__((always_inline)) void AF_NAME(radial_rows)(const af_radial_form form, const af_radial* t) {
  const int64_t d = t->d, p = t->p;
  const AF_TYPE *x = t->x, *y = t->y, *h = t->h, *g = t->g;
  AF_TYPE* next = (AF_TYPE*)(((uintptr_t)t->workspace + 63) / 64 * 64);
  AF_NAME(radial_block) block;
  block.sum = next, next += BLOCK;
  block.x = next, next += d * BLOCK;
  block.slopes = next, next += d * BLOCK;
  block.g = next, next += p * BLOCK;
  block.values = next;
  for (int64_t first = 0; first < t->rows; first += BLOCK) {
    const int64_t rows = t->rows - first < BLOCK ? t->rows - first : BLOCK;
    AF_NAME(into_lanes)(x + first * d, rows, d, block.x);
    if (t->slopes) AF_NAME(into_lanes)(g + first * p, rows, p, block.g);
    memset(block.sum, 0, (size_t)BLOCK * sizeof(AF_TYPE));
    memset(block.slopes, 0, (size_t)(d * BLOCK) * sizeof(AF_TYPE));
    memset(block.values, 0, (size_t)(p * BLOCK) * sizeof(AF_TYPE));
    int64_t j = 0;
    for (; j + POINTS <= t->points; j += POINTS) AF_NAME(radial_tile)(form, POINTS, t, &block, y + j * d, h + j * p);
    for (; j < t->points; j++) AF_NAME(radial_tile)(form, 1, t, &block, y + j * d, h + j * p);
    if (t->slopes) {
      // sum_j s_j (y_j - x)
      for (int64_t c = 0; c < d * BLOCK; c += BLOCK)
        AF_VECTOR_LOOP for (int64_t i = 0; i < BLOCK; i++) block.slopes[c + i] -= block.sum[i] * block.x[c + i];
      AF_NAME(from_lanes)(block.slopes, rows, d, (AF_TYPE*)t->slopes + first * t->stride, t->stride);
    }
    if (t->values) AF_NAME(from_lanes)(block.values, rows, p, (AF_TYPE*)t->values + first * t->stride, t->stride);
  }
}

static void AF_NAME(radial_sum)(const af_radial* t) {
  switch (t->form) {
    case AF_SQUARED_EXPONENTIAL: return AF_NAME(radial_rows)(AF_SQUARED_EXPONENTIAL, t);
    case AF_MATERN12: return AF_NAME(radial_rows)(AF_MATERN12, t);
    case AF_MATERN32: return AF_NAME(radial_rows)(AF_MATERN32, t);
    case AF_MATERN52: return AF_NAME(radial_rows)(AF_MATERN52, t);
  }
}

#undef VEC
#undef LANES
#undef BLOCK
#undef POINTS
#undef LOAD
#undef STORE
#undef UNROLL
#undef PLAIN
