#include <string.h>

#include "include/CAutodiff.h"
#include "short_rows.h"

// Copies between strided arrays: axes are dropped and merged, then the inner two are done by a loop for
// the element's size.

enum { COPY_AXES = 16, TRANSPOSE_BLOCK = 8 };

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

typedef uint32_t four __attribute__((ext_vector_type(4), aligned(4)));

/// A 4 x 4 block of words whose source rows are contiguous where the destination's columns are.
static inline void transpose_4x4(uint32_t* to, int64_t to_row, const uint32_t* from, int64_t from_column) {
  four a = *(const four*)from, b = *(const four*)(from + from_column);
  four c = *(const four*)(from + 2 * from_column), d = *(const four*)(from + 3 * from_column);
  four ac_low = __builtin_shufflevector(a, c, 0, 4, 1, 5);
  four ac_high = __builtin_shufflevector(a, c, 2, 6, 3, 7);
  four bd_low = __builtin_shufflevector(b, d, 0, 4, 1, 5);
  four bd_high = __builtin_shufflevector(b, d, 2, 6, 3, 7);
  *(four*)to = __builtin_shufflevector(ac_low, bd_low, 0, 4, 1, 5);
  *(four*)(to + to_row) = __builtin_shufflevector(ac_low, bd_low, 2, 6, 3, 7);
  *(four*)(to + 2 * to_row) = __builtin_shufflevector(ac_high, bd_high, 0, 4, 1, 5);
  *(four*)(to + 3 * to_row) = __builtin_shufflevector(ac_high, bd_high, 2, 6, 3, 7);
}

/// to[r, c] = from[c, r] for words; the edges that 4 x 4 blocks leave go one by one.
static void transpose_words(uint32_t* to, const uint32_t* from, int64_t rows, int64_t columns,
                            int64_t to_row, int64_t from_column) {
  int64_t whole_rows = rows / 4 * 4, whole_columns = columns / 4 * 4;
  for (int64_t r0 = 0; r0 < whole_rows; r0 += TRANSPOSE_BLOCK)
    for (int64_t c = 0; c < whole_columns; c += 4)
      for (int64_t r = r0; r < whole_rows && r < r0 + TRANSPOSE_BLOCK; r += 4)
        transpose_4x4(to + r * to_row + c, to_row, from + r + c * from_column, from_column);
  for (int64_t r = 0; r < rows; r++)
    for (int64_t c = r < whole_rows ? whole_columns : 0; c < columns; c++)
      to[r * to_row + c] = from[r + c * from_column];
}

// rows x columns of one element size; blocked when the source steps further along the columns than
// along the rows (a transpose), so that a cache line is used up before it is evicted; 8 lines at a power
// of two apart still fit the ways of one cache set.
#define DEFINE_PLANE(name, type)                                                                  \
  static void name(char* dst, const char* src, int64_t rows, int64_t columns, int64_t to_row,     \
                   int64_t to_column, int64_t from_row, int64_t from_column) {                    \
    type* d = (type*)dst;                                                                         \
    const type* s = (const type*)src;                                                             \
    if (to_column == 1 && from_column == 1) {                                                     \
      const int64_t size = sizeof(type);                                                          \
      af_copy_rows(dst, to_row * size, src, from_row * size, rows, columns * size);               \
      return;                                                                                     \
    }                                                                                             \
    if (to_column == 1 && from_column == 0) {                                                     \
      for (int64_t r = 0; r < rows; r++) {                                                        \
        type value = s[r * from_row], *line = d + r * to_row;                                     \
        for (int64_t c = 0; c < columns; c++) line[c] = value;                                    \
      }                                                                                           \
      return;                                                                                     \
    }                                                                                             \
    if (sizeof(type) == 4 && to_column == 1 && from_row == 1) {                                   \
      transpose_words((uint32_t*)dst, (const uint32_t*)src, rows, columns, to_row, from_column);  \
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
