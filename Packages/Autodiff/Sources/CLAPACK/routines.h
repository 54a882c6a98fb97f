// The Fortran routines in use, in single (s) and double (d) precision. The lengths of character arguments come last.

#include <stddef.h>

#define DECLARE_ROUTINES(p, real)                                                                                             \
  void p##syevd_(const char* job, const char* triangle, const int* n, real* a, const int* lda, real* w, real* work,           \
                 const int* lwork, int* iwork, const int* liwork, int* info, size_t, size_t);                                 \
  void p##geqrf_(const int* m, const int* n, real* a, const int* lda, real* tau, real* work, const int* lwork, int* info);    \
  void p##orgqr_(const int* m, const int* n, const int* k, real* a, const int* lda, const real* tau, real* work,              \
                 const int* lwork, int* info);                                                                                \
  void p##gesdd_(const char* job, const int* m, const int* n, real* a, const int* lda, real* s, real* u, const int* ldu,      \
                 real* vt, const int* ldvt, real* work, const int* lwork, int* iwork, int* info, size_t);                     \
  void p##getrf_(const int* m, const int* n, real* a, const int* lda, int* pivots, int* info);                                \
  void p##getri_(const int* n, real* a, const int* lda, const int* pivots, real* work, const int* lwork, int* info);          \
  void p##getrs_(const char* transpose, const int* n, const int* columns, const real* a, const int* lda, const int* pivots,   \
                 real* b, const int* ldb, int* info, size_t);

DECLARE_ROUTINES(s, float)
DECLARE_ROUTINES(d, double)
