// Bit casts and multiply-add shared by the vectorisable functions of math_f32.h and math_f64.h.
// Everything there is branch-free scalar code: clang vectorises the loops that call it.

#if AF_FUSED_MULTIPLY_ADD
#define AF_MADD(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
// Without the instruction fma() is a library call per element; two roundings are good enough.
#define AF_MADD(a, b, c) ((a) * (b) + (c))
#endif

static inline uint32_t bits_of_f32(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline float f32_of_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline uint64_t bits_of_f64(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline double f64_of_bits(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline float magnitude_f32(float x) { return __builtin_fabsf(x); }
static inline double magnitude_f64(double x) { return __builtin_fabs(x); }
