// Panels of B: AF_TILE_VECTORS vectors wide, narrower at the right edge. A packed panel holds its k rows
// one after the other, padded with zeros to whole vectors.

/// Vectors in the panel that starts `left` columns before the right edge.
static inline int AF_NAME(panel_vectors)(int64_t left) {
  int64_t vectors = (left + LANES - 1) / LANES;
  if (vectors >= AF_TILE_VECTORS) return AF_TILE_VECTORS;
  return vectors == 3 ? 2 : (int)vectors;
}

/// Transposes LANES vectors in registers: log2(LANES) times, row i is interleaved with row i + LANES / 2.
static inline __attribute__((always_inline)) void AF_NAME(transpose)(VEC* row) {
  UNROLL for (int stage = 1; stage < LANES; stage *= 2) {
    VEC next[AF_VECTOR_BYTES / sizeof(AF_TYPE)];
    UNROLL for (int i = 0; i < LANES / 2; i++) {
      VEC x = row[i], y = row[i + LANES / 2];
      next[2 * i] = __builtin_shufflevector(x, y, AF_NAME(AF_LOW_LANES));
      next[2 * i + 1] = __builtin_shufflevector(x, y, AF_NAME(AF_HIGH_LANES));
    }
    UNROLL for (int i = 0; i < LANES; i++) row[i] = next[i];
  }
}

/// One vector of columns of B from its transpose (rows `ld` apart), to lines `width` apart.
static void AF_NAME(pack_turned)(const AF_TYPE* from, int64_t ld, int64_t columns, int64_t k,
                                 AF_TYPE* to, int64_t width) {
  int64_t l = 0;
  if (columns >= LANES)
    for (; l + LANES <= k; l += LANES) {
      VEC row[AF_VECTOR_BYTES / sizeof(AF_TYPE)];
      UNROLL for (int i = 0; i < LANES; i++) row[i] = LOAD(from + i * ld + l);
      AF_NAME(transpose)(row);
      UNROLL for (int i = 0; i < LANES; i++) STORE(to + (l + i) * width, row[i]);
    }
  for (; l < k; l++)
    for (int64_t j = 0; j < LANES; j++) to[l * width + j] = j < columns ? from[j * ld + l] : 0;
}

/// Packs `columns` columns of op(B) from column `first` on, rows [l, l + k).
static void AF_NAME(pack_panel)(const af_product* p, int64_t first, int64_t columns, int64_t l, int64_t k,
                                int vectors, AF_TYPE* to) {
  const AF_TYPE* b = p->b;
  int64_t width = vectors * LANES;
  if (p->transpose_b) {
    for (int v = 0; v < vectors; v++)
      AF_NAME(pack_turned)(b + (first + v * LANES) * p->ldb + l, p->ldb, columns - v * LANES, k,
                           to + v * LANES, width);
    return;
  }
  const AF_TYPE* from = b + l * p->ldb + first;
  if (columns == width) {
    for (int64_t step = 0; step < k; step++, from += p->ldb, to += width)
      for (int v = 0; v < vectors; v++) STORE(to + v * LANES, LOAD(from + v * LANES));
  } else {
    for (int64_t step = 0; step < k; step++, from += p->ldb, to += width)
      for (int64_t j = 0; j < width; j++) to[j] = j < columns ? from[j] : 0;
  }
}
