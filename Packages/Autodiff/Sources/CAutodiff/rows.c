#include <string.h>

#include "include/CAutodiff.h"

/// One table: dst[i] = src[index[i]] for rows.
static int64_t gather_rows(size_t row_bytes, const char* src, int64_t extent, const int32_t* index,
                           int64_t count, char* dst) {
  for (int64_t i = 0; i < count; i++) {
    int64_t row = index[i];
    if (row < 0 || row >= extent) return i;
    const char* from = src + (size_t)row * row_bytes;
    char* to = dst + (size_t)i * row_bytes;
    // Constant sizes become single moves; short rows (labels, points of a plane) are the common case.
    switch (row_bytes) {
      case 4: memcpy(to, from, 4); break;
      case 8: memcpy(to, from, 8); break;
      case 16: memcpy(to, from, 16); break;
      default: memcpy(to, from, row_bytes);
    }
  }
  return -1;
}

int64_t af_gather(size_t row_bytes, const void* src, int64_t batches, int64_t outer, int64_t extent,
                  const int32_t* index, int64_t index_count, void* dst) {
  size_t table_bytes = (size_t)extent * row_bytes, result_bytes = (size_t)index_count * row_bytes;
  for (int64_t table = 0; table < batches * outer; table++) {
    int64_t first = table / outer * index_count;
    int64_t bad = gather_rows(row_bytes, (const char*)src + (size_t)table * table_bytes, extent,
                              index + first, index_count, (char*)dst + (size_t)table * result_bytes);
    if (bad >= 0) return first + bad;
  }
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
