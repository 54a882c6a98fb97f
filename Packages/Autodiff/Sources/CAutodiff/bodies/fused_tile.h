// The interpreter over one tile, given the element type's unary, binary and ternary operations.
static void AF_NAME(fused_tile)(const af_instruction* instructions, int32_t count,
                                void* const* operand, int64_t n) {
  for (int32_t k = 0; k < count; k++) {
    const af_instruction* step = instructions + k;
    AF_TYPE* d = operand[step->dst];
    const AF_TYPE* a = operand[step->a];
    if (step->op < AF_ADD)
      AF_NAME(fused_unary)(step->op, d, a, n);
    else if (step->op < AF_SELECT)
      AF_NAME(fused_binary)(step->op, d, a, operand[step->b], n);
    else if (step->op < AF_SOFTPLUS_SIGMOID)
      AF_NAME(fused_ternary)(step->op, d, a, operand[step->b], operand[step->c], n);
    else
      AF_NAME(softplus_sigmoid)(d, operand[step->c], a, n);
  }
}
