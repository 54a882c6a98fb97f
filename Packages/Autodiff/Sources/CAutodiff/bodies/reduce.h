static void AF_NAME(reduce)(af_reduction reduction, const af_middle_axis* v) {
  const AF_TYPE* src = v->src;
  AF_TYPE* dst = v->dst;
  for (int64_t o = 0; o < v->outer; o++)
    for (int64_t i = 0; i < v->inner; i++) {
      AF_TYPE result = reduction == AF_SUM ? 0 : reduction == AF_PRODUCT ? 1 : reduction == AF_MAXIMUM ? AF_LOWEST : AF_HIGHEST;
      for (int64_t l = 0; l < v->length; l++) {
        AF_TYPE x = src[(o * v->length + l) * v->inner + i];
        result = reduction == AF_SUM ? result + x : reduction == AF_PRODUCT ? result * x
          : reduction == AF_MAXIMUM ? (result > x || AF_IS_NAN(result) ? result : x) : (result < x || AF_IS_NAN(result) ? result : x);
      }
      dst[o * v->inner + i] = v->accumulate ? dst[o * v->inner + i] + result : result;
    }
}

static void AF_NAME(sum_shards)(const void* const* shards, int64_t shard_count, void* dst, int64_t count) {
  AF_TYPE* d = dst;
  for (int64_t i = 0; i < count; i++) {
    AF_TYPE sum = 0;
    for (int64_t s = 0; s < shard_count; s++) sum = s ? sum + ((const AF_TYPE*)shards[s])[i] : ((const AF_TYPE*)shards[s])[i];
    d[i] = sum;
  }
}
