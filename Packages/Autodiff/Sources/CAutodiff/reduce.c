#include "levels.h"

#include <math.h>

void af_reduce(af_dtype type, af_reduction reduction, const void* src, void* dst, int64_t outer,
               int64_t length, int64_t inner, int accumulate) {
  if (type > AF_I32) __builtin_trap();
  const af_middle_axis view = {src, dst, outer, length, inner, accumulate && reduction == AF_SUM};
  af_active_kernels()->reduce[type](reduction, &view);
}

void af_sum_shards(af_dtype type, const void* const* shards, int64_t shard_count, void* dst,
                   int64_t count) {
  if (type > AF_I32) __builtin_trap();
  af_active_kernels()->sum_shards[type](shards, shard_count, dst, count);
}

// `beats(x, best)`: x is strictly better, or the first NaN.
#define DEFINE_ARG_REDUCE(name, type)                                                             \
  static void name(int minimum, const type* src, int32_t* dst, int64_t outer, int64_t length,     \
                   int64_t inner) {                                                               \
    for (int64_t o = 0; o < outer; o++)                                                           \
      for (int64_t i = 0; i < inner; i++) {                                                       \
        const type* column = src + o * length * inner + i;                                        \
        int32_t found = 0;                                                                        \
        for (int64_t l = 1; l < length; l++) {                                                    \
          type x = column[l * inner], best = column[found * inner];                               \
          if ((minimum ? x < best : x > best) || (x != x && best == best)) found = (int32_t)l;    \
        }                                                                                         \
        dst[o * inner + i] = found;                                                               \
      }                                                                                           \
  }

#define DEFINE_CUMULATIVE_SUM(name, type, wide)                                                   \
  static void name(const type* src, type* dst, int64_t outer, int64_t length, int64_t inner,      \
                   int reverse, int exclusive) {                                                  \
    for (int64_t o = 0; o < outer; o++)                                                           \
      for (int64_t i = 0; i < inner; i++) {                                                       \
        int64_t at = (o * length + (reverse ? length - 1 : 0)) * inner + i;                       \
        int64_t step = reverse ? -inner : inner;                                                  \
        wide sum = 0;                                                                             \
        for (int64_t l = 0; l < length; l++, at += step) {                                        \
          wide next = sum + (wide)src[at];                                                        \
          dst[at] = (type)(exclusive ? sum : next);                                               \
          sum = next;                                                                             \
        }                                                                                         \
      }                                                                                           \
  }

DEFINE_ARG_REDUCE(arg_reduce_f32, float)
DEFINE_ARG_REDUCE(arg_reduce_f64, double)
DEFINE_ARG_REDUCE(arg_reduce_i32, int32_t)
DEFINE_CUMULATIVE_SUM(cumulative_sum_f32, float, double)
DEFINE_CUMULATIVE_SUM(cumulative_sum_f64, double, double)
DEFINE_CUMULATIVE_SUM(cumulative_sum_i32, int32_t, uint32_t)

void af_arg_reduce(af_dtype type, int minimum, const void* src, int32_t* dst, int64_t outer,
                   int64_t length, int64_t inner) {
  switch (type) {
    case AF_F32: arg_reduce_f32(minimum, src, dst, outer, length, inner); break;
    case AF_F64: arg_reduce_f64(minimum, src, dst, outer, length, inner); break;
    case AF_I32: arg_reduce_i32(minimum, src, dst, outer, length, inner); break;
    default: __builtin_trap();
  }
}

void af_cumulative_sum(af_dtype type, const void* src, void* dst, int64_t outer, int64_t length,
                       int64_t inner, int reverse, int exclusive) {
  switch (type) {
    case AF_F32: cumulative_sum_f32(src, dst, outer, length, inner, reverse, exclusive); break;
    case AF_F64: cumulative_sum_f64(src, dst, outer, length, inner, reverse, exclusive); break;
    case AF_I32: cumulative_sum_i32(src, dst, outer, length, inner, reverse, exclusive); break;
    default: __builtin_trap();
  }
}
