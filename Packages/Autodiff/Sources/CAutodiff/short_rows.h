#ifndef AF_SHORT_ROWS_H
#define AF_SHORT_ROWS_H

#include <stdint.h>
#include <string.h>

/// Copies rows of `bytes` bytes, `to_step` and `from_step` bytes apart. Rows of up to sixteen words, as of tables with a few
/// columns, go by moves of constant size.
static inline void af_copy_rows(char* to, int64_t to_step, const char* from, int64_t from_step, int64_t rows,
                                int64_t bytes) {
#define AF_ROWS(n)                                                                              \
  case n:                                                                                       \
    for (int64_t r = 0; r < rows; r++, to += to_step, from += from_step) memcpy(to, from, n);   \
    return;
  switch (bytes) {
    AF_ROWS(4) AF_ROWS(8) AF_ROWS(12) AF_ROWS(16) AF_ROWS(20) AF_ROWS(24) AF_ROWS(28) AF_ROWS(32)
    AF_ROWS(36) AF_ROWS(40) AF_ROWS(44) AF_ROWS(48) AF_ROWS(52) AF_ROWS(56) AF_ROWS(60) AF_ROWS(64)
  }
#undef AF_ROWS
  for (int64_t r = 0; r < rows; r++, to += to_step, from += from_step) memcpy(to, from, (size_t)bytes);
}

#endif
