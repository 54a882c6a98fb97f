#if defined(__x86_64__)
#include "bodies/prelude.h"

#define AF_LEVEL_NAME "avx2"
#define AF_LEVEL_TABLE af_kernels_avx2
#define AF_VECTOR_BYTES 32
#define AF_FUSED_MULTIPLY_ADD 1

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "bodies/level.h"
#pragma clang attribute pop

#else
typedef int af_no_avx2;  // this file is empty elsewhere than on x86-64
#endif
