/// The kernels for any CPU: 4 lanes, which is SSE2 on x86-64 and NEON on arm64.
#define CK_LANES 4
#define CK_TILE_ROWS 4
#define CK_TABLE(kind) kind##_plain
#define CK_ISA CK_PLAIN
#define CK_ISA_NAME "plain"
#include "vectors.h"

INLINE floats load_part(const float *p, ptrdiff_t n) {
    floats x = 0;
    for (ptrdiff_t i = 0; i < n; i++) x[i] = p[i];
    return x;
}

INLINE void store_part(float *p, ptrdiff_t n, floats x) {
    for (ptrdiff_t i = 0; i < n; i++) p[i] = x[i];
}

/// p · 2^k for p near 1 and −150 ≤ k ≤ 128. Half the exponent at a time, as 2^k itself need not be a float. The first
/// product is exact, so the result is rounded once, like that of AVX-512's scalef.
INLINE floats times_power_of_two(floats p, floats k, ints k_integer) {
    (void)k;
    ints half = k_integer >> 1;
    return p * (floats)((uints)(half + 127) << 23) * (floats)((uints)(k_integer - half + 127) << 23);
}

#ifdef CK_EXACT
#include "exact.inc"
#else
#include "kernels.inc"
#endif
