#include "levels.h"

void af_threefry2x32(uint32_t k0, uint32_t k1, uint32_t c0, uint32_t c1, uint32_t out[2]) {
  const uint32_t key[2] = {k0, k1};
  af_active_kernels()->random_key_pairs(key, (int64_t)((uint64_t)c0 << 32 | c1), 1, out);
}

void af_random_bits(const uint32_t key[2], int64_t start, int64_t count, uint32_t* dst) {
  af_active_kernels()->random_bits(key, start, count, dst);
}

void af_random_key_pairs(const uint32_t key[2], int64_t start, int64_t count, uint32_t* dst) {
  af_active_kernels()->random_key_pairs(key, start, count, dst);
}

void af_random_uniform(af_dtype type, const uint32_t key[2], int64_t start, int64_t count, void* dst) {
  if (type == AF_F32)
    af_active_kernels()->random_uniform32(key, start, count, dst);
  else if (type == AF_F64)
    af_active_kernels()->random_uniform64(key, start, count, dst);
  else
    __builtin_trap();
}
