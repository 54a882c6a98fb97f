#ifndef CDIGEST_LANES_H
#define CDIGEST_LANES_H

#include <stddef.h>
#include <stdint.h>

/// Whether processor and system have AVX-512 (F and BW).
int cdigest_has_lanes(void);

/// SHA-256 of 16 messages of `size` bytes, a multiple of 64, that lie one after the other, one in each lane of a vector.
/// `states[i][m]` becomes word i of the digest of message m.
void cdigest_sixteen_lanes(uint32_t states[8][16], const uint8_t *messages, size_t size, const uint8_t padding[64]);

#endif
