#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>

/// Whether this platform's C library lets allocations be counted.
bool allocation_counter_is_available(void);

/// Starts counting the heap allocations of the calling thread.
void allocation_counter_start(void);

/// Stops counting on the calling thread and returns the number of allocations since the start.
long allocation_counter_stop(void);

#endif
