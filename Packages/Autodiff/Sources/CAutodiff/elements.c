#include <string.h>

#include "include/CAutodiff.h"

// Fill, cast and iota.

#define FILL(type, constant)                                    \
  {                                                             \
    type v = (constant);                                        \
    type* d = dst;                                              \
    for (int64_t i = 0; i < count; i++) d[i] = v;               \
    break;                                                      \
  }

void af_fill(af_dtype dtype, void* dst, int64_t count, double value) {
  switch (dtype) {
    case AF_F32: FILL(float, (float)value)
    case AF_F64: FILL(double, value)
    case AF_I32: FILL(int32_t, (int32_t)value)
    case AF_BOOL: FILL(uint8_t, value != 0)
  }
}

static inline int32_t saturated(double x) {
  if (x != x) return 0;
  if (x <= -2147483648.0) return INT32_MIN;
  return x >= 2147483647.0 ? INT32_MAX : (int32_t)x;
}

#define CAST(from_type, to_type, expression)                    \
  {                                                             \
    const from_type* s = src;                                   \
    to_type* d = dst;                                           \
    for (int64_t i = 0; i < count; i++) {                       \
      from_type x = s[i];                                       \
      d[i] = expression;                                        \
    }                                                           \
    return;                                                     \
  }
#define CASE(from, to) case ((from) << 2 | (to)):

void af_cast(af_dtype from, const void* src, af_dtype to, void* dst, int64_t count) {
  switch ((unsigned)from << 2 | (unsigned)to) {
    CASE(AF_F32, AF_F32) CASE(AF_I32, AF_I32) memmove(dst, src, (size_t)count * 4); return;
    CASE(AF_F64, AF_F64) memmove(dst, src, (size_t)count * 8); return;
    CASE(AF_F32, AF_F64) CAST(float, double, x)
    CASE(AF_F32, AF_I32) CAST(float, int32_t, saturated((double)x))
    CASE(AF_F32, AF_BOOL) CAST(float, uint8_t, x != 0)
    CASE(AF_F64, AF_F32) CAST(double, float, (float)x)
    CASE(AF_F64, AF_I32) CAST(double, int32_t, saturated(x))
    CASE(AF_F64, AF_BOOL) CAST(double, uint8_t, x != 0)
    CASE(AF_I32, AF_F32) CAST(int32_t, float, (float)x)
    CASE(AF_I32, AF_F64) CAST(int32_t, double, x)
    CASE(AF_I32, AF_BOOL) CAST(int32_t, uint8_t, x != 0)
    CASE(AF_BOOL, AF_F32) CAST(uint8_t, float, x ? 1.0f : 0.0f)
    CASE(AF_BOOL, AF_F64) CAST(uint8_t, double, x ? 1.0 : 0.0)
    CASE(AF_BOOL, AF_I32) CAST(uint8_t, int32_t, x != 0)
    CASE(AF_BOOL, AF_BOOL) CAST(uint8_t, uint8_t, x != 0)
    default: __builtin_trap();
  }
}

#define IOTA(type)                                                              \
  {                                                                             \
    type* d = dst;                                                              \
    for (int64_t o = 0; o < outer; o++)                                         \
      for (int64_t l = 0; l < length; l++)                                      \
        for (int64_t i = 0; i < inner; i++) *d++ = (type)(start + l);           \
    break;                                                                      \
  }

void af_iota(af_dtype dtype, void* dst, int64_t outer, int64_t length, int64_t inner, int64_t start) {
  switch (dtype) {
    case AF_F32: IOTA(float)
    case AF_F64: IOTA(double)
    case AF_I32: IOTA(int32_t)
    case AF_BOOL: __builtin_trap();
  }
}
