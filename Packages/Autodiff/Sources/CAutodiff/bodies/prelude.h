// Included before a level switches its instruction set on: the C library's declarations stay out of it.
#define _GNU_SOURCE 1
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "../function_tables.h"
#include "../levels.h"
#include "../special.h"
