// The functions of math_trigonometric.h and math_special.h over arrays; float arrays pass through double,
// a piece at a time.

enum { MAP_PIECE = 512 };

typedef void (*map)(double* d, const double* a, int64_t n);
typedef void (*map_2)(double* d, const double* a, const double* b, int64_t n);

// With two lanes of doubles the vectoriser finds nothing to gain in the longest functions, and says so.
#if AF_VECTOR_BYTES > 16
#define LONG_LOOP AF_VECTOR_LOOP
#else
#define LONG_LOOP
#endif

#define DEFINE_MAP(name, loop, expression)                                             \
  static __attribute__((noinline)) void name(double* d, const double* a, int64_t n) {  \
    loop for (int64_t i = 0; i < n; i++) {                                   \
      double x = a[i];                                                                 \
      d[i] = expression;                                                               \
    }                                                                                  \
  }

DEFINE_MAP(vector_sin, AF_VECTOR_LOOP, math_sin_f64(x))
DEFINE_MAP(vector_cos, AF_VECTOR_LOOP, math_cos_f64(x))
DEFINE_MAP(vector_tan, AF_VECTOR_LOOP, math_tan_f64(x))
DEFINE_MAP(map_asin, AF_VECTOR_LOOP, math_asin_f64(x))
DEFINE_MAP(map_acos, AF_VECTOR_LOOP, math_acos_f64(x))
DEFINE_MAP(map_atan, AF_VECTOR_LOOP, math_atan_f64(x))
DEFINE_MAP(map_sinh, AF_VECTOR_LOOP, math_sinh_f64(x))
DEFINE_MAP(map_cosh, AF_VECTOR_LOOP, math_cosh_f64(x))
DEFINE_MAP(map_erf, AF_VECTOR_LOOP, math_erf_f64(x))
DEFINE_MAP(map_erfc, AF_VECTOR_LOOP, math_erfc_f64(x))
DEFINE_MAP(map_erfinv, AF_VECTOR_LOOP, math_erfinv_f64(x))
DEFINE_MAP(vector_lgamma, LONG_LOOP, lgamma_of_positive(x > 0.0 ? x : 1.0))
DEFINE_MAP(vector_digamma, AF_VECTOR_LOOP, digamma_of_positive(x > 0.0 ? x : 1.0))

// Arguments that the vector form does not cover are rare: the whole piece is computed, and they again.
#define DEFINE_GUARDED_MAP(name, vector_form, is_covered, scalar_form)                 \
  static void name(double* d, const double* a, int64_t n) {                            \
    for (int64_t first = 0; first < n; first += MAP_PIECE) {                           \
      int64_t count = n - first < MAP_PIECE ? n - first : MAP_PIECE;                   \
      double rare[MAP_PIECE], *to = d + first;                                         \
      const double* from = a + first;                                                  \
      int64_t covered = 0;                                                             \
      AF_VECTOR_LOOP for (int64_t i = 0; i < count; i++) {                             \
        double x = from[i];                                                            \
        covered += (is_covered);                                                       \
      }                                                                                \
      if (covered < count) memcpy(rare, from, (size_t)count * sizeof *rare);           \
      vector_form(to, from, count);                                                    \
      if (covered < count)                                                             \
        for (int64_t i = 0; i < count; i++) {                                          \
          double x = rare[i];                                                          \
          if (!(is_covered)) to[i] = scalar_form(x);                                   \
        }                                                                              \
    }                                                                                  \
  }

DEFINE_GUARDED_MAP(map_sin, vector_sin, __builtin_fabs(x) < LARGEST_REDUCED, sin)
DEFINE_GUARDED_MAP(map_cos, vector_cos, __builtin_fabs(x) < LARGEST_REDUCED, cos)
DEFINE_GUARDED_MAP(map_tan, vector_tan, __builtin_fabs(x) < LARGEST_REDUCED, tan)
DEFINE_GUARDED_MAP(map_lgamma, vector_lgamma, x > 0.0, af_lgamma)
DEFINE_GUARDED_MAP(map_digamma, vector_digamma, x > 0.0, af_digamma)

#define DEFINE_MAP_2(name, loop, function)                                                   \
  static __attribute__((noinline)) void name(double* d, const double* a, const double* b, \
                                             int64_t n) {                              \
    loop for (int64_t i = 0; i < n; i++) d[i] = function(a[i], b[i]);                   \
  }

#if AF_VECTOR_BYTES > 16
DEFINE_MAP_2(map_pow, AF_VECTOR_LOOP, math_pow_f64)
#else
DEFINE_MAP_2(map_pow, , pow)
#endif
DEFINE_MAP_2(map_atan2, AF_VECTOR_LOOP, math_atan2_f64)

static void mapped_f64(map function, double* d, const double* a, int64_t n) { function(d, a, n); }

static void mapped_2_f64(map_2 function, double* d, const double* a, const double* b, int64_t n) {
  function(d, a, b, n);
}

static void mapped_f32(map function, float* d, const float* a, int64_t n) {
  double wide[MAP_PIECE];
  for (int64_t first = 0; first < n; first += MAP_PIECE) {
    int64_t count = n - first < MAP_PIECE ? n - first : MAP_PIECE;
    for (int64_t i = 0; i < count; i++) wide[i] = a[first + i];
    function(wide, wide, count);
    for (int64_t i = 0; i < count; i++) d[first + i] = (float)wide[i];
  }
}

static void mapped_2_f32(map_2 function, float* d, const float* a, const float* b, int64_t n) {
  double wide[MAP_PIECE], other[MAP_PIECE];
  for (int64_t first = 0; first < n; first += MAP_PIECE) {
    int64_t count = n - first < MAP_PIECE ? n - first : MAP_PIECE;
    for (int64_t i = 0; i < count; i++) wide[i] = a[first + i], other[i] = b[first + i];
    function(wide, wide, other, count);
    for (int64_t i = 0; i < count; i++) d[first + i] = (float)wide[i];
  }
}
