#include <string.h>

#include "include/CAutodiff.h"

// Copies between strided arrays: axes are dropped and merged, then the inner two are done by a loop for
// the element's size.

enum { COPY_AXES = 16, TRANSPOSE_BLOCK = 16 };

typedef struct {
  int rank;
  int64_t extent[COPY_AXES], to[COPY_AXES], from[COPY_AXES];
} axes;

/// Drops axes of one element and merges neighbours that step alike in both arrays.
static axes simplify(const int64_t* shape, const int64_t* dst_stride, const int64_t* src_stride,
                     int rank) {
  axes s = {.rank = 0};
  for (int i = 0; i < rank; i++) {
    if (shape[i] == 1) continue;
    int last = s.rank - 1;
    if (last >= 0 && s.to[last] == dst_stride[i] * shape[i] && s.from[last] == src_stride[i] * shape[i]) {
      s.extent[last] *= shape[i];
    } else {
      last = s.rank++;
      s.extent[last] = shape[i];
    }
    s.to[last] = dst_stride[i];
    s.from[last] = src_stride[i];
  }
  return s;
}

// rows x columns of one element size; blocked when the source steps further along the columns than
// along the rows (a transpose), so that a cache line is used up before it is evicted.
#define DEFINE_PLANE(name, type)                                                                  \
  static void name(char* dst, const char* src, int64_t rows, int64_t columns, int64_t to_row,     \
                   int64_t to_column, int64_t from_row, int64_t from_column) {                    \
    type* d = (type*)dst;                                                                         \
    const type* s = (const type*)src;                                                             \
    if (to_column == 1 && from_column == 1) {                                                     \
      for (int64_t r = 0; r < rows; r++)                                                          \
        memcpy(d + r * to_row, s + r * from_row, (size_t)columns * sizeof(type));                 \
      return;                                                                                     \
    }                                                                                             \
    if (to_column == 1 && from_column == 0) {                                                     \
      for (int64_t r = 0; r < rows; r++) {                                                        \
        type value = s[r * from_row], *line = d + r * to_row;                                     \
        for (int64_t c = 0; c < columns; c++) line[c] = value;                                    \
      }                                                                                           \
      return;                                                                                     \
    }                                                                                             \
    for (int64_t r0 = 0; r0 < rows; r0 += TRANSPOSE_BLOCK)                                        \
      for (int64_t c0 = 0; c0 < columns; c0 += TRANSPOSE_BLOCK) {                                 \
        int64_t r1 = r0 + TRANSPOSE_BLOCK < rows ? r0 + TRANSPOSE_BLOCK : rows;                   \
        int64_t c1 = c0 + TRANSPOSE_BLOCK < columns ? c0 + TRANSPOSE_BLOCK : columns;             \
        for (int64_t r = r0; r < r1; r++)                                                         \
          for (int64_t c = c0; c < c1; c++)                                                       \
            d[r * to_row + c * to_column] = s[r * from_row + c * from_column];                    \
      }                                                                                           \
  }

DEFINE_PLANE(plane_1, uint8_t)
DEFINE_PLANE(plane_4, uint32_t)
DEFINE_PLANE(plane_8, uint64_t)

typedef void (*plane)(char*, const char*, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t);

void af_copy_strided(size_t size, void* dst, const int64_t* dst_stride, const void* src,
                     const int64_t* src_stride, const int64_t* shape, int rank) {
  if (rank > COPY_AXES) __builtin_trap();
  for (int i = 0; i < rank; i++)
    if (shape[i] == 0) return;
  axes s = simplify(shape, dst_stride, src_stride, rank);
  // Pad with axes of one element, so that there always are two inner ones.
  for (; s.rank < 2; s.rank++) {
    memmove(s.extent + 1, s.extent, sizeof s.extent[0]);
    memmove(s.to + 1, s.to, sizeof s.to[0]);
    memmove(s.from + 1, s.from, sizeof s.from[0]);
    s.extent[0] = 1, s.to[0] = s.from[0] = 0;
    if (s.rank == 0) s.extent[1] = 1, s.to[1] = s.from[1] = 1;
  }
  plane copy = size == 1 ? plane_1 : size == 4 ? plane_4 : size == 8 ? plane_8 : NULL;
  if (!copy) __builtin_trap();
  int row = s.rank - 2, column = s.rank - 1;
  int64_t position[COPY_AXES] = {0}, to = 0, from = 0;
  for (;;) {
    copy((char*)dst + to * (int64_t)size, (const char*)src + from * (int64_t)size, s.extent[row],
         s.extent[column], s.to[row], s.to[column], s.from[row], s.from[column]);
    int i = row - 1;
    for (; i >= 0; i--) {
      to += s.to[i], from += s.from[i];
      if (++position[i] < s.extent[i]) break;
      to -= s.to[i] * s.extent[i], from -= s.from[i] * s.extent[i];
      position[i] = 0;
    }
    if (i < 0) return;
  }
}
