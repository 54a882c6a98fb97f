#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "levels.h"

// Written once (or by a test); every racing first use writes the same value.
static _Atomic(const af_kernels*) active;

static const af_kernels* supported(const char* name) {
  if (strcmp(name, "baseline") == 0) return &af_kernels_baseline;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (strcmp(name, "avx2") == 0 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return &af_kernels_avx2;
  if (strcmp(name, "avx512") == 0 && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma"))
    return &af_kernels_avx512;
#endif
  return NULL;
}

static const af_kernels* best(void) {
  const char* wanted = getenv("AUTODIFF_SIMD");
  const af_kernels* found = wanted ? supported(wanted) : NULL;
  if (!found) found = supported("avx512");
  if (!found) found = supported("avx2");
  return found ? found : &af_kernels_baseline;
}

const af_kernels* af_active_kernels(void) {
  const af_kernels* table = atomic_load_explicit(&active, memory_order_acquire);
  if (table) return table;
  table = best();
  atomic_store_explicit(&active, table, memory_order_release);
  return table;
}

const char* af_simd_name(void) { return af_active_kernels()->name; }

int af_simd_select(const char* name) {
  const af_kernels* table = supported(name);
  if (!table) return 0;
  atomic_store_explicit(&active, table, memory_order_release);
  return 1;
}
