#include "allocation_counter.h"

#include <stdlib.h>

// Every symbol is weak, so that a test bundle which links a second copy of this file still links and still counts.
#define SHARED __attribute__((weak))

SHARED _Thread_local long allocation_counter_current = -1;

SHARED void allocation_counter_start(void) { allocation_counter_current = 0; }

SHARED long allocation_counter_stop(void) {
  long counted = allocation_counter_current;
  allocation_counter_current = -1;
  return counted;
}

#ifdef __GLIBC__

#include <errno.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static inline void count(void) {
  if (allocation_counter_current >= 0) allocation_counter_current += 1;
}

SHARED bool allocation_counter_is_available(void) { return true; }

// A program's own definitions of these take the place of the C library's in every library it loads.
SHARED void *malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

SHARED void *calloc(size_t number, size_t size) {
  count();
  return __libc_calloc(number, size);
}

SHARED void *realloc(void *block, size_t size) {
  count();
  return __libc_realloc(block, size);
}

SHARED void *aligned_alloc(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

SHARED int posix_memalign(void **block, size_t alignment, size_t size) {
  count();
  *block = __libc_memalign(alignment, size);
  return *block == NULL ? ENOMEM : 0;
}

#else

SHARED bool allocation_counter_is_available(void) { return false; }

#endif
