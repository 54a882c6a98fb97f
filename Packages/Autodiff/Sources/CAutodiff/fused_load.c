#include <string.h>

#include "fused_plan.h"
#include "short_rows.h"

// A block of rows x columns from strided memory to a contiguous register.
#define DEFINE_BLOCK(name, from_type, to_type, convert)                                           \
  static inline void name##_columns(to_type* to, const from_type* from, int64_t row_stride,       \
                                    int64_t rows, int64_t columns, int64_t column_stride) {       \
    for (int64_t r = 0; r < rows; r++, from += row_stride)                                        \
      for (int64_t c = 0; c < columns; c++) {                                                     \
        from_type x = from[c * column_stride];                                                    \
        *to++ = convert;                                                                          \
      }                                                                                           \
  }                                                                                               \
  static void name(to_type* to, const from_type* from, int64_t row_stride, int64_t rows,          \
                   int64_t columns, int64_t column_stride) {                                      \
    /* Two columns, the plane's points, as a constant: no inner loop is left. */                  \
    if (columns == 2 && column_stride == 0)                                                       \
      name##_columns(to, from, row_stride, rows, 2, 0);                                           \
    else if (columns == 2)                                                                        \
      name##_columns(to, from, row_stride, rows, 2, column_stride);                               \
    else if (column_stride == 0)                                                                  \
      name##_columns(to, from, row_stride, rows, columns, 0);                                     \
    else if (column_stride == 1)                                                                  \
      name##_columns(to, from, row_stride, rows, columns, 1);                                     \
    else                                                                                          \
      name##_columns(to, from, row_stride, rows, columns, column_stride);                         \
  }

DEFINE_BLOCK(block_4, uint32_t, uint32_t, x)
DEFINE_BLOCK(block_8, uint64_t, uint64_t, x)
DEFINE_BLOCK(bool_f32, uint8_t, float, x ? 1.0f : 0.0f)
DEFINE_BLOCK(bool_f64, uint8_t, double, x ? 1.0 : 0.0)
DEFINE_BLOCK(bool_i32, uint8_t, int32_t, x != 0)

static void load_block(const af_binding* b, int compute, char* to, int64_t offset, int64_t row_stride,
                       int64_t rows, int64_t columns, int64_t column_stride) {
  const int64_t size = compute == AF_F64 ? 8 : 4;
  if (b->boolean) {
    const uint8_t* from = (const uint8_t*)b->memory + offset;
    if (compute == AF_F32)
      bool_f32((float*)to, from, row_stride, rows, columns, column_stride);
    else if (compute == AF_F64)
      bool_f64((double*)to, from, row_stride, rows, columns, column_stride);
    else
      bool_i32((int32_t*)to, from, row_stride, rows, columns, column_stride);
  } else if (column_stride == 1) {
    af_copy_rows(to, columns * size, b->memory + offset * size, row_stride * size, rows, columns * size);
  } else if (compute == AF_F64) {
    block_8((uint64_t*)to, (const uint64_t*)b->memory + offset, row_stride, rows, columns,
            column_stride);
  } else {
    block_4((uint32_t*)to, (const uint32_t*)b->memory + offset, row_stride, rows, columns,
            column_stride);
  }
}

int64_t af_fused_row_offset(const af_walk* walk, const af_binding* binding, int64_t row) {
  int64_t offset = 0;
  for (int axis = walk->axes - 2; axis > 0; axis--) {
    offset += row % walk->extent[axis] * binding->stride[axis];
    row /= walk->extent[axis];
  }
  return walk->axes > 1 ? offset + row * binding->stride[0] : 0;
}

void af_fused_load(const af_walk* walk, const af_binding* b, const af_tile* tile, int compute) {
  int last = walk->axes - 1;
  int64_t column_stride = b->stride[last];
  char* to = b->reg;
  if (last == 0) {
    load_block(b, compute, to, tile->column * column_stride, 0, 1, tile->columns, column_stride);
    return;
  }
  // Runs of rows along the axis next to the last; a new run starts where that axis wraps around.
  int64_t period = walk->extent[last - 1], row_stride = b->stride[last - 1];
  for (int64_t done = 0; done < tile->rows;) {
    int64_t row = tile->row + done, run = period - row % period;
    if (run > tile->rows - done) run = tile->rows - done;
    int64_t offset = af_fused_row_offset(walk, b, row) + tile->column * column_stride;
    load_block(b, compute, to, offset, row_stride, run, tile->columns, column_stride);
    to += run * tile->columns * walk->element_size;
    done += run;
  }
}

#define STORE_BOOL(type)                                                \
  {                                                                     \
    const type* from = b->reg;                                          \
    for (int64_t i = 0; i < n; i++) to[i] = from[i] != 0;               \
  }

void af_fused_store(const af_walk* walk, const af_binding* b, const af_tile* tile, int compute) {
  int64_t first = tile->row * walk->columns + tile->column, n = tile->rows * tile->columns;
  if (!b->boolean) {
    memcpy(b->memory + first * walk->element_size, b->reg, (size_t)(n * walk->element_size));
    return;
  }
  uint8_t* to = (uint8_t*)b->memory + first;
  if (compute == AF_F32) STORE_BOOL(float)
  else if (compute == AF_F64) STORE_BOOL(double)
  else STORE_BOOL(int32_t)
}
