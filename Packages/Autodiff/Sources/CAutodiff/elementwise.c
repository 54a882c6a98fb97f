#include "include/CAutodiff.h"

// Room for the registers of five operands; checked against the tile size by the caller's only use, one instruction.
enum { SCRATCH_BYTES = 32 << 10 };

void af_elementwise(af_op op, af_dtype compute, int input_count, const af_elementwise_input* inputs,
                    af_dtype output_type, void* output, int64_t count) {
  af_operand operands[4] = {{0}};
  void* base[4];
  for (int i = 0; i < input_count; i++) {
    const af_elementwise_input* input = inputs + i;
    operands[i].kind = input->memory ? AF_INPUT : AF_CONSTANT;
    operands[i].dtype = input->memory ? (uint8_t)input->type : (uint8_t)compute;
    operands[i].stride[AF_AXES - 1] = input->memory != NULL;
    operands[i].value = input->value;
    base[i] = (void*)(uintptr_t)input->memory;
  }
  operands[input_count].kind = AF_OUTPUT;
  operands[input_count].dtype = (uint8_t)output_type;
  operands[input_count].stride[AF_AXES - 1] = 1;
  base[input_count] = output;
  const af_instruction instruction = {(uint16_t)op, (uint16_t)input_count, 0, 1, 2};
  const af_fused program = {(uint8_t)compute, 0, 1, input_count + 1, &instruction, operands};
  const int64_t extent[AF_AXES] = {1, 1, 1, 1, 1, count};
  _Alignas(64) char scratch[SCRATCH_BYTES];
  af_fused_run(&program, base, extent, scratch);
}
