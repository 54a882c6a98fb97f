#include "include/CAutodiff.h"

#include <math.h>

typedef struct {
  uint32_t key;
  int32_t value;
} entry;

size_t af_permutation_workspace_bytes(int64_t count) { return (size_t)count * (2 * sizeof(entry) + sizeof(uint32_t)); }

/// Stable: four passes over the bytes of the keys, lowest first; ends where it began.
static void sort_by_key(entry* entries, entry* spare, int64_t count) {
  for (int shift = 0; shift < 32; shift += 8) {
    int64_t place[257] = {0};
    for (int64_t i = 0; i < count; i++) place[(entries[i].key >> shift & 255) + 1]++;
    for (int byte = 0; byte < 256; byte++) place[byte + 1] += place[byte];
    for (int64_t i = 0; i < count; i++) spare[place[entries[i].key >> shift & 255]++] = entries[i];
    entry* swap = entries;
    entries = spare;
    spare = swap;
  }
}

void af_random_permutation(const uint32_t key[2], int64_t count, int32_t* dst, void* workspace) {
  entry *entries = workspace, *spare = entries + count;
  uint32_t* bits = (uint32_t*)(spare + count);
  for (int64_t i = 0; i < count; i++) entries[i].value = (int32_t)i;
  // Enough rounds that no two elements are likely to have drawn the same key in all of them, as jax.random has them.
  int rounds = count > 1 ? (int)ceil(3.0 * log((double)count) / log(4294967295.0)) : 0;
  uint32_t pair[4] = {key[0], key[1], 0, 0};
  for (int round = 0; round < rounds; round++) {
    const uint32_t parent[2] = {pair[0], pair[1]};
    af_random_key_pairs(parent, 0, 2, pair);
    af_random_bits(pair + 2, 0, count, bits);
    for (int64_t i = 0; i < count; i++) entries[i].key = bits[i];
    sort_by_key(entries, spare, count);
  }
  for (int64_t i = 0; i < count; i++) dst[i] = entries[i].value;
}
