// One tile of a fused program in int32: wrap-around arithmetic, division and remainder towards minus
// infinity (0 for a zero divisor), shifts by 32 or more give 0.

#define UNARY(code, expression)                                         \
  case code:                                                            \
    AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) {                    \
      uint32_t x = (uint32_t)a[i];                                      \
      d[i] = (int32_t)(expression);                                     \
    }                                                                   \
    break;
#define BINARY(code, expression)                                        \
  case code:                                                            \
    AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) {                    \
      uint32_t x = (uint32_t)a[i], y = (uint32_t)b[i];                  \
      d[i] = (int32_t)(expression);                                     \
    }                                                                   \
    break;
#define BINARY_CALL(code, expression)                                   \
  case code:                                                            \
    for (int64_t i = 0; i < n; i++) {                                   \
      int32_t x = a[i], y = b[i];                                       \
      d[i] = expression;                                                \
    }                                                                   \
    break;
#define S(x) ((int32_t)(x))

static inline int32_t floor_quotient_i32(int32_t x, int32_t y) {
  if (y == 0) return 0;
  int64_t q = (int64_t)x / y;
  if ((int64_t)x % y != 0 && (x < 0) != (y < 0)) q--;
  return (int32_t)(uint32_t)(uint64_t)q;
}

static inline int32_t floor_remainder_i32(int32_t x, int32_t y) {
  if (y == 0) return 0;
  int64_t r = (int64_t)x % y;
  return (int32_t)(r != 0 && (r < 0) != (y < 0) ? r + y : r);
}

/// x^y by repeated squaring; a negative exponent gives what 1 / x^-y truncates to.
static inline int32_t power_i32(int32_t x, int32_t y) {
  if (y < 0) return x == 1 ? 1 : x == -1 ? (y & 1 ? -1 : 1) : 0;
  uint32_t result = 1, base = (uint32_t)x;
  for (uint32_t e = (uint32_t)y; e; e >>= 1, base *= base)
    if (e & 1) result *= base;
  return (int32_t)result;
}

static void fused_ternary_i32(int op, int32_t* d, const int32_t* a, const int32_t* b, const int32_t* c,
                              int64_t n) {
  if (op == AF_SELECT) {
    AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) {
      int32_t y = b[i], z = c[i];
      d[i] = a[i] != 0 ? y : z;
    }
  } else {
    AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++)
        d[i] = (int32_t)((uint32_t)a[i] * (uint32_t)b[i] + (uint32_t)c[i]);
  }
}

static void fused_binary_i32(int op, int32_t* d, const int32_t* a, const int32_t* b, int64_t n) {
  switch (op) {
    BINARY(AF_ADD, x + y)
    BINARY(AF_SUB, x - y)
    BINARY(AF_MUL, x * y)
    BINARY(AF_MAX, S(x) > S(y) ? x : y)
    BINARY(AF_MIN, S(x) < S(y) ? x : y)
    BINARY(AF_LT, S(x) < S(y))
    BINARY(AF_LE, S(x) <= S(y))
    BINARY(AF_EQ, x == y)
    BINARY(AF_NE, x != y)
    BINARY(AF_AND, (x != 0) & (y != 0))
    BINARY(AF_OR, (x != 0) | (y != 0))
    BINARY(AF_BITAND, x & y)
    BINARY(AF_BITOR, x | y)
    BINARY(AF_BITXOR, x ^ y)
    BINARY(AF_SHL, y < 32 ? x << (y & 31) : 0)
    BINARY(AF_SHR, y < 32 ? x >> (y & 31) : 0)
    BINARY_CALL(AF_DIV, floor_quotient_i32(x, y))
    BINARY_CALL(AF_REM, floor_remainder_i32(x, y))
    BINARY_CALL(AF_POW, power_i32(x, y))
    default: __builtin_trap();
  }
}

static void fused_unary_i32(int op, int32_t* d, const int32_t* a, int64_t n) {
  switch (op) {
    case AF_FLOOR:
    case AF_CEIL:
    case AF_ROUND:
    UNARY(AF_COPY, x)
    UNARY(AF_NEG, 0u - x)
    UNARY(AF_ABS, S(x) < 0 ? 0u - x : x)
    UNARY(AF_SIGN, (S(x) > 0) - (S(x) < 0))
    UNARY(AF_SQUARE, x * x)
    UNARY(AF_NOT, x == 0)
    UNARY(AF_ISFINITE, (x & 0) + 1)
    UNARY(AF_BITNOT, ~x)
    default: __builtin_trap();
  }
}

// Only the floating-point programs have this instruction.
static void softplus_sigmoid_i32(int32_t* d, int32_t* c, const int32_t* a, int64_t n) {
  (void)d, (void)c, (void)a, (void)n;
  __builtin_trap();
}

#include "fused_tile.h"

#undef UNARY
#undef BINARY
#undef BINARY_CALL
#undef S
