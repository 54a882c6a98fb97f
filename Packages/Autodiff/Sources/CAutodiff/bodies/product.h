// C (+)= op(A) op(B): picks the path for the shape.

#include "product_tile.h"
#include "product_pack.h"
#include "product_dot.h"

static void AF_NAME(finish)(const af_product* p, int64_t first, int64_t last) {
  if (p->epilogue && last > first) p->epilogue(p->context, first, last - first);
}

/// k = 0 or n = 0: nothing to add.
static void AF_NAME(product_empty)(const af_product* p) {
  if (!p->accumulate)
    for (int64_t i = 0; i < p->m; i++)
      memset((AF_TYPE*)p->c + i * p->ldc, 0, (size_t)p->n * sizeof(AF_TYPE));
  AF_NAME(finish)(p, 0, p->m);
}

/// to[j, l] = from[l, j]: makes the few columns of a factor contiguous along k.
static void AF_NAME(turn)(const AF_TYPE* from, int64_t ld, int64_t k, int64_t columns, AF_TYPE* to) {
  for (int64_t j = 0; j < columns; j++)
    for (int64_t l = 0; l < k; l++) to[j * k + l] = from[l * ld + j];
}

/// Few columns, A not transposed: rows of A against columns of op(B).
static void AF_NAME(product_few_columns)(const af_product* p, AF_TYPE* workspace) {
  AF_NAME(dots) t = {p->a, p->b, p->lda, p->ldb, p->k, p->c, p->ldc, 1, p->accumulate};
  if (!p->transpose_b) {
    AF_NAME(turn)(p->b, p->ldb, p->k, p->n, workspace);
    t.y = workspace, t.ldy = p->k;
  }
  for (int64_t i = 0; i < p->m; i += 64) {
    int64_t last = i + 64 < p->m ? i + 64 : p->m;
    AF_NAME(dot_rows)(&t, p->n, i, last);
    AF_NAME(finish)(p, i, last);
  }
}

/// Few rows, B transposed: rows of B^T against rows of op(A), C filled by columns.
static void AF_NAME(product_few_rows)(const af_product* p, AF_TYPE* workspace) {
  AF_NAME(dots) t = {p->b, p->a, p->ldb, p->lda, p->k, p->c, 1, p->ldc, p->accumulate};
  if (p->transpose_a) {
    AF_NAME(turn)(p->a, p->lda, p->k, p->m, workspace);
    t.y = workspace, t.ldy = p->k;
  }
  AF_NAME(dot_rows)(&t, p->m, 0, p->n);
  AF_NAME(finish)(p, 0, p->m);
}

/// One panel of op(B): k steps from `l` on, `columns` columns from `j` on.
typedef struct {
  const AF_TYPE* b;
  int64_t ldb, l, k, j, columns;
  int vectors;
} AF_NAME(panel);

/// Memory that the next panel will be read from: fetched line by line while this one is multiplied.
typedef struct {
  const char* first;
  int64_t rows, bytes, stride;
} AF_NAME(ahead);

/// Rows [first, last) of C against one panel.
static void AF_NAME(multiply_panel)(const af_product* p, const AF_NAME(panel)* panel, int64_t first,
                                    int64_t last, const AF_NAME(ahead)* ahead) {
  const int64_t a_row = p->transpose_a ? 1 : p->lda, a_step = p->transpose_a ? p->lda : 1;
  AF_NAME(factors) f = {.b = panel->b, .lda = p->lda, .ldb = panel->ldb, .k = panel->k};
  AF_NAME(target) t = {.ldc = p->ldc, .columns = panel->columns, .accumulate = p->accumulate || panel->l > 0};
  int64_t row = 0, byte = 0;
  int height;
  for (int64_t i = first; i < last; i += height) {
    AF_NAME(tile_kernel) kernel = AF_NAME(choose_tile)(panel->vectors, last - i, &height);
    // One column of lines after the other.
    f.next = (const char*)f.b, f.next_step = 0;
    if (byte < ahead->bytes) {
      f.next = ahead->first + row * ahead->stride + byte, f.next_step = ahead->stride;
      row += (panel->k + AF_FETCH - 1) / AF_FETCH;
      if (row >= ahead->rows) row = 0, byte += 64;
    }
    f.a = (const AF_TYPE*)p->a + i * a_row + panel->l * a_step;
    t.c = (AF_TYPE*)p->c + i * p->ldc + panel->j;
    kernel(p->transpose_a, &f, &t);
  }
}

/// Length of equal blocks of `count`, at most `most` each.
static int64_t AF_NAME(block_length)(int64_t count, int64_t most) {
  int64_t blocks = (count + most - 1) / most;
  return (count + blocks - 1) / blocks;
}

/// Rows [first, last) against all panels; B is packed, or read in place but for a partial last panel.
static void AF_NAME(multiply_rows)(const af_product* p, const AF_TYPE* packed, int in_place,
                                   int64_t depth, int64_t first, int64_t last) {
  AF_NAME(ahead) nothing = {0};
  for (int64_t l = 0; l < p->k; l += depth) {
    AF_NAME(panel) panel = {.l = l, .k = l + depth < p->k ? depth : p->k - l};
    for (int64_t offset = 0, width; panel.j < p->n; panel.j += width) {
      int64_t left = p->n - panel.j;
      panel.vectors = AF_NAME(panel_vectors)(left);
      width = panel.vectors * LANES;
      panel.columns = left < width ? left : width;
      if (in_place && left >= width) {
        panel.b = (const AF_TYPE*)p->b + l * p->ldb + panel.j, panel.ldb = p->ldb;
      } else {
        panel.b = packed + offset + l * width, panel.ldb = width;
        offset += width * p->k;
      }
      AF_NAME(multiply_panel)(p, &panel, first, last, &nothing);
    }
  }
}

/// All of op(B) in panels, those that are read in place left out.
static void AF_NAME(pack)(const af_product* p, int in_place, AF_TYPE* to) {
  int vectors;
  for (int64_t j = 0; j < p->n; j += vectors * LANES) {
    int64_t left = p->n - j;
    vectors = AF_NAME(panel_vectors)(left);
    int64_t width = vectors * LANES;
    if (in_place && left >= width) continue;
    AF_NAME(pack_panel)(p, j, left < width ? left : width, 0, p->k, vectors, to);
    to += width * p->k;
  }
}

/// A factor B that the second-level cache holds: blocks of rows of C are finished one after the other.
static void AF_NAME(product_resident)(const af_product* p, const AF_TYPE* packed, int in_place) {
  int64_t depth = AF_NAME(block_length)(p->k, in_place && p->n > AF_WIDE ? AF_SHALLOW : AF_DEPTH);
  for (int64_t i = 0; i < p->m; i += AF_ROW_BLOCK) {
    int64_t last = i + AF_ROW_BLOCK < p->m ? i + AF_ROW_BLOCK : p->m;
    AF_NAME(multiply_rows)(p, packed, in_place, depth, i, last);
    AF_NAME(finish)(p, i, last);
  }
}

/// Rows [first, last) against a large factor B: every part of it is read once, packed (unless it is
/// already) into the first-level cache and multiplied with all these rows.
static void AF_NAME(stream_rows)(const af_product* p, const AF_TYPE* packed, AF_TYPE* workspace,
                                 int64_t first, int64_t last) {
  const int64_t depth = AF_NAME(block_length)(p->k, AF_DEPTH), size = sizeof(AF_TYPE);
  const AF_TYPE* b = p->b;
  for (int64_t l = 0; l < p->k; l += depth) {
    AF_NAME(panel) panel = {.l = l, .k = l + depth < p->k ? depth : p->k - l};
    for (int64_t width; panel.j < p->n; panel.j += width) {
      int64_t left = p->n - panel.j;
      panel.vectors = AF_NAME(panel_vectors)(left);
      panel.ldb = width = panel.vectors * LANES;
      panel.columns = left < width ? left : width;
      // The next panel beside this one is about as large; the last one has none.
      int64_t more = left - width;
      AF_NAME(ahead) ahead = {0};
      if (packed) {
        panel.b = packed + panel.j * p->k + l * width;
        if (more > 0)
          ahead = (AF_NAME(ahead)){(const char*)(panel.b + width * p->k), panel.k, width * size, width * size};
      } else {
        AF_NAME(pack_panel)(p, panel.j, panel.columns, l, panel.k, panel.vectors, workspace);
        panel.b = workspace;
        if (more > 0) {
          int64_t columns = more < width ? more : width, j = panel.j + width;
          ahead = p->transpose_b
                      ? (AF_NAME(ahead)){(const char*)(b + j * p->ldb + l), columns, panel.k * size, p->ldb * size}
                      : (AF_NAME(ahead)){(const char*)(b + l * p->ldb + j), panel.k, columns * size, p->ldb * size};
        }
      }
      AF_NAME(multiply_panel)(p, &panel, first, last, &ahead);
    }
  }
}

static void AF_NAME(product_streamed)(const af_product* p, const AF_TYPE* packed, AF_TYPE* workspace) {
  int64_t rows = AF_NAME(block_length)(p->m, AF_STREAM_ROWS);
  for (int64_t i = 0; i < p->m; i += rows) {
    int64_t last = i + rows < p->m ? i + rows : p->m;
    AF_NAME(stream_rows)(p, packed, workspace, i, last);
    AF_NAME(finish)(p, i, last);
  }
}

/// Whether B is better streamed; a transposed A, whose rows share cache sets, is better read block by block.
static int AF_NAME(is_large)(const af_product* p) {
  return p->k * p->n * (int64_t)sizeof(AF_TYPE) > (p->transpose_a ? 2 : 1) * AF_RESIDENT_BYTES;
}

static void AF_NAME(product_general)(const af_product* p, AF_TYPE* workspace) {
  // Few rows do not pay for copying B; short k keeps a panel in a few cache lines anyway.
  int in_place = !p->packed && !p->transpose_b && (p->m <= 16 || p->k <= 8);
  if (!in_place && AF_NAME(is_large)(p)) {
    AF_NAME(product_streamed)(p, p->packed, workspace);
  } else {
    if (!p->packed) AF_NAME(pack)(p, in_place, workspace);
    AF_NAME(product_resident)(p, p->packed ? p->packed : workspace, in_place);
  }
}

/// Few columns, A transposed: C^T = op(B)^T A has few rows, and A is already its right factor.
static void AF_NAME(product_turned)(const af_product* p, AF_TYPE* workspace) {
  int direct = p->n == 1 && p->ldc == 1;
  AF_TYPE* result = direct ? p->c : workspace;
  af_product turned = {.transpose_a = !p->transpose_b, .accumulate = direct && p->accumulate,
                       .m = p->n, .n = p->m, .k = p->k, .lda = p->ldb, .ldb = p->lda, .ldc = p->m,
                       .a = p->b, .b = p->a, .c = result};
  AF_NAME(product_general)(&turned, workspace + (direct ? 0 : p->n * p->m));
  if (!direct)
    for (int64_t i = 0; i < p->m; i++)
      for (int64_t j = 0; j < p->n; j++) {
        AF_TYPE* to = (AF_TYPE*)p->c + i * p->ldc + j;
        *to = p->accumulate ? *to + result[j * p->m + i] : result[j * p->m + i];
      }
  AF_NAME(finish)(p, 0, p->m);
}

static void AF_NAME(product)(const af_product* p) {
  if (p->m == 0) return;
  AF_TYPE* workspace = (AF_TYPE*)(((uintptr_t)p->workspace + 63) / 64 * 64);
  if (p->k == 0 || p->n == 0)
    AF_NAME(product_empty)(p);
  else if (p->packed)
    AF_NAME(product_general)(p, NULL);
  else if (p->n <= AF_DOT_COLUMNS && !p->transpose_a)
    AF_NAME(product_few_columns)(p, workspace);
  else if (p->n <= AF_DOT_COLUMNS)
    AF_NAME(product_turned)(p, workspace);
  else if (p->m <= AF_DOT_COLUMNS && p->transpose_b)
    AF_NAME(product_few_rows)(p, workspace);
  else
    AF_NAME(product_general)(p, workspace);
}

static void AF_NAME(pack_right)(const af_product* p) { AF_NAME(pack)(p, 0, p->workspace); }

#undef VEC
#undef LANES
#undef LOAD
#undef STORE
#undef UNROLL
