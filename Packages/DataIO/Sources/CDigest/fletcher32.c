#include "CDigest.h"

// Sums are taken modulo 65535, of words whose low byte comes first: swapping the bytes of a word multiplies it by 256 there, so that can
// wait to the end. With n words w, the checksum is s = sum w_i and t = sum (n - i) w_i.
enum { LANES = 32, STEPS = 256 };

static uint32_t folded(uint64_t value) { return (uint32_t)(value % 65535); }

// HDF5's way of carrying never gives 0 unless all words are 0.
static uint32_t carried(uint64_t value, int is_zero) { return is_zero ? 0 : (uint32_t)((value + 65534) % 65535 + 1); }

uint32_t cdigest_fletcher32(const uint8_t *bytes, size_t count) {
  const size_t words = count / 2;
  uint64_t s = 0, t = 0;
  int is_zero = 1;
  size_t word = 0;
  while (words - word >= LANES) {
    size_t steps = (words - word) / LANES;
    if (steps > STEPS) steps = STEPS;
    uint32_t a[LANES] = {0}, b[LANES] = {0};
    for (size_t step = 0; step < steps; step++) {
      uint16_t row[LANES];
      __builtin_memcpy(row, bytes + 2 * (word + step * LANES), sizeof row);
      for (int lane = 0; lane < LANES; lane++) {
        a[lane] += row[lane];
        b[lane] += a[lane];
      }
    }
    uint64_t sum = 0, weighted = 0;
    for (int lane = 0; lane < LANES; lane++) {
      sum += a[lane];
      weighted += (uint64_t)LANES * b[lane] - (uint64_t)lane * a[lane];
    }
    is_zero = is_zero && sum == 0;
    t = folded(t + folded(steps * LANES) * s + weighted);
    s = folded(s + sum);
    word += steps * LANES;
  }
  for (; word < words; word++) {
    const uint32_t value = bytes[2 * word] | (uint32_t)bytes[2 * word + 1] << 8;
    is_zero = is_zero && value == 0;
    s = folded(s + value);
    t = folded(t + s);
  }
  s = folded(s * 256), t = folded(t * 256);
  if (count % 2 == 1) {
    const uint32_t value = (uint32_t)bytes[count - 1] << 8;
    is_zero = is_zero && value == 0;
    s = folded(s + value);
    t = folded(t + s);
  }
  return carried(t, is_zero) << 16 | carried(s, is_zero);
}
