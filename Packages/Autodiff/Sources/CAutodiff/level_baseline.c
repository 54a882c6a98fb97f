// What every processor of the target has: SSE2 on x86-64 (no fused multiply-add), NEON on arm64.
#include "bodies/prelude.h"

#define AF_LEVEL_NAME "baseline"
#define AF_LEVEL_TABLE af_kernels_baseline
#define AF_VECTOR_BYTES 16
#if defined(__aarch64__)
#define AF_FUSED_MULTIPLY_ADD 1
#else
#define AF_FUSED_MULTIPLY_ADD 0
#endif

#include "bodies/level.h"
