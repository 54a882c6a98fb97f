#include <string.h>

#include "include/CAutodiff.h"

int64_t af_gather_rows(size_t row_bytes, const void* src, int64_t row_count, const int32_t* index,
                       int64_t index_count, void* dst) {
  for (int64_t i = 0; i < index_count; i++) {
    int64_t row = index[i];
    if (row < 0 || row >= row_count) return i;
    const char* from = (const char*)src + (size_t)row * row_bytes;
    char* to = (char*)dst + (size_t)i * row_bytes;
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

#define DEFINE_SCATTER_ADD(name, type, wrap)                                                      \
  static int64_t name(const type* src, const int32_t* index, int64_t index_count, int64_t length, \
                      type* dst, int64_t row_count) {                                             \
    for (int64_t i = 0; i < index_count; i++) {                                                   \
      int64_t row = index[i];                                                                     \
      if (row < 0 || row >= row_count) return i;                                                  \
      const type* from = src + i * length;                                                        \
      type* to = dst + row * length;                                                              \
      for (int64_t j = 0; j < length; j++) to[j] = (type)((wrap)to[j] + (wrap)from[j]);           \
    }                                                                                             \
    return -1;                                                                                    \
  }

DEFINE_SCATTER_ADD(scatter_add_f32, float, float)
DEFINE_SCATTER_ADD(scatter_add_f64, double, double)
DEFINE_SCATTER_ADD(scatter_add_i32, int32_t, uint32_t)

int64_t af_scatter_add_rows(af_dtype type, const void* src, const int32_t* index, int64_t index_count,
                            int64_t row_length, void* dst, int64_t row_count) {
  switch (type) {
    case AF_F32: return scatter_add_f32(src, index, index_count, row_length, dst, row_count);
    case AF_F64: return scatter_add_f64(src, index, index_count, row_length, dst, row_count);
    case AF_I32: return scatter_add_i32(src, index, index_count, row_length, dst, row_count);
    default: __builtin_trap();
  }
}
