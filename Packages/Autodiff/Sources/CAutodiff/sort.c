#include "include/CAutodiff.h"

// Stable merge sort of (key, position) pairs, from runs that insertion sorts; binary search in a sorted sequence.

enum { RUN = 16 };

// NaN comes after everything else; for integers the second half is never true.
#define PRECEDES(a, b) ((a) < (b) || ((b) != (b) && (a) == (a)))
#define ASCENDING(a, b) PRECEDES(a, b)
#define DESCENDING(a, b) PRECEDES(b, a)

#define DEFINE_ARGSORT(name, type, item, precedes)                                                \
  static void name(const type* src, int32_t* dst, int64_t length, int64_t stride, item* a) {      \
    item* b = a + length;                                                                         \
    for (int64_t i = 0; i < length; i++) a[i] = (item){src[i * stride], (int32_t)i};              \
    for (int64_t start = 0; start < length; start += RUN) {                                       \
      int64_t end = start + RUN < length ? start + RUN : length;                                  \
      for (int64_t i = start + 1; i < end; i++) {                                                 \
        item moving = a[i];                                                                       \
        int64_t j = i;                                                                            \
        for (; j > start && precedes(moving.key, a[j - 1].key); j--) a[j] = a[j - 1];             \
        a[j] = moving;                                                                            \
      }                                                                                           \
    }                                                                                             \
    for (int64_t width = RUN; width < length; width *= 2) {                                       \
      for (int64_t start = 0; start < length; start += 2 * width) {                               \
        int64_t middle = start + width < length ? start + width : length;                         \
        int64_t end = middle + width < length ? middle + width : length;                          \
        int64_t left = start, right = middle;                                                     \
        for (int64_t i = start; i < end; i++) {                                                   \
          int second = left == middle || (right < end && precedes(a[right].key, a[left].key));    \
          b[i] = second ? a[right++] : a[left++];                                                 \
        }                                                                                         \
      }                                                                                           \
      item* swap = a;                                                                             \
      a = b, b = swap;                                                                            \
    }                                                                                             \
    for (int64_t i = 0; i < length; i++) dst[i * stride] = a[i].position;                         \
  }

#define DEFINE_SEARCH(name, type)                                                                 \
  static void name(int after_equal, const type* sequence, int64_t length, const type* values,     \
                   int64_t count, int32_t* dst) {                                                 \
    for (int64_t i = 0; i < count; i++) {                                                         \
      type value = values[i];                                                                     \
      int64_t low = 0, high = length;                                                             \
      while (low < high) {                                                                        \
        int64_t middle = low + (high - low) / 2;                                                  \
        type other = sequence[middle];                                                            \
        if (after_equal ? !PRECEDES(value, other) : PRECEDES(other, value))                       \
          low = middle + 1;                                                                       \
        else                                                                                      \
          high = middle;                                                                          \
      }                                                                                           \
      dst[i] = (int32_t)low;                                                                      \
    }                                                                                             \
  }

#define DEFINE_SORTS(suffix, type)                                                                \
  typedef struct {                                                                                \
    type key;                                                                                     \
    int32_t position;                                                                             \
  } item_##suffix;                                                                                \
  DEFINE_ARGSORT(ascend_##suffix, type, item_##suffix, ASCENDING)                                 \
  DEFINE_ARGSORT(descend_##suffix, type, item_##suffix, DESCENDING)                               \
  static void argsort_##suffix(int descending, const type* src, int32_t* dst, int64_t outer,      \
                               int64_t length, int64_t inner, void* workspace) {                  \
    for (int64_t o = 0; o < outer; o++)                                                           \
      for (int64_t i = 0; i < inner; i++) {                                                       \
        int64_t start = o * length * inner + i;                                                   \
        if (descending)                                                                           \
          descend_##suffix(src + start, dst + start, length, inner, workspace);                   \
        else                                                                                      \
          ascend_##suffix(src + start, dst + start, length, inner, workspace);                    \
      }                                                                                           \
  }                                                                                               \
  DEFINE_SEARCH(search_##suffix, type)

// Floats compare unequal to themselves where they are NaN; integers never do.
#pragma clang diagnostic ignored "-Wtautological-compare"
DEFINE_SORTS(f32, float)
DEFINE_SORTS(f64, double)
DEFINE_SORTS(i32, int32_t)

size_t af_argsort_workspace_bytes(af_dtype type, int64_t length) {
  size_t item = type == AF_F32 ? sizeof(item_f32) : type == AF_F64 ? sizeof(item_f64) : sizeof(item_i32);
  return 2 * (size_t)length * item;
}

void af_argsort(af_dtype type, int descending, const void* src, int32_t* dst, int64_t outer,
                int64_t length, int64_t inner, void* workspace) {
  switch (type) {
    case AF_F32: argsort_f32(descending, src, dst, outer, length, inner, workspace); break;
    case AF_F64: argsort_f64(descending, src, dst, outer, length, inner, workspace); break;
    case AF_I32: argsort_i32(descending, src, dst, outer, length, inner, workspace); break;
    default: __builtin_trap();
  }
}

void af_search_sorted(af_dtype type, int after_equal, const void* sequence, int64_t length,
                      const void* values, int64_t count, int32_t* dst) {
  switch (type) {
    case AF_F32: search_f32(after_equal, sequence, length, values, count, dst); break;
    case AF_F64: search_f64(after_equal, sequence, length, values, count, dst); break;
    case AF_I32: search_i32(after_equal, sequence, length, values, count, dst); break;
    default: __builtin_trap();
  }
}
