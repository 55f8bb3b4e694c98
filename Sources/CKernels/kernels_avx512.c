/// The kernels for AVX-512 (F, BW, DQ, VL): 16 lanes.
#if defined(__x86_64__)
#define CK_LANES 16
#define CK_TILE_ROWS 8
#define CK_TABLE(kind) kind##_avx512
#define CK_ISA CK_AVX512
#define CK_ISA_NAME "avx512"
#include <immintrin.h>

#include "vectors.h"

// By attribute, as the manifest may not hold -mavx512f. Named feature by feature: with arch=x86-64-v4 clang would
// split each vector into two of 256 bits.
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)

INLINE __mmask16 part_mask(ptrdiff_t n) { return (__mmask16)((1u << n) - 1); }

INLINE floats load_part(const float *p, ptrdiff_t n) { return (floats)_mm512_maskz_loadu_ps(part_mask(n), p); }
INLINE void store_part(float *p, ptrdiff_t n, floats x) { _mm512_mask_storeu_ps(p, part_mask(n), (__m512)x); }

/// p · 2^k, rounded once: one instruction here, the same bits as the longer way of the other files.
INLINE floats times_power_of_two(floats p, floats k, ints k_integer) {
    (void)k_integer;
    return (floats)_mm512_scalef_ps((__m512)p, (__m512)k);
}

#ifdef CK_EXACT
#include "exact.inc"
#else
#include "kernels.inc"
#endif

#pragma clang attribute pop
#endif
