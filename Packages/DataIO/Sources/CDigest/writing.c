#define _GNU_SOURCE
#include "CDigest.h"

#if defined(__linux__)
#include <fcntl.h>

void cdigest_begin_writing(int descriptor) { (void)sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE); }
#else
void cdigest_begin_writing(int descriptor) { (void)descriptor; }
#endif
