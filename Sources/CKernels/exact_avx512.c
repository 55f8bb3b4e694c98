/// The exact kernels (exact.inc), compiled like the others.
#define CK_EXACT
#include "kernels_avx512.c"
