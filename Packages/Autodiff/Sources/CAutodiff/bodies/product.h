static void AF_NAME(product)(const af_product* p) {
  const AF_TYPE* a = p->a;
  const AF_TYPE* b = p->b;
  AF_TYPE* c = p->c;
  for (int64_t i = 0; i < p->m; i++)
    for (int64_t j = 0; j < p->n; j++) {
      AF_TYPE sum = p->accumulate ? c[i * p->ldc + j] : 0;
      for (int64_t l = 0; l < p->k; l++)
        sum += (p->transpose_a ? a[l * p->lda + i] : a[i * p->lda + l]) *
               (p->transpose_b ? b[j * p->ldb + l] : b[l * p->ldb + j]);
      c[i * p->ldc + j] = sum;
    }
  if (p->epilogue && p->m) p->epilogue(p->context, 0, p->m);
}
