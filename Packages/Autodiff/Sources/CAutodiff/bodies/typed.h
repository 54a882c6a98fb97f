// The kernels of one level and one element type (AF_TYPE, AF_NAME, AF_IS_FLOAT), which it undefines.
#if AF_IS_FLOAT
#include "fused_float.h"
#include "product.h"
#include "radial.h"
#else
#include "fused_int.h"
#include "product_int.h"
#endif
#include "reduce.h"

#undef AF_TYPE
#undef AF_WRAP
#undef AF_NAME
#undef AF_LIBM
#undef AF_LOWEST
#undef AF_IS_NAN
#undef AF_HIGHEST
#undef AF_IS_FLOAT
