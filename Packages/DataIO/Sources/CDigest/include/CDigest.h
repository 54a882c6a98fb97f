#ifndef CDIGEST_H
#define CDIGEST_H

#include <stddef.h>
#include <stdint.h>

/// Folds `count` blocks of 64 bytes into the eight words of a SHA-256 state (FIPS 180-4, section 6.2.2).
/// Uses the processor's SHA instructions where it has them.
void cdigest_sha256(uint32_t state[8], const uint8_t *blocks, size_t count);

/// As above, without special instructions.
void cdigest_sha256_portable(uint32_t state[8], const uint8_t *blocks, size_t count);

#endif
