// zlib's initialisers are macros with a size in them, which Swift cannot import.
#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <string.h>
#include <zlib.h>

// Opens a stream of deflated bytes: window_bits 15 for zlib's frame, 47 for gzip's or zlib's, -15 for no frame.
static inline int czlib_inflate_start(z_stream *stream, int window_bits) {
  memset(stream, 0, sizeof *stream);
  return inflateInit2(stream, window_bits);
}

// The checksum of bytes that follow those of the checksum `value`, which is 0 before the first.
static inline unsigned long czlib_crc32_continued(unsigned long value, const void *bytes, size_t count) {
  const unsigned char *next = (const unsigned char *)bytes;
  while (count > 0) {
    unsigned piece = count > (1u << 30) ? 1u << 30 : (unsigned)count;
    value = crc32(value, next, piece);
    next += piece;
    count -= piece;
  }
  return value;
}
static inline unsigned long czlib_crc32(const void *bytes, size_t count) { return czlib_crc32_continued(0, bytes, count); }

#endif
