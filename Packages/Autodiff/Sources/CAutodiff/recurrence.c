#include "include/CAutodiff.h"

#include <math.h>

// Running operations along the middle axis of [outer, length, inner], from either end. `wide` carries the running value.

#define DEFINE_LINEAR_RECURRENCE(name, type, wide)                                                \
  static void name(const type* a, const type* b, type* dst, int64_t outer, int64_t length,        \
                   int64_t inner, int reverse) {                                                  \
    for (int64_t o = 0; o < outer; o++)                                                           \
      for (int64_t i = 0; i < inner; i++) {                                                       \
        int64_t at = (o * length + (reverse ? length - 1 : 0)) * inner + i;                       \
        int64_t step = reverse ? -inner : inner;                                                  \
        wide z = 0;                                                                               \
        for (int64_t l = 0; l < length; l++, at += step) {                                        \
          z = l == 0 ? (wide)b[at] : (wide)a[at] * z + (wide)b[at];                               \
          dst[at] = (type)z;                                                                      \
        }                                                                                         \
      }                                                                                           \
  }

/// log(e^x + e^y) without overflow.
static double log_add_exp(double x, double y) {
  if (x == y) return x + 0.693147180559945309417;
  double larger = x > y || x != x ? x : y;
  return larger + log1p(exp(-fabs(x - y)));
}

#define DEFINE_CUMULATIVE_LOG_SUM_EXP(name, type)                                                 \
  static void name(const type* src, type* dst, int64_t outer, int64_t length, int64_t inner,      \
                   int reverse) {                                                                 \
    for (int64_t o = 0; o < outer; o++)                                                           \
      for (int64_t i = 0; i < inner; i++) {                                                       \
        int64_t at = (o * length + (reverse ? length - 1 : 0)) * inner + i;                       \
        int64_t step = reverse ? -inner : inner;                                                  \
        double total = -INFINITY;                                                                 \
        for (int64_t l = 0; l < length; l++, at += step) {                                        \
          total = log_add_exp(total, (double)src[at]);                                            \
          dst[at] = (type)total;                                                                  \
        }                                                                                         \
      }                                                                                           \
  }

DEFINE_LINEAR_RECURRENCE(linear_recurrence_f32, float, double)
DEFINE_LINEAR_RECURRENCE(linear_recurrence_f64, double, double)
DEFINE_LINEAR_RECURRENCE(linear_recurrence_i32, int32_t, uint32_t)
DEFINE_CUMULATIVE_LOG_SUM_EXP(cumulative_log_sum_exp_f32, float)
DEFINE_CUMULATIVE_LOG_SUM_EXP(cumulative_log_sum_exp_f64, double)

void af_linear_recurrence(af_dtype type, const void* a, const void* b, void* dst, int64_t outer,
                          int64_t length, int64_t inner, int reverse) {
  switch (type) {
    case AF_F32: linear_recurrence_f32(a, b, dst, outer, length, inner, reverse); break;
    case AF_F64: linear_recurrence_f64(a, b, dst, outer, length, inner, reverse); break;
    case AF_I32: linear_recurrence_i32(a, b, dst, outer, length, inner, reverse); break;
    default: __builtin_trap();
  }
}

void af_cumulative_log_sum_exp(af_dtype type, const void* src, void* dst, int64_t outer,
                               int64_t length, int64_t inner, int reverse) {
  switch (type) {
    case AF_F32: cumulative_log_sum_exp_f32(src, dst, outer, length, inner, reverse); break;
    case AF_F64: cumulative_log_sum_exp_f64(src, dst, outer, length, inner, reverse); break;
    default: __builtin_trap();
  }
}
