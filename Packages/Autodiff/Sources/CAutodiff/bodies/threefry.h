// Threefry-2x32 with 20 rounds (Salmon et al. 2011), counters as jax.random lays them out: the high and
// the low word of the element's global index.

static inline uint32_t rotate_left(uint32_t x, int count) { return (x << count) | (x >> (32 - count)); }

#define FOUR_ROUNDS(r0, r1, r2, r3)                            \
  x0 += x1, x1 = rotate_left(x1, r0) ^ x0;                     \
  x0 += x1, x1 = rotate_left(x1, r1) ^ x0;                     \
  x0 += x1, x1 = rotate_left(x1, r2) ^ x0;                     \
  x0 += x1, x1 = rotate_left(x1, r3) ^ x0;

static inline void threefry(uint32_t k0, uint32_t k1, uint32_t c0, uint32_t c1, uint32_t* out0,
                            uint32_t* out1) {
  uint32_t k2 = k0 ^ k1 ^ 0x1bd11bdau;
  uint32_t x0 = c0 + k0, x1 = c1 + k1;
  FOUR_ROUNDS(13, 15, 26, 6)
  x0 += k1, x1 += k2 + 1;
  FOUR_ROUNDS(17, 29, 16, 24)
  x0 += k2, x1 += k0 + 2;
  FOUR_ROUNDS(13, 15, 26, 6)
  x0 += k0, x1 += k1 + 3;
  FOUR_ROUNDS(17, 29, 16, 24)
  x0 += k1, x1 += k2 + 4;
  FOUR_ROUNDS(13, 15, 26, 6)
  *out0 = x0 + k2;
  *out1 = x1 + k0 + 5;
}
#undef FOUR_ROUNDS

/// Elements from `start` on whose index has the same high word, `count` at most.
static inline int64_t same_high_word(int64_t start, int64_t count) {
  int64_t left = ((int64_t)1 << 32) - (int64_t)(uint32_t)start;
  return count < left ? count : left;
}

// Defines name(key, start, count, dst) with `store` using the words w0, w1 and the position i in dst.
#define COUNTER_LOOP(name, type, store)                                                        \
  static void name(const uint32_t key[2], int64_t start, int64_t count, type* dst) {           \
    uint32_t k0 = key[0], k1 = key[1];                                                         \
    for (int64_t done = 0, n; done < count; done += n) {                                       \
      n = same_high_word(start + done, count - done);                                          \
      uint32_t high = (uint32_t)((uint64_t)(start + done) >> 32), low = (uint32_t)(start + done); \
      type* to = dst + done * (int64_t)(sizeof(STORED) / sizeof(type));                        \
      AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) {                                         \
        uint32_t w0, w1;                                                                       \
        threefry(k0, k1, high, low + (uint32_t)i, &w0, &w1);                                   \
        store;                                                                                 \
      }                                                                                        \
    }                                                                                          \
  }

#define STORED uint32_t
COUNTER_LOOP(random_bits, uint32_t, to[i] = w0 ^ w1)
#undef STORED
#define STORED uint64_t
COUNTER_LOOP(random_key_pairs, uint32_t, (to[2 * i] = w0, to[2 * i + 1] = w1))
#undef STORED
#define STORED float
COUNTER_LOOP(random_uniform32, float, to[i] = f32_of_bits((w0 ^ w1) >> 9 | 0x3f800000u) - 1.0f)
#undef STORED
#define STORED double
COUNTER_LOOP(random_uniform64, double,
             to[i] = f64_of_bits(((uint64_t)w0 << 32 | w1) >> 12 | 0x3ff0000000000000u) - 1.0)
#undef STORED
#undef COUNTER_LOOP
