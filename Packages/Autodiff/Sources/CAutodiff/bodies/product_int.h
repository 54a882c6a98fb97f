// The int32 product, wrapping around: not a hot path, one row of B at a time.
static void AF_NAME(product)(const af_product* p) {
  const uint32_t *a = p->a, *b = p->b;
  for (int64_t i = 0; i < p->m; i++) {
    uint32_t* c = (uint32_t*)p->c + i * p->ldc;
    if (!p->accumulate) memset(c, 0, (size_t)p->n * sizeof *c);
    for (int64_t l = 0; l < p->k; l++) {
      uint32_t left = p->transpose_a ? a[l * p->lda + i] : a[i * p->lda + l];
      int64_t step = p->transpose_b ? p->ldb : 1;
      const uint32_t* row = b + l * (p->transpose_b ? 1 : p->ldb);
      for (int64_t j = 0; j < p->n; j++) c[j] += left * row[j * step];
    }
  }
  if (p->epilogue && p->m) p->epilogue(p->context, 0, p->m);
}
