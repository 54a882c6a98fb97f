#define _GNU_SOURCE
#include "CDigest.h"

#if defined(__linux__)
#include <fcntl.h>
#include <sys/mman.h>

void cdigest_begin_writing(int descriptor) { (void)sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE); }

void cdigest_prefer_large_pages(void *start, size_t count) {
  const uintptr_t size = 1 << 21, first = ((uintptr_t)start + size - 1) & ~(size - 1), end = ((uintptr_t)start + count) & ~(size - 1);
  if (first < end) (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
}
#else
void cdigest_begin_writing(int descriptor) { (void)descriptor; }
void cdigest_prefer_large_pages(void *start, size_t count) { (void)start, (void)count; }
#endif
