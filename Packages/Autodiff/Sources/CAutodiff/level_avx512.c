#if defined(__x86_64__)
#include "bodies/prelude.h"

#define AF_LEVEL_NAME "avx512"
#define AF_LEVEL_TABLE af_kernels_avx512
#define AF_VECTOR_BYTES 64
#define AF_FUSED_MULTIPLY_ADD 1

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#include "bodies/level.h"
#pragma clang attribute pop

#else
typedef int af_no_avx512;  // this file is empty elsewhere than on x86-64
#endif
