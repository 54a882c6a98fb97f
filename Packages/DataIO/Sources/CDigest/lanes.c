#include "lanes.h"

#if defined(__x86_64__)
#include "constants.h"
#include <cpuid.h>
#include <immintrin.h>

int cdigest_has_lanes(void) {
  static int known = -1;
  int answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (answer >= 0) return answer;
  unsigned a, b, c, d;
  answer = __get_cpuid(1, &a, &b, &c, &d) && (c >> 27 & 1);
  if (answer) {
    // The system must save the registers of vectors: bits 1, 2, 5, 6 and 7.
    unsigned low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    answer = (low & 0xE6) == 0xE6 && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 16 & 1) && (b >> 30 & 1);
  }
  __atomic_store_n(&known, answer, __ATOMIC_RELAXED);
  return answer;
}

#define LANES __attribute__((target("avx512f,avx512bw")))
#define INLINE static inline __attribute__((always_inline))

// Word i of the 16 blocks that begin `stride` bytes apart goes to w[i].
LANES INLINE void load_words(__m512i w[16], const uint8_t *blocks, size_t stride) {
  const __m512i swap = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL));
  __m512i t[16], u[16];
  for (int row = 0; row < 16; row += 2) {
    const __m512i a = _mm512_loadu_si512(blocks + row * stride), b = _mm512_loadu_si512(blocks + (row + 1) * stride);
    t[row] = _mm512_unpacklo_epi32(a, b);
    t[row + 1] = _mm512_unpackhi_epi32(a, b);
  }
  for (int row = 0; row < 16; row += 4) {
    u[row] = _mm512_unpacklo_epi64(t[row], t[row + 2]);
    u[row + 1] = _mm512_unpackhi_epi64(t[row], t[row + 2]);
    u[row + 2] = _mm512_unpacklo_epi64(t[row + 1], t[row + 3]);
    u[row + 3] = _mm512_unpackhi_epi64(t[row + 1], t[row + 3]);
  }
  for (int i = 0; i < 4; i++) {
    const __m512i even = _mm512_shuffle_i32x4(u[i], u[4 + i], 0x88), odd = _mm512_shuffle_i32x4(u[i], u[4 + i], 0xdd);
    const __m512i later_even = _mm512_shuffle_i32x4(u[8 + i], u[12 + i], 0x88), later_odd = _mm512_shuffle_i32x4(u[8 + i], u[12 + i], 0xdd);
    w[i] = _mm512_shuffle_epi8(_mm512_shuffle_i32x4(even, later_even, 0x88), swap);
    w[4 + i] = _mm512_shuffle_epi8(_mm512_shuffle_i32x4(odd, later_odd, 0x88), swap);
    w[8 + i] = _mm512_shuffle_epi8(_mm512_shuffle_i32x4(even, later_even, 0xdd), swap);
    w[12 + i] = _mm512_shuffle_epi8(_mm512_shuffle_i32x4(odd, later_odd, 0xdd), swap);
  }
}

#define XOR3(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0x96)
#define CHOICE(e, f, g) _mm512_ternarylogic_epi32(e, f, g, 0xCA)
#define MAJORITY(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0xE8)
#define ROTATE(x, n) _mm512_ror_epi32(x, n)
#define ADD(x, y) _mm512_add_epi32(x, y)

LANES INLINE void compress(__m512i state[8], __m512i w[16]) {
  __m512i a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
#pragma clang loop unroll(full)
  for (int i = 0; i < 64; i++) {
    if (i >= 16) {
      const __m512i x = w[(i + 1) & 15], y = w[(i + 14) & 15];
      const __m512i s0 = XOR3(ROTATE(x, 7), ROTATE(x, 18), _mm512_srli_epi32(x, 3));
      const __m512i s1 = XOR3(ROTATE(y, 17), ROTATE(y, 19), _mm512_srli_epi32(y, 10));
      w[i & 15] = ADD(ADD(w[i & 15], s0), ADD(w[(i + 9) & 15], s1));
    }
    const __m512i sum1 = XOR3(ROTATE(e, 6), ROTATE(e, 11), ROTATE(e, 25));
    const __m512i t1 = ADD(ADD(ADD(h, ADD(w[i & 15], _mm512_set1_epi32((int)round_constants[i]))), CHOICE(e, f, g)), sum1);
    const __m512i t2 = ADD(XOR3(ROTATE(a, 2), ROTATE(a, 13), ROTATE(a, 22)), MAJORITY(a, b, c));
    h = g, g = f, f = e, e = ADD(d, t1);
    d = c, c = b, b = a, a = ADD(t1, t2);
  }
  state[0] = ADD(state[0], a), state[1] = ADD(state[1], b), state[2] = ADD(state[2], c), state[3] = ADD(state[3], d);
  state[4] = ADD(state[4], e), state[5] = ADD(state[5], f), state[6] = ADD(state[6], g), state[7] = ADD(state[7], h);
}

LANES void cdigest_sixteen_lanes(uint32_t states[8][16], const uint8_t *messages, size_t size, const uint8_t padding[64]) {
  __m512i state[8], w[16];
  for (int i = 0; i < 8; i++) state[i] = _mm512_set1_epi32((int)initial_state[i]);
  for (size_t position = 0; position < size; position += 64) {
    load_words(w, messages + position, size);
    compress(state, w);
  }
  load_words(w, padding, 0);
  compress(state, w);
  for (int i = 0; i < 8; i++) _mm512_storeu_si512(states[i], state[i]);
}
#endif
