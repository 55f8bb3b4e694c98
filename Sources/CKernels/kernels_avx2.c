/// The kernels for AVX2 with FMA: 8 lanes.
#if defined(__x86_64__)
#define CK_LANES 8
#define CK_TILE_ROWS 6
#define CK_TABLE(kind) kind##_avx2
#define CK_ISA CK_AVX2
#define CK_ISA_NAME "avx2"
#include <immintrin.h>

#include "vectors.h"

// By attribute, as the manifest may not hold -mavx2; a whole-file flag would also let startup code use it.
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

/// All ones in the first n lanes.
INLINE __m256i part_mask(ptrdiff_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int32_t)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

INLINE floats load_part(const float *p, ptrdiff_t n) { return (floats)_mm256_maskload_ps(p, part_mask(n)); }
INLINE void store_part(float *p, ptrdiff_t n, floats x) { _mm256_maskstore_ps(p, part_mask(n), (__m256)x); }

/// p · 2^k for p near 1 and −150 ≤ k ≤ 128; see kernels_plain.c.
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

#pragma clang attribute pop
#endif
