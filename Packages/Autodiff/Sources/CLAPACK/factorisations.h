// The routines of CLAPACK.h for one precision: PREFIX is LAPACK's letter, REAL the type. LAPACK reads and writes columns, so a
// row-major matrix is the transpose of what it sees.

#define JOIN3(a, b, c) a##b##c
#define ROUTINE_OF(prefix, name) JOIN3(prefix, name, _)
#define ROUTINE(name) ROUTINE_OF(PREFIX, name)
#define OWN_OF(prefix, name) JOIN3(prefix, _, name)
#define OWN(name) OWN_OF(PREFIX, name)

static int OWN(is_finite)(const REAL* a, int64_t count) {
  for (int64_t i = 0; i < count; i++)
    if (!isfinite(a[i])) return 0;
  return 1;
}

static void OWN(spoil)(REAL* a, int64_t count) {
  for (int64_t i = 0; i < count; i++) a[i] = NAN;
}

/// to[c, r] = from[r, c]
static void OWN(transpose)(const REAL* from, int rows, int columns, REAL* to) {
  for (int64_t r = 0; r < rows; r++)
    for (int64_t c = 0; c < columns; c++) to[c * rows + r] = from[r * columns + c];
}

static int OWN(eigen_symmetric)(int n, REAL* vectors, REAL* values, void* workspace) {
  int length = eigen_reals(n), integers = eigen_integers(n), info = 0;
  REAL* work = workspace;
  int64_t count = (int64_t)n * n;
  if (!OWN(is_finite)(vectors, count)) {
    info = -1;
  } else {
    // Our lower triangle is LAPACK's upper one.
    ROUTINE(syevd)("V", "U", &n, vectors, &n, values, work, &length, (int*)(work + length), &integers, &info, 1, 1);
  }
  if (info != 0) {
    OWN(spoil)(vectors, count);
    OWN(spoil)(values, n);
    return info;
  }
  for (int64_t r = 0; r < n; r++)
    for (int64_t c = 0; c < r; c++) {
      REAL swap = vectors[r * n + c];
      vectors[r * n + c] = vectors[c * n + r];
      vectors[c * n + r] = swap;
    }
  return 0;
}

static int OWN(qr)(int m, int n, const REAL* a, REAL* q, REAL* r, void* workspace) {
  REAL* columns = workspace;
  REAL* tau = columns + (int64_t)m * n;
  REAL* work = tau + n;
  int length = BLOCK * n, info = 0;
  OWN(transpose)(a, m, n, columns);
  ROUTINE(geqrf)(&m, &n, columns, &m, tau, work, &length, &info);
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < n; j++) r[i * n + j] = j >= i ? columns[j * m + i] : 0;
  if (info == 0) ROUTINE(orgqr)(&m, &n, &n, columns, &m, tau, work, &length, &info);
  OWN(transpose)(columns, n, m, q);
  return info;
}

static int OWN(svd)(int m, int n, const REAL* a, REAL* u, REAL* s, REAL* vt, void* workspace) {
  int k = m < n ? m : n, length = svd_reals(m, n), info = 0;
  REAL* copy = workspace;
  REAL* work = copy + (int64_t)m * n;
  if (!OWN(is_finite)(a, (int64_t)m * n)) {
    info = -1;
  } else {
    memcpy(copy, a, (size_t)m * (size_t)n * sizeof *a);
    // The transpose has the factors the other way round, and each of them transposed: just as we want them.
    ROUTINE(gesdd)("S", &n, &m, copy, &n, s, vt, &n, u, &k, work, &length, (int*)(work + length), &info, 1);
  }
  if (info != 0) {
    OWN(spoil)(u, (int64_t)m * k);
    OWN(spoil)(s, k);
    OWN(spoil)(vt, (int64_t)k * n);
  }
  return info;
}

static int OWN(log_determinant)(int n, const REAL* a, REAL* sign, REAL* log_magnitude, void* workspace) {
  REAL* lu = workspace;
  int* pivots = (int*)(lu + (int64_t)n * n);
  int info = 0, negative = 0;
  memcpy(lu, a, (size_t)n * (size_t)n * sizeof *a);
  if (n > 0) ROUTINE(getrf)(&n, &n, lu, &n, pivots, &info);
  REAL sum = 0;
  for (int64_t i = 0; i < n; i++) {
    REAL pivot = lu[i * n + i];
    negative ^= (pivots[i] != i + 1) ^ (pivot < 0);
    sum += LOG(ABS(pivot));
  }
  // A pivot of zero makes the sum -infinity; NaN stays NaN.
  *log_magnitude = sum;
  *sign = sum != sum ? sum : info > 0 ? 0 : negative ? -1 : 1;
  return info < 0 ? info : 0;
}

static int OWN(inverse)(int n, const REAL* a, REAL* inverse, void* workspace) {
  REAL* work = workspace;
  int length = BLOCK * n, info = 0;
  int* pivots = (int*)(work + length);
  memcpy(inverse, a, (size_t)n * (size_t)n * sizeof *a);
  // The inverse of the transpose is the transpose of the inverse.
  ROUTINE(getrf)(&n, &n, inverse, &n, pivots, &info);
  if (info == 0) ROUTINE(getri)(&n, inverse, &n, pivots, work, &length, &info);
  if (info != 0) OWN(spoil)(inverse, (int64_t)n * n);
  return info;
}

static int OWN(solve)(int transpose, int n, int columns, const REAL* a, const REAL* b, REAL* x, void* workspace) {
  REAL* lu = workspace;
  REAL* right = lu + (int64_t)n * n;
  int* pivots = (int*)(right + (int64_t)n * columns);
  int info = 0;
  memcpy(lu, a, (size_t)n * (size_t)n * sizeof *a);
  OWN(transpose)(b, n, columns, right);
  ROUTINE(getrf)(&n, &n, lu, &n, pivots, &info);
  if (info == 0) ROUTINE(getrs)(transpose ? "N" : "T", &n, &columns, lu, &n, pivots, right, &n, &info, 1);
  if (info == 0)
    OWN(transpose)(right, columns, n, x);
  else
    OWN(spoil)(x, (int64_t)n * columns);
  return info;
}

#undef JOIN3
#undef ROUTINE_OF
#undef ROUTINE
#undef OWN_OF
#undef OWN
