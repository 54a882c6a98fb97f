#ifndef AF_FUSED_PLAN_H
#define AF_FUSED_PLAN_H

// How one run of a fused program walks its elements. The axes are merged to as few as possible; a tile
// is either whole rows of the last axis (short rows) or a piece of one row (long rows).

#include "include/CAutodiff.h"

enum { AF_TILE = 512 };  // elements per tile, at most

/// What an operand's address does as the tiles advance.
typedef enum {
  AF_FIXED,   // the same memory for every tile: a register, a constant, a hoisted broadcast
  AF_DIRECT,  // contiguous over all axes: used in place
  AF_ROW,     // long rows: used in place within the row
  AF_LOAD,    // gathered into its register at every tile
  AF_STORE,   // computed in its register, stored at the end of every tile
} af_access;

typedef struct {
  af_access access;
  char* memory;              // DIRECT, ROW, LOAD, STORE: the array
  void* reg;                 // FIXED, LOAD, STORE: the register
  int boolean;
  int64_t stride[AF_AXES];   // LOAD, ROW: over the merged axes
} af_binding;

typedef struct {
  int axes;                  // merged; at least 1
  int64_t extent[AF_AXES];
  int64_t total, columns, rows;   // columns: last axis; rows: all others together
  int64_t tile_rows, tile_columns;
  int element_size;
} af_walk;

/// The elements of one tile: `rows` whole rows from `row` on, or columns of one row.
typedef struct {
  int64_t row, column, rows, columns;
} af_tile;

/// Gathers the tile of an operand into its register, converting bools to the compute type.
void af_fused_load(const af_walk* walk, const af_binding* binding, const af_tile* tile, int compute);

/// Stores the register of an output.
void af_fused_store(const af_walk* walk, const af_binding* binding, const af_tile* tile, int compute);

/// Element offset of a row in an array of the binding's strides.
int64_t af_fused_row_offset(const af_walk* walk, const af_binding* binding, int64_t row);

#endif
