#ifndef CDIGEST_H
#define CDIGEST_H

#include <stddef.h>
#include <stdint.h>

/// Folds `count` blocks of 64 bytes into the eight words of a SHA-256 state (FIPS 180-4, section 6.2.2).
/// Uses the processor's SHA instructions where it has them.
void cdigest_sha256(uint32_t state[8], const uint8_t *blocks, size_t count);

/// As above, without special instructions.
void cdigest_sha256_portable(uint32_t state[8], const uint8_t *blocks, size_t count);

/// The digests, 32 bytes each, of `count` messages of `size` bytes, a multiple of 64, that lie one after the other. The rounds of one
/// message wait for each other, so several are hashed side by side.
void cdigest_sha256_each(const uint8_t *messages, size_t size, size_t count, uint8_t *digests);

/// Fletcher's checksum of 16-bit words, high byte first, as HDF5's filter appends it.
uint32_t cdigest_fletcher32(const uint8_t *bytes, size_t count);

/// Asks the system to begin to write what is still in memory of an open file to the disk; it does not wait, and nothing depends on it.
void cdigest_begin_writing(int descriptor);

/// Lets fresh memory come in large pages where the system has them, which makes filling it for the first time cheaper.
void cdigest_prefer_large_pages(void *start, size_t count);

#endif
