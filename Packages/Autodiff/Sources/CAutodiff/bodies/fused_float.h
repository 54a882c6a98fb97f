// One tile of a fused program in floating point: a switch per instruction, a vectorised loop per case.

#define UNARY(code, expression)                                         \
  case code:                                                            \
    AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) {                    \
      AF_TYPE x = a[i];                                                 \
      d[i] = expression;                                                \
    }                                                                   \
    break;
#define BINARY(code, expression)                                        \
  case code:                                                            \
    AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) {                    \
      AF_TYPE x = a[i], y = b[i];                                       \
      d[i] = expression;                                                \
    }                                                                   \
    break;
// A function that is written in double precision only.
#define UNARY_MAP(code, map)                                            \
  case code:                                                            \
    AF_NAME(mapped)(map, d, a, n);                                      \
    break;
#define BINARY_MAP(code, map)                                           \
  case code:                                                            \
    AF_NAME(mapped_2)(map, d, a, b, n);                                 \
    break;
// A call of the C library per element.
#define BINARY_CALL(code, expression)                                   \
  case code:                                                            \
    for (int64_t i = 0; i < n; i++) {                                   \
      AF_TYPE x = a[i], y = b[i];                                       \
      d[i] = expression;                                                \
    }                                                                   \
    break;

/// The remainder with the sign of the divisor, as in Python.
static inline AF_TYPE AF_NAME(floor_remainder)(AF_TYPE x, AF_TYPE y) {
  AF_TYPE r = AF_LIBM(fmod)(x, y);
  if (r == 0) return AF_LIBM(copysign)(0, y);
  return (r < 0) != (y < 0) ? r + y : r;
}

static void AF_NAME(softplus_sigmoid)(AF_TYPE* d, AF_TYPE* c, const AF_TYPE* a, int64_t n) {
  AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) {
    AF_TYPE x = a[i], t = AF_NAME(exp_of_minus_magnitude)(x);
    d[i] = AF_NAME(softplus_from)(x, t);
    c[i] = AF_NAME(sigmoid_from)(x, t);
  }
}

static void AF_NAME(fused_ternary)(int op, AF_TYPE* d, const AF_TYPE* a, const AF_TYPE* b,
                                   const AF_TYPE* c, int64_t n) {
  if (op == AF_SELECT) {
    AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) {
      AF_TYPE y = b[i], z = c[i];
      d[i] = a[i] != 0 ? y : z;
    }
  } else {
    AF_VECTOR_LOOP for (int64_t i = 0; i < n; i++) d[i] = AF_MADD(a[i], b[i], c[i]);
  }
}

static void AF_NAME(fused_binary)(int op, AF_TYPE* d, const AF_TYPE* a, const AF_TYPE* b, int64_t n) {
  switch (op) {
    BINARY(AF_ADD, x + y)
    BINARY(AF_SUB, x - y)
    BINARY(AF_MUL, x * y)
    BINARY(AF_DIV, x / y)
    BINARY(AF_MAX, (x > y || x != x) ? x : y)
    BINARY(AF_MIN, (x < y || x != x) ? x : y)
    BINARY(AF_LT, x < y ? 1 : 0)
    BINARY(AF_LE, x <= y ? 1 : 0)
    BINARY(AF_EQ, x == y ? 1 : 0)
    BINARY(AF_NE, x != y ? 1 : 0)
    BINARY(AF_AND, ((x != 0) & (y != 0)) ? 1 : 0)
    BINARY(AF_OR, ((x != 0) | (y != 0)) ? 1 : 0)
    BINARY_MAP(AF_POW, map_pow)
    BINARY_MAP(AF_ATAN2, map_atan2)
    BINARY_CALL(AF_REM, AF_NAME(floor_remainder)(x, y))
    BINARY_CALL(AF_POLYGAMMA, (AF_TYPE)af_polygamma(x, y))
    BINARY_CALL(AF_GAMMA_SLOPE, (AF_TYPE)af_gamma_slope(x, y))
    default: __builtin_trap();
  }
}

static void AF_NAME(fused_unary)(int op, AF_TYPE* d, const AF_TYPE* a, int64_t n) {
  switch (op) {
    UNARY(AF_COPY, x)
    UNARY(AF_NEG, -x)
    UNARY(AF_ABS, AF_NAME(magnitude)(x))
    UNARY(AF_SIGN, x > 0 ? 1 : (x < 0 ? -1 : x))
    UNARY(AF_SQUARE, x * x)
    UNARY(AF_RECIPROCAL, 1 / x)
    UNARY(AF_SQRT, __builtin_elementwise_sqrt(x))
    UNARY(AF_RSQRT, 1 / __builtin_elementwise_sqrt(x))
    UNARY(AF_EXP, AF_NAME(math_exp)(x))
    UNARY(AF_EXPM1, AF_NAME(math_expm1)(x))
    UNARY(AF_LOG, AF_NAME(math_log)(x))
    UNARY(AF_LOG1P, AF_NAME(math_log1p)(x))
    UNARY(AF_TANH, AF_NAME(math_tanh)(x))
    UNARY(AF_SIGMOID, AF_NAME(math_sigmoid)(x))
    UNARY(AF_SOFTPLUS, AF_NAME(math_softplus)(x))
    UNARY(AF_FLOOR, __builtin_elementwise_floor(x))
    UNARY(AF_CEIL, __builtin_elementwise_ceil(x))
    UNARY(AF_ROUND, __builtin_elementwise_roundeven(x))
    UNARY(AF_NOT, x == 0 ? 1 : 0)
    UNARY(AF_ISFINITE, AF_NAME(magnitude)(x) < INFINITY ? 1 : 0)
    UNARY_MAP(AF_SIN, map_sin)
    UNARY_MAP(AF_COS, map_cos)
    UNARY_MAP(AF_TAN, map_tan)
    UNARY_MAP(AF_ASIN, map_asin)
    UNARY_MAP(AF_ACOS, map_acos)
    UNARY_MAP(AF_ATAN, map_atan)
    UNARY_MAP(AF_SINH, map_sinh)
    UNARY_MAP(AF_COSH, map_cosh)
    UNARY_MAP(AF_ERF, map_erf)
    UNARY_MAP(AF_ERFC, map_erfc)
    UNARY_MAP(AF_ERFINV, map_erfinv)
    UNARY_MAP(AF_LGAMMA, map_lgamma)
    UNARY_MAP(AF_DIGAMMA, map_digamma)
    default: __builtin_trap();
  }
}

#include "fused_tile.h"

#undef UNARY
#undef BINARY
#undef UNARY_MAP
#undef BINARY_MAP
#undef BINARY_CALL
