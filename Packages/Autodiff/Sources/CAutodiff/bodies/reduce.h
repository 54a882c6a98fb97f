// Reductions of the middle axis of [outer, length, inner], one operation at a time as a constant.
// Sums are blocked: independent lanes take BLOCK_ROWS values each before a block is added to the total,
// so that rounding errors stay far below those of adding in one row.

typedef AF_TYPE AF_NAME(lanes) __attribute__((ext_vector_type(AF_VECTOR_BYTES / sizeof(AF_TYPE))));
typedef AF_TYPE AF_NAME(memory_lanes)
    __attribute__((ext_vector_type(AF_VECTOR_BYTES / sizeof(AF_TYPE)), aligned(sizeof(AF_TYPE))));

#define V AF_NAME(lanes)
#define WIDTH ((int64_t)(AF_VECTOR_BYTES / sizeof(AF_TYPE)))
#define AT(p) (*(const AF_NAME(memory_lanes)*)(p))
#define UNROLL _Pragma("clang loop unroll(full)")
#define ROLLED _Pragma("clang loop unroll(disable) vectorize(disable)")  // edges: small code, not speed
#define INLINE static inline __attribute__((always_inline))
#define BLOCK_ROWS 64  // rows that one set of running results takes before it is added to the total

INLINE AF_TYPE AF_NAME(neutral)(const af_reduction op) {
  return op == AF_SUM ? 0 : op == AF_PRODUCT ? 1 : op == AF_MAXIMUM ? AF_LOWEST : AF_HIGHEST;
}

INLINE AF_TYPE AF_NAME(combine)(const af_reduction op, AF_TYPE x, AF_TYPE y) {
  switch (op) {
    case AF_SUM: return (AF_TYPE)((AF_WRAP)x + (AF_WRAP)y);
    case AF_PRODUCT: return (AF_TYPE)((AF_WRAP)x * (AF_WRAP)y);
    case AF_MAXIMUM: return x > y || AF_IS_NAN(x) ? x : y;
    case AF_MINIMUM: return x < y || AF_IS_NAN(x) ? x : y;
  }
}

INLINE V AF_NAME(combine_lanes)(const af_reduction op, V x, V y) {
  switch (op) {
    case AF_SUM: return x + y;
    case AF_PRODUCT: return x * y;
    case AF_MAXIMUM: return ((x > y) | AF_IS_NAN(x)) ? x : y;
    case AF_MINIMUM: return ((x < y) | AF_IS_NAN(x)) ? x : y;
  }
}

/// `vectors` neighbouring columns of vectors over `length` rows `step` apart.
INLINE void AF_NAME(reduce_columns)(const af_reduction op, const int vectors, const AF_TYPE* src,
                                    int64_t length, int64_t step, V* total) {
  UNROLL for (int v = 0; v < vectors; v++) total[v] = (V)AF_NAME(neutral)(op);
  for (int64_t l = 0; l < length;) {
    int64_t end = l + BLOCK_ROWS < length ? l + BLOCK_ROWS : length;
    V part[8];
    UNROLL for (int v = 0; v < vectors; v++) part[v] = (V)AF_NAME(neutral)(op);
    for (; l < end; l++)
      UNROLL for (int v = 0; v < vectors; v++)
        part[v] = AF_NAME(combine_lanes)(op, part[v], AT(src + l * step + v * WIDTH));
    UNROLL for (int v = 0; v < vectors; v++)
      total[v] = AF_NAME(combine_lanes)(op, total[v], part[v]);
  }
}

INLINE void AF_NAME(keep)(AF_TYPE* to, AF_TYPE value, int accumulate) {
  *to = accumulate ? (AF_TYPE)((AF_WRAP)*to + (AF_WRAP)value) : value;
}

/// inner of at least one vector: vectors run along it.
INLINE void AF_NAME(reduce_wide)(const af_reduction op, const AF_TYPE* src, AF_TYPE* dst, int64_t length,
                                 int64_t inner, int accumulate) {
  V total[4];
  AF_TYPE line[4 * AF_VECTOR_BYTES / sizeof(AF_TYPE)];
  for (int64_t i = 0; i < inner;) {
    // The last vector steps back over columns already done; their values are not stored again.
    int64_t count = inner - i >= 4 * WIDTH ? 4 * WIDTH : WIDTH, start = i, skip = 0;
    if (inner - i < WIDTH) start = inner - WIDTH, skip = i - start;
    if (count == 4 * WIDTH)
      AF_NAME(reduce_columns)(op, 4, src + start, length, inner, total);
    else
      AF_NAME(reduce_columns)(op, 1, src + start, length, inner, total);
    memcpy(line, total, (size_t)count * sizeof *line);
    ROLLED for (int64_t j = skip; j < count; j++) AF_NAME(keep)(dst + start + j, line[j], accumulate);
    i = start + count;
  }
}

/// Folds a line of `width` results, a power of two times `inner`, into the columns' results.
INLINE void AF_NAME(fold)(const af_reduction op, AF_TYPE* line, int64_t width, const int64_t inner,
                          AF_TYPE* result) {
  for (width /= 2; width >= inner; width /= 2)
    for (int64_t j = 0; j < width; j++)
      line[j] = AF_NAME(combine)(op, line[j], line[j + width]);
  for (int64_t i = 0; i < inner; i++) result[i] = AF_NAME(combine)(op, result[i], line[i]);
}

/// inner of 1...7: the rows are one contiguous run whose columns repeat every `inner` elements.
INLINE void AF_NAME(reduce_run)(const af_reduction op, const int inner, const int vectors,
                                const AF_TYPE* src, int64_t length, AF_TYPE* result) {
  const int64_t chunk = vectors * WIDTH, rows = chunk / inner;
  ROLLED for (int i = 0; i < inner; i++) result[i] = AF_NAME(neutral)(op);
  int64_t l = 0;
  for (; l + rows <= length;) {
    AF_TYPE line[8 * AF_VECTOR_BYTES / sizeof(AF_TYPE)];
    int64_t chunks = (length - l) / rows;
    if (chunks > BLOCK_ROWS) chunks = BLOCK_ROWS;
    V total[8];
    AF_NAME(reduce_columns)(op, vectors, src + l * inner, chunks, chunk, total);
    if (vectors == 4 && WIDTH % inner == 0) {
      V low = AF_NAME(combine_lanes)(op, total[0], total[1]);
      total[0] = AF_NAME(combine_lanes)(op, low, AF_NAME(combine_lanes)(op, total[2], total[3]));
      memcpy(line, total, sizeof(V));
      AF_NAME(fold)(op, line, WIDTH, inner, result);
    } else {
      memcpy(line, total, (size_t)vectors * sizeof(V));
      AF_NAME(fold)(op, line, chunk, inner, result);
    }
    l += chunks * rows;
  }
  ROLLED for (; l < length; l++)
    ROLLED for (int i = 0; i < inner; i++)
      result[i] = AF_NAME(combine)(op, result[i], src[l * inner + i]);
}

#define RUN_CASE(columns, vectors)                                                                \
  case columns: AF_NAME(reduce_run)(op, columns, vectors, src, length, result); return;

INLINE void AF_NAME(reduce_narrow)(const af_reduction op, const AF_TYPE* src, int64_t length,
                                   int64_t inner, AF_TYPE* result) {
  switch (length < 16 ? 0 : inner) {
    RUN_CASE(1, 4)
    RUN_CASE(2, 4)
    RUN_CASE(3, 6)
    RUN_CASE(4, 4)
    RUN_CASE(5, 5)
    RUN_CASE(6, 6)
    RUN_CASE(7, 7)
  }
  if (length >= 16 && inner >= WIDTH / 2) {
    // Vectors reach into the next row, whose lanes are ignored; the last row has none.
    V total;
    AF_NAME(reduce_columns)(op, 1, src, length - 1, inner, &total);
    AF_TYPE line[AF_VECTOR_BYTES / sizeof(AF_TYPE)];
    memcpy(line, &total, sizeof line);
    ROLLED for (int64_t i = 0; i < inner; i++)
        result[i] = AF_NAME(combine)(op, line[i], src[(length - 1) * inner + i]);
    return;
  }
  // Short columns: one at a time.
  ROLLED for (int64_t i = 0; i < inner; i++) {
    AF_TYPE value = AF_NAME(neutral)(op);
    ROLLED for (int64_t l = 0; l < length; l++) value = AF_NAME(combine)(op, value, src[l * inner + i]);
    result[i] = value;
  }
}

INLINE void AF_NAME(reduce_each)(const af_reduction op, const af_middle_axis* v) {
  const AF_TYPE* src = v->src;
  AF_TYPE* dst = v->dst;
  for (int64_t o = 0; o < v->outer; o++, src += v->length * v->inner, dst += v->inner) {
    if (v->inner >= 8 && v->inner >= WIDTH) {
      AF_NAME(reduce_wide)(op, src, dst, v->length, v->inner, v->accumulate);
      continue;
    }
    AF_TYPE result[16];
    AF_NAME(reduce_narrow)(op, src, v->length, v->inner, result);
    ROLLED for (int64_t i = 0; i < v->inner; i++) AF_NAME(keep)(dst + i, result[i], v->accumulate);
  }
}

static void AF_NAME(reduce_sum)(const af_middle_axis* v) { AF_NAME(reduce_each)(AF_SUM, v); }
static void AF_NAME(reduce_product)(const af_middle_axis* v) { AF_NAME(reduce_each)(AF_PRODUCT, v); }
static void AF_NAME(reduce_maximum)(const af_middle_axis* v) { AF_NAME(reduce_each)(AF_MAXIMUM, v); }
static void AF_NAME(reduce_minimum)(const af_middle_axis* v) { AF_NAME(reduce_each)(AF_MINIMUM, v); }

static void AF_NAME(reduce)(af_reduction reduction, const af_middle_axis* v) {
  switch (reduction) {
    case AF_SUM: AF_NAME(reduce_sum)(v); break;
    case AF_PRODUCT: AF_NAME(reduce_product)(v); break;
    case AF_MAXIMUM: AF_NAME(reduce_maximum)(v); break;
    case AF_MINIMUM: AF_NAME(reduce_minimum)(v); break;
  }
}

static void AF_NAME(sum_shards)(const void* const* shards, int64_t shard_count, void* dst,
                                int64_t count) {
  AF_TYPE* d = dst;
  for (int64_t first = 0; first < count; first += 4096) {
    int64_t n = count - first < 4096 ? count - first : 4096;
    AF_TYPE* to = d + first;
    if (shard_count == 0) memset(to, 0, (size_t)n * sizeof *to);
    else memmove(to, (const AF_TYPE*)shards[0] + first, (size_t)n * sizeof *to);
    for (int64_t s = 1; s < shard_count; s++) {
      const AF_TYPE* from = (const AF_TYPE*)shards[s] + first;
      AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++)
          to[i] = (AF_TYPE)((AF_WRAP)to[i] + (AF_WRAP)from[i]);
    }
  }
}

#undef V
#undef WIDTH
#undef AT
#undef UNROLL
#undef INLINE
#undef ROLLED
#undef BLOCK_ROWS
#undef RUN_CASE
