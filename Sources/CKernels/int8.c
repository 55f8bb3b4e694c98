/// Products for sampling in 8-bit integers.
///
///     weights   w ≈ column scale · q,   q in −127 … 127
///     rows      x ≈ row scale · p,      p likewise
///     Y[r, c] = (Σ p q) · column scale · row scale
///
/// The sum is exact in 32 bits, so neither its order nor the instruction set shows; the two products by scales and the
/// rounding are single IEEE operations. A quarter of float32's bytes are read, and one instruction multiplies and adds 64
/// pairs where the CPU has AVX-512 VNNI. That instruction multiplies unsigned bytes by signed ones, so rows are kept as
/// p + 128 there, and 128 Σ q is taken off again.
///
///     group: scales (S) float, 128 Σ q (S) int32, then (K/4, S, 4) int8: four neighbours along K of a column together;
///     S = C rounded up to 16, K to 4, zeros in what is unused
///
/// Checked against sums in Int (Tests/CKernelsTests/Int8Tests.swift):
///     swift test --filter CKernelsTests.Int8Tests
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "internal.h"

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

enum { most_columns = 128, column_block = 16, depth = 4, largest = 127, zero_point = 128 };

static ptrdiff_t padded_columns(ptrdiff_t C) { return (C + column_block - 1) / column_block * column_block; }
static ptrdiff_t quarters(ptrdiff_t K) { return (K + depth - 1) / depth; }

typedef struct {
    const float *scales;
    const int32_t *offsets;  // 128 Σ q
    const int8_t *weights;
    ptrdiff_t S, quarters;
} group_view;

INLINE group_view view_of(const void *group, ptrdiff_t C, ptrdiff_t K) {
    ptrdiff_t S = padded_columns(C);
    const float *scales = group;
    const int32_t *offsets = (const int32_t *)(scales + S);
    return (group_view){scales, offsets, (const int8_t *)(offsets + S), S, quarters(K)};
}

size_t ck_int8_bytes(ptrdiff_t C, ptrdiff_t K) {
    return (size_t)padded_columns(C) * (sizeof(float) + sizeof(int32_t) + (size_t)quarters(K) * depth);
}

ptrdiff_t ck_int8_row_bytes(ptrdiff_t K) { return quarters(K) * depth; }

// MARK: Rounding

/// The nearest integer, ties to even, for |x| ≤ 2^21: adding 1.5 · 2^23 leaves it in the low bits.
INLINE int32_t nearest(float x) {
    const float shift = 0x1.8p23f;
    float shifted = x + shift;
    int32_t bits, zero;
    memcpy(&bits, &shifted, sizeof bits);
    memcpy(&zero, &shift, sizeof zero);
    return bits - zero;
}

/// x / scale as −127 … 127, by the scale's inverse.
INLINE int32_t rounded(float x, float inverse) {
    float value = x * inverse;
    value = value > largest ? largest : value;
    value = value >= -largest ? value : -largest;  // NaN, too, so that what follows is defined
    return nearest(value);
}

/// The largest magnitude; a NaN, whose bits are the largest, stays one. Compared as integers, which are in the floats'
/// order and which a compiler may take several at a time.
INLINE float largest_magnitude(ptrdiff_t count, const float *x) {
    uint32_t most = 0;
    for (ptrdiff_t k = 0; k < count; k++) {
        uint32_t bits;
        memcpy(&bits, x + k, sizeof bits);
        bits &= 0x7fffffff;
        most = bits > most ? bits : most;
    }
    float magnitude;
    memcpy(&magnitude, &most, sizeof magnitude);
    return magnitude;
}

/// Whether numbers of this magnitude can be rounded; smaller ones count as zeros, and what is no number makes its products
/// NaN.
INLINE bool is_usable(float magnitude) { return magnitude > 0x1p-100f && magnitude < 0x1p100f; }

/// What the integers stand for, by the largest magnitude.
INLINE float scale_of(float magnitude) { return is_usable(magnitude) ? magnitude / largest : magnitude < 1 ? 0 : NAN; }

void ck_int8_pack(ptrdiff_t C, ptrdiff_t K, ptrdiff_t first, ptrdiff_t columns, const float *weights, void *group) {
    group_view view = view_of(group, C, K);
    float *scales = group;
    int32_t *offsets = (int32_t *)(scales + view.S);
    int8_t *all = (int8_t *)(offsets + view.S);
    for (ptrdiff_t j = 0; j < columns; j++) {
        const float *w = weights + j * K;
        ptrdiff_t column = first + j;
        float most = largest_magnitude(K, w), inverse = is_usable(most) ? largest / most : 0;
        int32_t sum = 0;
        for (ptrdiff_t k = 0; k < K; k++) {
            int32_t q = rounded(w[k], inverse);
            all[(k / depth * view.S + column) * depth + k % depth] = (int8_t)q;
            sum += q;
        }
        scales[column] = scale_of(most);
        offsets[column] = zero_point * sum;
    }
}

INLINE void round_rows(ptrdiff_t M, ptrdiff_t K, const float *X, ptrdiff_t ldx, int32_t offset, uint8_t *rows,
                       float *row_scales) {
    ptrdiff_t width = ck_int8_row_bytes(K);
    for (ptrdiff_t r = 0; r < M; r++) {
        const float *x = X + r * ldx;
        uint8_t *row = rows + r * width;
        float most = largest_magnitude(K, x), inverse = is_usable(most) ? largest / most : 0;
        for (ptrdiff_t k = 0; k < K; k++) row[k] = (uint8_t)(rounded(x[k], inverse) + offset);
        for (ptrdiff_t k = K; k < width; k++) row[k] = (uint8_t)offset;
        row_scales[r] = scale_of(most);
    }
}

/// The sums of `rows` rows and `columns` columns from `column` on, scaled.
INLINE void finish(ptrdiff_t rows, ptrdiff_t column, ptrdiff_t columns, group_view group, bool has_offset,
                   const int32_t *sums, ptrdiff_t stride, const float *row_scales, float *Y, ptrdiff_t ldy) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        float *y = Y + r * ldy + column, scale = row_scales[r];
        for (ptrdiff_t c = 0; c < columns; c++) {
            int32_t sum = sums[r * stride + c] - (has_offset ? group.offsets[column + c] : 0);
            y[c] = (float)sum * group.scales[column + c] * scale;
        }
    }
}

/// Four neighbours of a row as one word.
INLINE int32_t word(const uint8_t *rows) {
    int32_t four;
    memcpy(&four, rows, sizeof four);
    return four;
}

INLINE ptrdiff_t at_most(ptrdiff_t n, ptrdiff_t most) { return n < most ? n : most; }

// Calls `tile(rows, vectors, …)`, both literals so that the sums live in registers, over all rows and columns: with one
// row as many vectors as there are, else up to `tile_rows` rows by two vectors.
#define TILES(tile, lanes, tile_rows)                                                                              \
    group_view view = view_of(group, C, K);                                                                        \
    ptrdiff_t width = ck_int8_row_bytes(K), column = 0;                                                            \
    while (M == 1 && view.S - column >= 8 * lanes)                                                                 \
        tile(1, 8, column, C, view, rows, width, row_scales, Y, ldy), column += 8 * lanes;                         \
    while (view.S - column >= 2 * lanes) {                                                                         \
        ptrdiff_t r = 0;                                                                                           \
        for (; r + tile_rows <= M; r += tile_rows)                                                                 \
            tile(tile_rows, 2, column, C, view, rows + r * width, width, row_scales + r, Y + r * ldy, ldy);        \
        for (; r < M; r++) tile(1, 2, column, C, view, rows + r * width, width, row_scales + r, Y + r * ldy, ldy); \
        column += 2 * lanes;                                                                                       \
    }                                                                                                              \
    for (ptrdiff_t r = 0; column < view.S && r < M; r++)                                                           \
    tile(1, 1, column, C, view, rows + r * width, width, row_scales + r, Y + r * ldy, ldy)

// MARK: Any CPU

INLINE void plain_tile(const int rows, const int vectors, ptrdiff_t column, ptrdiff_t C, group_view group,
                       const uint8_t *x, ptrdiff_t width, const float *row_scales, float *Y, ptrdiff_t ldy) {
    int32_t sums[4][8 * column_block] = {0};
    for (ptrdiff_t k = 0; k < group.quarters; k++) {
        const int8_t *w = group.weights + (k * group.S + column) * depth;
        for (int r = 0; r < rows; r++) {
            const int8_t *p = (const int8_t *)x + r * width + k * depth;
            for (int c = 0; c < vectors * column_block; c++)
                for (int i = 0; i < depth; i++) sums[r][c] += p[i] * w[c * depth + i];
        }
    }
    finish(rows, column, at_most(C - column, vectors * column_block), group, false, sums[0], 8 * column_block,
           row_scales, Y, ldy);
}

static void plain_product(ptrdiff_t M, ptrdiff_t C, ptrdiff_t K, const void *group, const uint8_t *rows,
                          const float *row_scales, float *Y, ptrdiff_t ldy) {
    TILES(plain_tile, column_block, 4);
}

static const ck_int8 plain = {"plain", 0, plain_product};

// MARK: AVX2

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

enum { avx2_lanes = 8 };

/// VPMADDUBSW multiplies unsigned bytes by signed ones and adds pairs in 16 bits: |p| and q with p's sign, whose pairs
/// reach 2 · 127², which fits.
INLINE void avx2_tile(const int rows, const int vectors, ptrdiff_t column, ptrdiff_t C, group_view group,
                      const uint8_t *x, ptrdiff_t width, const float *row_scales, float *Y, ptrdiff_t ldy) {
    __m256i sums[4][8];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) sums[r][v] = _mm256_setzero_si256();
    const __m256i ones = _mm256_set1_epi16(1);
    for (ptrdiff_t k = 0; k < group.quarters; k++) {
        const int8_t *w = group.weights + (k * group.S + column) * depth;
        for (int r = 0; r < rows; r++) {
            __m256i p = _mm256_set1_epi32(word(x + r * width + k * depth)), magnitudes = _mm256_abs_epi8(p);
            for (int v = 0; v < vectors; v++) {
                __m256i q = _mm256_loadu_si256((const __m256i *)(w + v * avx2_lanes * depth));
                __m256i pairs = _mm256_maddubs_epi16(magnitudes, _mm256_sign_epi8(q, p));
                sums[r][v] = _mm256_add_epi32(sums[r][v], _mm256_madd_epi16(pairs, ones));
            }
        }
    }
    int32_t all[4][8 * avx2_lanes];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) _mm256_storeu_si256((__m256i *)(all[r] + v * avx2_lanes), sums[r][v]);
    finish(rows, column, at_most(C - column, vectors * avx2_lanes), group, false, all[0], 8 * avx2_lanes, row_scales, Y,
           ldy);
}

static void avx2_product(ptrdiff_t M, ptrdiff_t C, ptrdiff_t K, const void *group, const uint8_t *rows,
                         const float *row_scales, float *Y, ptrdiff_t ldy) {
    TILES(avx2_tile, avx2_lanes, 4);
}

static void avx2_round(ptrdiff_t M, ptrdiff_t K, const float *X, ptrdiff_t ldx, int32_t offset, uint8_t *rows,
                       float *row_scales) {
    round_rows(M, K, X, ldx, offset, rows, row_scales);
}

#pragma clang attribute pop

static const ck_int8 avx2 = {"avx2", 0, avx2_product};

// MARK: AVX-512 VNNI

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))), \
                             apply_to = function)

enum { avx512_lanes = 16 };

INLINE void avx512_tile(const int rows, const int vectors, ptrdiff_t column, ptrdiff_t C, group_view group,
                        const uint8_t *x, ptrdiff_t width, const float *row_scales, float *Y, ptrdiff_t ldy) {
    __m512i sums[8][8];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) sums[r][v] = _mm512_setzero_si512();
    for (ptrdiff_t k = 0; k < group.quarters; k++) {
        __m512i w[8];
        for (int v = 0; v < vectors; v++)
            w[v] = _mm512_loadu_si512(group.weights + (k * group.S + column + v * avx512_lanes) * depth);
        for (int r = 0; r < rows; r++) {
            __m512i p = _mm512_set1_epi32(word(x + r * width + k * depth));
            for (int v = 0; v < vectors; v++) sums[r][v] = _mm512_dpbusd_epi32(sums[r][v], p, w[v]);
        }
    }
    int32_t all[8][8 * avx512_lanes];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) _mm512_storeu_si512(all[r] + v * avx512_lanes, sums[r][v]);
    finish(rows, column, at_most(C - column, vectors * avx512_lanes), group, true, all[0], 8 * avx512_lanes, row_scales,
           Y, ldy);
}

static void avx512_product(ptrdiff_t M, ptrdiff_t C, ptrdiff_t K, const void *group, const uint8_t *rows,
                           const float *row_scales, float *Y, ptrdiff_t ldy) {
    TILES(avx512_tile, avx512_lanes, 8);
}

#pragma clang attribute pop

static const ck_int8 avx512 = {"avx512", zero_point, avx512_product};
#endif

// MARK: NEON's dot products

#if defined(__aarch64__)
#include <arm_neon.h>
#if defined(__linux__)
#include <sys/auxv.h>
#endif

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

enum { neon_lanes = 4 };

INLINE void neon_tile(const int rows, const int vectors, ptrdiff_t column, ptrdiff_t C, group_view group,
                      const uint8_t *x, ptrdiff_t width, const float *row_scales, float *Y, ptrdiff_t ldy) {
    int32x4_t sums[4][8];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) sums[r][v] = vdupq_n_s32(0);
    for (ptrdiff_t k = 0; k < group.quarters; k++) {
        const int8_t *w = group.weights + (k * group.S + column) * depth;
        for (int r = 0; r < rows; r++) {
            int8x16_t p = vreinterpretq_s8_s32(vdupq_n_s32(word(x + r * width + k * depth)));
            for (int v = 0; v < vectors; v++)
                sums[r][v] = vdotq_s32(sums[r][v], vld1q_s8(w + v * neon_lanes * depth), p);
        }
    }
    int32_t all[4][8 * neon_lanes];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) vst1q_s32(all[r] + v * neon_lanes, sums[r][v]);
    finish(rows, column, at_most(C - column, vectors * neon_lanes), group, false, all[0], 8 * neon_lanes, row_scales, Y,
           ldy);
}

static void neon_product(ptrdiff_t M, ptrdiff_t C, ptrdiff_t K, const void *group, const uint8_t *rows,
                         const float *row_scales, float *Y, ptrdiff_t ldy) {
    TILES(neon_tile, neon_lanes, 4);
}

#pragma clang attribute pop

static const ck_int8 neon = {"neon", 0, neon_product};

static bool has_dot_products(void) {
#if defined(__linux__)
    return getauxval(AT_HWCAP) & HWCAP_ASIMDDP;
#else
    return true;  // every Apple silicon has them
#endif
}
#endif

// MARK: Choice

void ck_int8_round(const ck_int8 *kind, ptrdiff_t M, ptrdiff_t K, const float *X, ptrdiff_t ldx, uint8_t *rows,
                   float *row_scales) {
#if defined(__x86_64__)
    if (kind != &plain) return avx2_round(M, K, X, ldx, kind->offset, rows, row_scales);
#endif
    round_rows(M, K, X, ldx, kind->offset, rows, row_scales);
}

const ck_int8 *ck_int8_for(const char *name) {
    if (strcmp(name, "plain") == 0) return &plain;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (strcmp(name, "avx2") == 0 && ck_kernels_for(CK_AVX2)) return &avx2;
    if (strcmp(name, "avx512") == 0 && ck_kernels_for(CK_AVX512) && __builtin_cpu_supports("avx512vnni"))
        return &avx512;
#elif defined(__aarch64__)
    if (strcmp(name, "neon") == 0 && has_dot_products()) return &neon;
#endif
    return NULL;
}

const ck_int8 *ck_int8_active(void) {
    static _Atomic(const ck_int8 *) chosen;
    const ck_int8 *kind = atomic_load_explicit(&chosen, memory_order_acquire);
    if (kind) return kind;
    ck_isa isa = ck_kernels_active()->isa;
    if (isa == CK_AVX512) kind = ck_int8_for("avx512");
    if (!kind && isa >= CK_AVX2) kind = ck_int8_for("avx2");
    if (!kind) kind = ck_int8_for("neon");
    if (!kind) kind = &plain;
    atomic_store_explicit(&chosen, kind, memory_order_release);
    return kind;
}
