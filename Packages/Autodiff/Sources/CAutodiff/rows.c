#include <string.h>

#include "include/CAutodiff.h"

/// The first index out of range, or -1.
static int64_t first_bad(const int32_t* index, int64_t count, int64_t extent) {
  for (int64_t i = 0; i < count; i++)
    if (index[i] < 0 || index[i] >= extent) return i;
  return -1;
}

/// One table: dst[i] = src[index[i]] for rows.
static void gather_rows(size_t row_bytes, const char* src, const int32_t* index, int64_t count, char* dst) {
  // Constant sizes become single moves; short rows (labels, points of a plane) are the common case.
#define ROWS(n)                                                                                       \
  case n:                                                                                             \
    for (int64_t i = 0; i < count; i++) memcpy(dst + i * n, src + (int64_t)index[i] * n, n);          \
    return;
  switch (row_bytes) { ROWS(4) ROWS(8) ROWS(16) }
#undef ROWS
  for (int64_t i = 0; i < count; i++)
    memcpy(dst + (size_t)i * row_bytes, src + (size_t)index[i] * row_bytes, row_bytes);
}

/// Columns of words in another order, for tables of a few: the places stay in registers. Returns 0 for more.
static int permute_words(const uint32_t* src, int64_t extent, const int32_t* index, int64_t count, int64_t tables,
                         uint32_t* dst) {
#define COLUMNS(n)                                                                  \
  case n: {                                                                         \
    int64_t place[n];                                                               \
    for (int i = 0; i < n; i++) place[i] = index[i];                                \
    for (int64_t t = 0; t < tables; t++, src += extent, dst += n) {                 \
      uint32_t row[n];                                                              \
      for (int i = 0; i < n; i++) row[i] = src[place[i]];                           \
      memcpy(dst, row, sizeof row);                                                 \
    }                                                                               \
    return 1;                                                                       \
  }
  switch (count) {
    COLUMNS(1) COLUMNS(2) COLUMNS(3) COLUMNS(4) COLUMNS(5) COLUMNS(6) COLUMNS(7) COLUMNS(8)
    COLUMNS(9) COLUMNS(10) COLUMNS(11) COLUMNS(12)
  }
#undef COLUMNS
  return 0;
}

int64_t af_gather(size_t row_bytes, const void* src, int64_t batches, int64_t outer, int64_t extent,
                  const int32_t* index, int64_t index_count, void* dst) {
  size_t table_bytes = (size_t)extent * row_bytes, result_bytes = (size_t)index_count * row_bytes;
  int64_t bad = first_bad(index, batches * index_count, extent);
  if (bad >= 0) return bad;
  if (row_bytes == 4 && batches == 1 && permute_words(src, extent, index, index_count, outer, dst)) return -1;
  for (int64_t table = 0; table < batches * outer; table++)
    gather_rows(row_bytes, (const char*)src + (size_t)table * table_bytes, index + table / outer * index_count,
                index_count, (char*)dst + (size_t)table * result_bytes);
  return -1;
}

#define DEFINE_SCATTER_ADD(name, type, wrap)                                                      \
  static int64_t name(const type* src, int64_t batches, int64_t outer, const int32_t* index,      \
                      int64_t index_count, int64_t length, type* dst, int64_t extent) {           \
    for (int64_t table = 0; table < batches * outer; table++) {                                   \
      int64_t first = table / outer * index_count;                                                \
      for (int64_t i = 0; i < index_count; i++) {                                                 \
        int64_t row = index[first + i];                                                           \
        if (row < 0 || row >= extent) return first + i;                                           \
        const type* from = src + (table * index_count + i) * length;                              \
        type* to = dst + (table * extent + row) * length;                                         \
        for (int64_t j = 0; j < length; j++) to[j] = (type)((wrap)to[j] + (wrap)from[j]);         \
      }                                                                                           \
    }                                                                                             \
    return -1;                                                                                    \
  }

DEFINE_SCATTER_ADD(scatter_add_f32, float, float)
DEFINE_SCATTER_ADD(scatter_add_f64, double, double)
DEFINE_SCATTER_ADD(scatter_add_i32, int32_t, uint32_t)

int64_t af_scatter_add(af_dtype type, const void* src, int64_t batches, int64_t outer,
                       const int32_t* index, int64_t index_count, int64_t row_length, void* dst,
                       int64_t extent) {
  switch (type) {
    case AF_F32: return scatter_add_f32(src, batches, outer, index, index_count, row_length, dst, extent);
    case AF_F64: return scatter_add_f64(src, batches, outer, index, index_count, row_length, dst, extent);
    case AF_I32: return scatter_add_i32(src, batches, outer, index, index_count, row_length, dst, extent);
    default: __builtin_trap();
  }
}
