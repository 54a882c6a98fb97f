// Panels of B: AF_TILE_VECTORS vectors wide, narrower at the right edge. A packed panel holds its k rows
// one after the other, padded with zeros to whole vectors.

/// Vectors in the panel that starts `left` columns before the right edge.
static inline int AF_NAME(panel_vectors)(int64_t left) {
  int64_t vectors = (left + LANES - 1) / LANES;
  if (vectors >= AF_TILE_VECTORS) return AF_TILE_VECTORS;
  return vectors == 3 ? 2 : (int)vectors;
}

/// Packs `columns` columns of op(B) from column `first` on, rows [0, k).
static void AF_NAME(pack_panel)(const af_product* p, int64_t first, int64_t columns, int vectors,
                                AF_TYPE* to) {
  const AF_TYPE* b = p->b;
  int64_t width = vectors * LANES;
  if (!p->transpose_b) {
    const AF_TYPE* from = b + first;
    if (columns == width) {
      for (int64_t l = 0; l < p->k; l++, from += p->ldb, to += width)
        for (int v = 0; v < vectors; v++) STORE(to + v * LANES, LOAD(from + v * LANES));
    } else {
      for (int64_t l = 0; l < p->k; l++, from += p->ldb, to += width)
        for (int64_t j = 0; j < width; j++) to[j] = j < columns ? from[j] : 0;
    }
    return;
  }
  // Blocks of 16 steps along k: each row of B^T is read in runs, each packed line filled while hot.
  for (int64_t l0 = 0; l0 < p->k; l0 += 16) {
    int64_t l1 = l0 + 16 < p->k ? l0 + 16 : p->k;
    for (int64_t j = 0; j < columns; j++) {
      const AF_TYPE* from = b + (first + j) * p->ldb;
      for (int64_t l = l0; l < l1; l++) to[l * width + j] = from[l];
    }
    for (int64_t l = l0; l < l1; l++)
      for (int64_t j = columns; j < width; j++) to[l * width + j] = 0;
  }
}
