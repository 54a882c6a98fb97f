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
  for (int64_t l = 0; l < k; l++)
    for (int64_t j = 0; j < columns; j++) to[j * k + l] = from[l * ld + j];
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

/// Rows [first, last) against all panels; B is packed, or read in place but for a partial last panel.
static void AF_NAME(multiply_rows)(const af_product* p, const AF_TYPE* packed, int in_place,
                                   int64_t first, int64_t last) {
  const AF_TYPE* a = p->a;
  AF_NAME(factors) f = {.lda = p->lda};
  const int64_t a_row = p->transpose_a ? 1 : p->lda, a_step = p->transpose_a ? p->lda : 1;
  int64_t blocks = (p->k + AF_DEPTH - 1) / AF_DEPTH, depth = (p->k + blocks - 1) / blocks;
  for (int64_t l = 0; l < p->k; l += depth) {
    f.k = l + depth < p->k ? depth : p->k - l;
    int vectors;
    for (int64_t j = 0, offset = 0; j < p->n; j += vectors * LANES) {
      int64_t left = p->n - j, width;
      vectors = AF_NAME(panel_vectors)(left);
      width = vectors * LANES;
      if (in_place && left >= width) {
        f.b = (const AF_TYPE*)p->b + l * p->ldb + j, f.ldb = p->ldb;
      } else {
        f.b = packed + offset + l * width, f.ldb = width;
        offset += width * p->k;
      }
      AF_NAME(target) t = {.ldc = p->ldc, .columns = left < width ? left : width,
                           .accumulate = p->accumulate || l > 0};
      int height;
      for (int64_t i = first; i < last; i += height) {
        AF_NAME(tile_kernel) kernel = AF_NAME(choose_tile)(vectors, last - i, &height);
        f.a = a + i * a_row + l * a_step;
        t.c = (AF_TYPE*)p->c + i * p->ldc + j;
        kernel(p->transpose_a, &f, &t);
      }
    }
  }
}

static void AF_NAME(product_general)(const af_product* p, AF_TYPE* workspace) {
  // Few rows do not pay for copying B; short k keeps a panel in a few cache lines anyway.
  int in_place = !p->transpose_b && (p->m <= 16 || p->k <= 8);
  AF_TYPE* to = workspace;
  int vectors;
  for (int64_t j = 0; j < p->n; j += vectors * LANES) {
    int64_t left = p->n - j;
    vectors = AF_NAME(panel_vectors)(left);
    int64_t width = vectors * LANES;
    if (in_place && left >= width) continue;
    AF_NAME(pack_panel)(p, j, left < width ? left : width, vectors, to);
    to += width * p->k;
  }
  for (int64_t i = 0; i < p->m; i += AF_ROW_BLOCK) {
    int64_t last = i + AF_ROW_BLOCK < p->m ? i + AF_ROW_BLOCK : p->m;
    AF_NAME(multiply_rows)(p, workspace, in_place, i, last);
    AF_NAME(finish)(p, i, last);
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
  else if (p->n <= AF_DOT_COLUMNS && !p->transpose_a)
    AF_NAME(product_few_columns)(p, workspace);
  else if (p->n <= AF_DOT_COLUMNS)
    AF_NAME(product_turned)(p, workspace);
  else if (p->m <= AF_DOT_COLUMNS && p->transpose_b)
    AF_NAME(product_few_rows)(p, workspace);
  else
    AF_NAME(product_general)(p, workspace);
}

#undef VEC
#undef LANES
#undef LOAD
#undef STORE
#undef UNROLL
