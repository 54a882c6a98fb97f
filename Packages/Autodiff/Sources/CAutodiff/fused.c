#include <string.h>

#include "fused_plan.h"
#include "levels.h"

// Registers follow each other at a distance that keeps them on different cache sets.
enum { REGISTER_PAD = 64 };

static int64_t element_size(int compute) { return compute == AF_F64 ? 8 : 4; }

static int64_t register_bytes(int compute) { return AF_TILE * element_size(compute) + REGISTER_PAD; }

static size_t round_up_64(size_t bytes) { return (bytes + 63) / 64 * 64; }

// Scratch: [bindings][operand addresses][temporaries][one register per other operand].
static size_t table_bytes(const af_fused* p) {
  return round_up_64((size_t)p->operand_count * (sizeof(af_binding) + sizeof(void*)));
}

size_t af_fused_scratch_bytes(const af_fused* p) {
  size_t registers = p->temp_count;
  for (int32_t i = 0; i < p->operand_count; i++) registers += p->operands[i].kind != AF_TEMP;
  return 64 + table_bytes(p) + registers * (size_t)register_bytes(p->compute);
}

/// Merges neighbouring axes that every input crosses with one step, and sets the strides over the rest.
static void merge_axes(const af_fused* p, const int64_t extent[AF_AXES], af_walk* walk,
                       af_binding* bindings) {
  walk->axes = 0;
  for (int axis = 0; axis < AF_AXES; axis++) {
    if (extent[axis] == 1) continue;
    int last = walk->axes - 1, merge = last >= 0;
    for (int32_t i = 0; merge && i < p->operand_count; i++)
      if (p->operands[i].kind == AF_INPUT)
        merge = bindings[i].stride[last] == p->operands[i].stride[axis] * extent[axis];
    if (merge) {
      walk->extent[last] *= extent[axis];
    } else {
      last = walk->axes++;
      walk->extent[last] = extent[axis];
    }
    for (int32_t i = 0; i < p->operand_count; i++)
      if (p->operands[i].kind == AF_INPUT) bindings[i].stride[last] = p->operands[i].stride[axis];
  }
  if (walk->axes == 0) {
    walk->axes = 1, walk->extent[0] = 1;
    for (int32_t i = 0; i < p->operand_count; i++) bindings[i].stride[0] = 0;
  }
}

static void choose_tiles(af_walk* walk) {
  walk->columns = walk->extent[walk->axes - 1];
  walk->rows = 1;
  for (int axis = 0; axis < walk->axes - 1; axis++) walk->rows *= walk->extent[axis];
  walk->total = walk->rows * walk->columns;
  if (walk->columns <= AF_TILE) {
    int64_t fit = AF_TILE / walk->columns;
    walk->tile_rows = fit < walk->rows ? fit : walk->rows;
    walk->tile_columns = walk->columns;
  } else {
    walk->tile_rows = 1;
    walk->tile_columns = AF_TILE;
  }
}

/// Whether an input that shares the output's memory is still read after the output was first written.
static int overwrites_input(const af_fused* p, void* const* base, int32_t output) {
  for (int32_t i = 0; i < p->operand_count; i++) {
    if (p->operands[i].kind != AF_INPUT || base[i] != base[output]) continue;
    int written = 0;
    for (int32_t k = 0; k < p->instruction_count; k++) {
      const af_instruction* s = p->instructions + k;
      int reads = s->a == i || (s->op >= AF_ADD && s->b == i) || (s->op >= AF_SELECT && s->c == i);
      int two = s->op == AF_SOFTPLUS_SIGMOID;
      if (reads && (written || two)) return 1;
      written |= s->dst == output || (two && s->c == output);
    }
  }
  return 0;
}

static void fill_register(int compute, void* reg, double value, int64_t n) {
  af_fill((af_dtype)compute, reg, n, value);
}

/// Fills n elements of 4 or 8 bytes with the one at `from`.
static void repeat(void* reg, const void* from, int64_t element, int64_t n) {
  if (element == 8) {
    uint64_t value, *to = reg;
    memcpy(&value, from, sizeof value);
    for (int64_t i = 0; i < n; i++) to[i] = value;
  } else {
    uint32_t value, *to = reg;
    memcpy(&value, from, sizeof value);
    for (int64_t i = 0; i < n; i++) to[i] = value;
  }
}

/// Whether the input is the same for every tile: a scalar, or one short row under whole-row tiles.
static int is_fixed(const af_walk* walk, const af_binding* b) {
  for (int axis = 0; axis < walk->axes - 1; axis++)
    if (b->stride[axis] != 0) return 0;
  int scalar = b->stride[walk->axes - 1] == 0;
  return scalar || (walk->axes > 1 && walk->tile_columns == walk->columns);
}

static int is_contiguous(const af_walk* walk, const af_binding* b) {
  int64_t step = 1;
  for (int axis = walk->axes - 1; axis >= 0; axis--) {
    if (b->stride[axis] != step) return 0;
    step *= walk->extent[axis];
  }
  return 1;
}

static void bind_input(const af_fused* p, const af_walk* walk, af_binding* b) {
  if (is_fixed(walk, b)) {
    const af_tile first = {0, 0, walk->tile_rows, walk->tile_columns};
    af_fused_load(walk, b, &first, p->compute);
    b->access = AF_FIXED;
  } else if (b->boolean) {
    b->access = AF_LOAD;
  } else if (is_contiguous(walk, b)) {
    b->access = AF_DIRECT;
  } else {
    int in_place = walk->tile_columns < walk->columns && b->stride[walk->axes - 1] == 1;
    b->access = in_place ? AF_ROW : AF_LOAD;
  }
}

static void bind(const af_fused* p, void* const* base, const af_walk* walk, af_binding* bindings,
                 char* registers) {
  int64_t size = register_bytes(p->compute);
  char* next = registers + p->temp_count * size;
  int64_t tile_elements = walk->tile_rows * walk->tile_columns;
  for (int32_t i = 0; i < p->operand_count; i++) {
    const af_operand* operand = p->operands + i;
    af_binding* b = bindings + i;
    b->memory = base[i];
    b->boolean = operand->dtype == AF_BOOL;
    b->access = AF_FIXED;
    if (operand->kind == AF_TEMP) {
      b->reg = registers + operand->slot * size;
      continue;
    }
    b->reg = next;
    next += size;
    if (operand->kind == AF_CONSTANT)
      fill_register(p->compute, b->reg, operand->value, tile_elements);
    else if (operand->kind == AF_INPUT)
      bind_input(p, walk, b);
    else
      b->access = b->boolean || overwrites_input(p, base, i) ? AF_STORE : AF_DIRECT;
  }
}

static void run_tile(const af_fused* p, const af_walk* walk, const af_binding* bindings,
                     const af_tile* tile, void** address, af_tile_kernel kernel) {
  int64_t first = tile->row * walk->columns + tile->column;
  for (int32_t i = 0; i < p->operand_count; i++) {
    const af_binding* b = bindings + i;
    switch (b->access) {
      case AF_DIRECT: address[i] = b->memory + first * walk->element_size; break;
      case AF_ROW:
        address[i] = b->memory + (af_fused_row_offset(walk, b, tile->row) + tile->column) *
                                     walk->element_size;
        break;
      case AF_LOAD: af_fused_load(walk, b, tile, p->compute); break;
      case AF_FIXED:
      case AF_STORE: break;
    }
  }
  kernel(p->instructions, p->instruction_count, address, tile->rows * tile->columns);
  for (int32_t i = 0; i < p->operand_count; i++)
    if (bindings[i].access == AF_STORE) af_fused_store(walk, bindings + i, tile, p->compute);
}

/// Elements that the input advances per element of the output where that is the same everywhere: 1
/// (contiguous) or 0 (one scalar); else -1.
static int flat_step(const af_operand* operand, const int64_t extent[AF_AXES]) {
  int64_t expected = 1;
  int contiguous = 1, scalar = 1;
  for (int axis = AF_AXES - 1; axis >= 0; axis--) {
    if (extent[axis] == 1) continue;
    contiguous &= operand->stride[axis] == expected;
    scalar &= operand->stride[axis] == 0;
    expected *= extent[axis];
  }
  return contiguous ? 1 : scalar ? 0 : -1;
}

/// Runs a program whose operands all are contiguous, scalars or constants, and none bools, without a plan;
/// returns 0 where it is not such a program.
static int run_flat(const af_fused* p, void* const* base, const int64_t extent[AF_AXES], char* scratch) {
  const int64_t element = element_size(p->compute), size = register_bytes(p->compute);
  void** address = (void**)scratch;
  int64_t* step = (int64_t*)(address + p->operand_count);
  for (int32_t i = 0; i < p->operand_count; i++) {
    const af_operand* operand = p->operands + i;
    step[i] = 0;
    if (operand->kind == AF_INPUT) {
      int advance = operand->dtype == AF_BOOL ? -1 : flat_step(operand, extent);
      if (advance < 0) return 0;
      step[i] = advance * element;
    } else if (operand->kind == AF_OUTPUT) {
      if (operand->dtype == AF_BOOL || overwrites_input(p, base, i)) return 0;
      step[i] = element;
    }
  }
  int64_t total = 1;
  for (int axis = 0; axis < AF_AXES; axis++) total *= extent[axis];
  const int64_t most = total < AF_TILE ? total : AF_TILE;
  char *registers = scratch + table_bytes(p), *next = registers + p->temp_count * size;
  for (int32_t i = 0; i < p->operand_count; i++) {
    const af_operand* operand = p->operands + i;
    if (operand->kind == AF_TEMP) {
      address[i] = registers + operand->slot * size;
    } else if (step[i] != 0) {
      address[i] = base[i];
    } else {
      address[i] = next;
      next += size;
      if (operand->kind == AF_CONSTANT)
        fill_register(p->compute, address[i], operand->value, most);
      else
        repeat(address[i], base[i], element, most);
    }
  }
  af_tile_kernel kernel = af_active_kernels()->fused_tile[p->compute];
  for (int64_t first = 0;;) {
    kernel(p->instructions, p->instruction_count, address, total - first < AF_TILE ? total - first : AF_TILE);
    if ((first += AF_TILE) >= total) return 1;
    for (int32_t i = 0; i < p->operand_count; i++) address[i] = (char*)address[i] + step[i] * AF_TILE;
  }
}

void af_fused_run(const af_fused* p, void* const* base, const int64_t extent[AF_AXES], void* scratch) {
  for (int axis = 0; axis < AF_AXES; axis++)
    if (extent[axis] == 0) return;
  char* aligned = (char*)(((uintptr_t)scratch + 63) / 64 * 64);
  if (run_flat(p, base, extent, aligned)) return;
  af_binding* bindings = (af_binding*)aligned;
  void** address = (void**)(bindings + p->operand_count);
  af_walk walk = {.element_size = (int)element_size(p->compute)};
  merge_axes(p, extent, &walk, bindings);
  choose_tiles(&walk);
  bind(p, base, &walk, bindings, aligned + table_bytes(p));
  for (int32_t i = 0; i < p->operand_count; i++) address[i] = bindings[i].reg;

  af_tile_kernel kernel = af_active_kernels()->fused_tile[p->compute];
  for (int64_t row = 0; row < walk.rows; row += walk.tile_rows)
    for (int64_t column = 0; column < walk.columns; column += walk.tile_columns) {
      int64_t rows = walk.rows - row, columns = walk.columns - column;
      const af_tile tile = {row, column, rows < walk.tile_rows ? rows : walk.tile_rows,
                            columns < walk.tile_columns ? columns : walk.tile_columns};
      run_tile(p, &walk, bindings, &tile, address, kernel);
    }
}
