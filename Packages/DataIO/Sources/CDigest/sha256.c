#include "CDigest.h"
#include "constants.h"
#include "lanes.h"

static void store_digest(const uint32_t state[8], uint8_t *digest) {
  for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

// What follows a message of `size` bytes, a multiple of 64.
static void make_padding(uint8_t block[64], size_t size) {
  __builtin_memset(block, 0, 64);
  block[0] = 0x80;
  for (int i = 0; i < 8; i++) block[56 + i] = (uint8_t)((uint64_t)size * 8 >> (56 - 8 * i));
}

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define X86_SHA __attribute__((target("sha,sse4.1,ssse3")))

// The instructions want the state as (A, B, E, F) and (C, D, G, H), high word first.
typedef struct {
  __m128i abef, cdgh;
} state_x86;

X86_SHA static inline __attribute__((always_inline)) state_x86 load_x86(const uint32_t state[8]) {
  __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  return (state_x86){_mm_alignr_epi8(low, high, 8), _mm_blend_epi16(high, low, 0xF0)};
}

X86_SHA static inline __attribute__((always_inline)) void store_x86(uint32_t state[8], state_x86 s) {
  __m128i low = _mm_shuffle_epi32(s.abef, 0x1B);
  __m128i high = _mm_shuffle_epi32(s.cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(low, high, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

X86_SHA static inline __attribute__((always_inline)) void message_x86(__m128i w[4], const uint8_t *block) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  for (int i = 0; i < 4; i++) w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * i)), swap);
}

// Rounds 4i to 4i + 3; the message words of later rounds are prepared meanwhile.
X86_SHA static inline __attribute__((always_inline)) void rounds_x86(state_x86 *s, __m128i w[4], int i) {
  __m128i k = _mm_add_epi32(w[i & 3], _mm_loadu_si128((const __m128i *)(round_constants + 4 * i)));
  s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, k);
  s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_shuffle_epi32(k, 0x0E));
  if (i < 12) {
    __m128i next = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
    next = _mm_add_epi32(next, _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
    w[i & 3] = _mm_sha256msg2_epu32(next, w[(i + 3) & 3]);
  }
}

X86_SHA static inline __attribute__((always_inline)) state_x86 sum_x86(state_x86 s, state_x86 before) {
  return (state_x86){_mm_add_epi32(s.abef, before.abef), _mm_add_epi32(s.cdgh, before.cdgh)};
}

X86_SHA static void sha256_x86(uint32_t state[8], const uint8_t *blocks, size_t count) {
  state_x86 s = load_x86(state);
  for (; count > 0; count--, blocks += 64) {
    const state_x86 before = s;
    __m128i w[4];
    message_x86(w, blocks);
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) rounds_x86(&s, w, i);
    s = sum_x86(s, before);
  }
  store_x86(state, s);
}

X86_SHA static void pair_x86(uint32_t first[8], uint32_t second[8], const uint8_t *blocks, const uint8_t *others, size_t count) {
  state_x86 s = load_x86(first), t = load_x86(second);
  for (; count > 0; count--, blocks += 64, others += 64) {
    const state_x86 s_before = s, t_before = t;
    __m128i w[4], v[4];
    message_x86(w, blocks);
    message_x86(v, others);
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
      rounds_x86(&s, w, i);
      rounds_x86(&t, v, i);
    }
    s = sum_x86(s, s_before);
    t = sum_x86(t, t_before);
  }
  store_x86(first, s);
  store_x86(second, t);
}

static int has_sha(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1) || !(c & bit_SSSE3)) return 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}

static int use_sha(void) {
  // CPUID may trap to a hypervisor, so it is asked once; threads that race here store the same answer.
  static int known = -1;
  int answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (answer < 0) __atomic_store_n(&known, answer = has_sha(), __ATOMIC_RELAXED);
  return answer;
}

void cdigest_sha256(uint32_t state[8], const uint8_t *blocks, size_t count) {
  if (use_sha())
    sha256_x86(state, blocks, count);
  else
    cdigest_sha256_portable(state, blocks, count);
}

// Two messages at once where there is no third to go with them.
static void each_pair(const uint8_t *messages, size_t size, size_t count, const uint8_t padding[64], uint8_t *digests) {
  for (; count > 1; count -= 2, messages += 2 * size, digests += 64) {
    uint32_t first[8], second[8];
    __builtin_memcpy(first, initial_state, sizeof first);
    __builtin_memcpy(second, initial_state, sizeof second);
    pair_x86(first, second, messages, messages + size, size / 64);
    pair_x86(first, second, padding, padding, 1);
    store_digest(first, digests);
    store_digest(second, digests + 32);
  }
}

#elif defined(__ARM_FEATURE_SHA2)
#include <arm_neon.h>

static inline __attribute__((always_inline)) void message_arm(uint32x4_t w[4], const uint8_t *block) {
  for (int i = 0; i < 4; i++) w[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(block + 16 * i)));
}

// Rounds 4i to 4i + 3; the message words of later rounds are prepared meanwhile.
static inline __attribute__((always_inline)) void rounds_arm(uint32x4_t *abcd, uint32x4_t *efgh, uint32x4_t w[4], int i) {
  const uint32x4_t k = vaddq_u32(w[i & 3], vld1q_u32(round_constants + 4 * i)), before = *abcd;
  *abcd = vsha256hq_u32(before, *efgh, k);
  *efgh = vsha256h2q_u32(*efgh, before, k);
  if (i < 12) w[i & 3] = vsha256su1q_u32(vsha256su0q_u32(w[i & 3], w[(i + 1) & 3]), w[(i + 2) & 3], w[(i + 3) & 3]);
}

void cdigest_sha256(uint32_t state[8], const uint8_t *blocks, size_t count) {
  uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);
  for (; count > 0; count--, blocks += 64) {
    const uint32x4_t abcd_before = abcd, efgh_before = efgh;
    uint32x4_t w[4];
    message_arm(w, blocks);
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) rounds_arm(&abcd, &efgh, w, i);
    abcd = vaddq_u32(abcd, abcd_before);
    efgh = vaddq_u32(efgh, efgh_before);
  }
  vst1q_u32(state, abcd);
  vst1q_u32(state + 4, efgh);
}

#else
void cdigest_sha256(uint32_t state[8], const uint8_t *blocks, size_t count) { cdigest_sha256_portable(state, blocks, count); }
#endif

void cdigest_sha256_each(const uint8_t *messages, size_t size, size_t count, uint8_t *digests) {
  uint8_t padding[64];
  make_padding(padding, size);
#if defined(__x86_64__)
  if (cdigest_has_lanes()) {
    for (; count >= 16; count -= 16, messages += 16 * size, digests += 512) {
      uint32_t states[8][16];
      cdigest_sixteen_lanes(states, messages, size, padding);
      for (int lane = 0; lane < 16; lane++) {
        uint32_t state[8];
        for (int i = 0; i < 8; i++) state[i] = states[i][lane];
        store_digest(state, digests + 32 * lane);
      }
    }
  }
  if (use_sha()) {
    const size_t even = count & ~(size_t)1;
    each_pair(messages, size, even, padding, digests);
    messages += even * size, digests += even * 32, count -= even;
  }
#endif
  for (; count > 0; count--, messages += size, digests += 32) {
    uint32_t state[8];
    __builtin_memcpy(state, initial_state, sizeof state);
    cdigest_sha256(state, messages, size / 64);
    cdigest_sha256(state, padding, 1);
    store_digest(state, digests);
  }
}
