/// Products in bfloat16 with sums in float32, by AVX-512's BF16 instructions: one instruction multiplies 32 pairs of
/// bfloat16 and adds them to 16 sums, so two neighbours along K stand together everywhere. CPUs with AMX multiply whole
/// tiles in the same layout (amx.inc).
///
///     Y (M, N) = X (M, K) · B (K, N)
///     X and B are float32 in memory and rounded to the nearest bfloat16 on the way (ties to even)
///     B's panels: (K/2, 32 columns, 2), K padded with zeros to a multiple of 32
///
/// Each element of Y is one chain of sums in the order of K, so a row's result depends neither on M nor on tiling.
/// Source of the arithmetic: Intel's description of VDPBF16PS (denormals count as zero, sums are rounded to nearest).
///
/// Checked against `reference` of ProductTests.swift on rounded numbers (Tests/CKernelsTests/BFloat16Tests.swift):
///     swift test --filter CKernelsTests.BFloat16Tests
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma"))), \
                             apply_to = function)
#define INLINE static inline __attribute__((always_inline))

enum {
    lanes = 16,
    panel_width = 2 * lanes,
    tile_rows = 8,
    block_K = 512,  // a panel's block, 32 KB, fits the first-level cache beside the rows of X
    block_M = 64,   // rows of X rounded at a time: 64 KB
    block_A = 256,  // columns of A laid side by side at a time in a transposed product: 256 KB
};

typedef uint32_t pair;  // two bfloat16, the lower k in the lower half

/// The pairs of K in whole tiles of AMX, which are as deep as a vector is long.
INLINE ptrdiff_t whole_tiles(ptrdiff_t K) { return (K + 2 * lanes - 1) / (2 * lanes) * lanes; }

INLINE __mmask16 first_lanes(ptrdiff_t n) { return n >= lanes ? 0xffff : n <= 0 ? 0 : (__mmask16)((1u << n) - 1); }

/// Sixteen pairs of neighbours along K from two rows; zeros in place of a missing second one.
INLINE __m512i interleave(__m512 lower, __m512 upper) {
    __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(lower));
    __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(upper));
    return _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}

/// Up to 16 numbers, rounded; zeros where there are fewer.
INLINE __m256i rounded(const float *x, ptrdiff_t n) {
    return (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(first_lanes(n), x));
}

/// Rounds a row, (K) float32 to (K/2) pairs.
INLINE void round_row(ptrdiff_t K, const float *x, pair *pairs) {
    for (ptrdiff_t k = 0; k < K; k += lanes) _mm256_storeu_si256((__m256i *)(pairs + k / 2), rounded(x + k, K - k));
}

/// Sixteen rows of 32-bit words, transposed.
INLINE void transpose(__m512i rows[lanes]) {
    __m512i a[lanes], b[lanes];
    for (int i = 0; i < lanes; i += 2) {
        a[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
        a[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
    }
    for (int i = 0; i < lanes; i += 4) {
        b[i] = _mm512_unpacklo_epi64(a[i], a[i + 2]);
        b[i + 1] = _mm512_unpackhi_epi64(a[i], a[i + 2]);
        b[i + 2] = _mm512_unpacklo_epi64(a[i + 1], a[i + 3]);
        b[i + 3] = _mm512_unpackhi_epi64(a[i + 1], a[i + 3]);
    }
    // b[4 g + c] has column c + 4 q of rows 4 g to 4 g + 3 in quarter q.
    for (int c = 0; c < 4; c++) {
        __m512i low = _mm512_shuffle_i32x4(b[c], b[4 + c], 0x88), low_odd = _mm512_shuffle_i32x4(b[c], b[4 + c], 0xdd);
        __m512i high = _mm512_shuffle_i32x4(b[8 + c], b[12 + c], 0x88);
        __m512i high_odd = _mm512_shuffle_i32x4(b[8 + c], b[12 + c], 0xdd);
        rows[c] = _mm512_shuffle_i32x4(low, high, 0x88);
        rows[8 + c] = _mm512_shuffle_i32x4(low, high, 0xdd);
        rows[4 + c] = _mm512_shuffle_i32x4(low_odd, high_odd, 0x88);
        rows[12 + c] = _mm512_shuffle_i32x4(low_odd, high_odd, 0xdd);
    }
}

/// `rows` rows (a literal) by N ≤ 32 columns. x: (rows, ·) pairs with a stride for each direction.
INLINE void tile(const int rows, ptrdiff_t N, ptrdiff_t pairs, const pair *x, ptrdiff_t row, ptrdiff_t step,
                 const pair *panel, float *Y, ptrdiff_t ldy, bool accumulate) {
    __mmask16 left = first_lanes(N), right = first_lanes(N - lanes);
    __m512 sums[tile_rows][2];
    for (int r = 0; r < rows; r++) {
        sums[r][0] = accumulate ? _mm512_maskz_loadu_ps(left, Y + r * ldy) : _mm512_setzero_ps();
        sums[r][1] = accumulate ? _mm512_maskz_loadu_ps(right, Y + r * ldy + lanes) : _mm512_setzero_ps();
    }
    for (ptrdiff_t k = 0; k < pairs; k++) {
        __m512bh b0 = (__m512bh)_mm512_loadu_si512(panel + k * panel_width);
        __m512bh b1 = (__m512bh)_mm512_loadu_si512(panel + k * panel_width + lanes);
        for (int r = 0; r < rows; r++) {
            __m512bh xs = (__m512bh)_mm512_set1_epi32((int)x[r * row + k * step]);
            sums[r][0] = _mm512_dpbf16_ps(sums[r][0], xs, b0);
            sums[r][1] = _mm512_dpbf16_ps(sums[r][1], xs, b1);
        }
    }
    for (int r = 0; r < rows; r++) {
        _mm512_mask_storeu_ps(Y + r * ldy, left, sums[r][0]);
        _mm512_mask_storeu_ps(Y + r * ldy + lanes, right, sums[r][1]);
    }
}

/// M rows by one panel, shared out evenly over tiles.
static void strip(ptrdiff_t M, ptrdiff_t N, ptrdiff_t pairs, const pair *x, ptrdiff_t row, ptrdiff_t step,
                  const pair *panel, float *Y, ptrdiff_t ldy, bool accumulate) {
    ptrdiff_t tiles = (M + tile_rows - 1) / tile_rows, first = 0;
    for (ptrdiff_t t = 0; t < tiles; t++) {
        ptrdiff_t end = M * (t + 1) / tiles;
        const pair *part = x + first * row;
        float *y = Y + first * ldy;
        switch (end - first) {
#define TILE(count) \
    case count: tile(count, N, pairs, part, row, step, panel, y, ldy, accumulate); break;
            TILE(1)
            TILE(2)
            TILE(3)
            TILE(4)
            TILE(5)
            TILE(6)
            TILE(7)
            TILE(8)
#undef TILE
        }
        first = end;
    }
}

// MARK: Packed weights

typedef struct {
    ptrdiff_t K, N, pairs;  // pairs of K
    bool transposed;
    size_t bytes;
    pair *panels;
} packed_matrix;

static void destroy_packed(void *it_) {
    packed_matrix *it = it_;
    ck_deallocate(it->panels, it->bytes);
    free(it);
}

static void *create_packed(ptrdiff_t K, ptrdiff_t N, bool transposed, ptrdiff_t largest_M) {
    (void)largest_M;  // one layout serves any M
    packed_matrix *it = malloc(sizeof *it);
    if (!it) return NULL;
    ptrdiff_t pairs = whole_tiles(K), panels = (N + panel_width - 1) / panel_width;
    size_t bytes = (size_t)(panels * pairs * panel_width) * sizeof(pair);
    *it = (packed_matrix){K, N, pairs, transposed, bytes, ck_allocate(bytes)};
    if (!it->panels) {
        free(it);
        return NULL;
    }
    memset(it->panels, 0, bytes);
    return it;
}

/// Sixteen columns of B that are contiguous in memory, (16, K) with stride K: 16 × 16 pairs at a time are rounded along
/// the rows and then transposed.
static void pack_columns(ptrdiff_t K, ptrdiff_t columns, const float *weights, pair *panel) {
    for (ptrdiff_t k = 0; k < K; k += 2 * lanes) {
        __m512i block[lanes];
        for (ptrdiff_t j = 0; j < lanes; j++) {
            const float *column = j < columns ? weights + j * K + k : weights;
            ptrdiff_t depth = j < columns ? K - k : 0;
            block[j] = _mm512_inserti64x4(_mm512_castsi256_si512(rounded(column, depth)),
                                          rounded(column + lanes, depth - lanes), 1);
        }
        transpose(block);
        for (ptrdiff_t p = 0; p < lanes; p++) _mm512_storeu_si512(panel + (k / 2 + p) * panel_width, block[p]);
    }
}

/// Sixteen columns of B with row stride ldb.
static void pack_rows(ptrdiff_t K, ptrdiff_t columns, const float *B, ptrdiff_t ldb, pair *panel) {
    __mmask16 used = first_lanes(columns);
    for (ptrdiff_t k = 0; k < K; k += 2) {
        __m512 lower = _mm512_maskz_loadu_ps(used, B + k * ldb);
        __m512 upper = k + 1 < K ? _mm512_maskz_loadu_ps(used, B + (k + 1) * ldb) : _mm512_setzero_ps();
        _mm512_storeu_si512(panel + k / 2 * panel_width, interleave(lower, upper));
    }
}

static void update_packed(void *it_, const float *weights) {
    packed_matrix *it = it_;
    for (ptrdiff_t n = 0; n < it->N; n += lanes) {
        pair *panel = it->panels + n / panel_width * panel_width * it->pairs + n % panel_width;
        if (it->transposed) pack_columns(it->K, it->N - n, weights + n * it->K, panel);
        else pack_rows(it->K, it->N - n, weights + n, it->N, panel);
    }
}

/// M rows by N columns. x: (M, ·) pairs with stride `row`, zeros to the end of K's last tile; panels: `panel_pairs` pairs
/// apart.
typedef void block_product(ptrdiff_t M, ptrdiff_t N, ptrdiff_t pairs, const pair *x, ptrdiff_t row, const pair *panels,
                           ptrdiff_t panel_pairs, float *Y, ptrdiff_t ldy, bool accumulate);

static void strips(ptrdiff_t M, ptrdiff_t N, ptrdiff_t pairs, const pair *x, ptrdiff_t row, const pair *panels,
                   ptrdiff_t panel_pairs, float *Y, ptrdiff_t ldy, bool accumulate) {
    for (ptrdiff_t n = 0; n < N; n += panel_width)
        strip(M, N - n, pairs, x, row, 1, panels + n * panel_pairs, Y + n, ldy, accumulate);
}

/// Zeros from K to the end of its last tile.
INLINE void pad_row(ptrdiff_t K, pair *pairs) {
    uint16_t *values = (uint16_t *)pairs;
    for (ptrdiff_t k = K; k < 2 * whole_tiles(K); k++) values[k] = 0;
}

INLINE void multiply_packed_by(block_product *product, const packed_matrix *it, ptrdiff_t M, const float *X,
                               ptrdiff_t ldx, float *Y, ptrdiff_t ldy, bool accumulate) {
    pair x[block_M * block_K / 2] __attribute__((aligned(64)));
    for (ptrdiff_t m = 0; m < M; m += block_M)
        for (ptrdiff_t k = 0; k < it->K; k += block_K) {
            ptrdiff_t height = M - m < block_M ? M - m : block_M, depth = it->K - k < block_K ? it->K - k : block_K;
            for (ptrdiff_t r = 0; r < height; r++) {
                round_row(depth, X + (m + r) * ldx + k, x + r * block_K / 2);
                pad_row(depth, x + r * block_K / 2);
            }
            product(height, it->N, (depth + 1) / 2, x, block_K / 2, it->panels + k / 2 * panel_width, it->pairs,
                    Y + m * ldy, ldy, accumulate || k > 0);
        }
}

static void multiply_packed(void *it, ptrdiff_t M, const float *X, ptrdiff_t ldx, float *Y, ptrdiff_t ldy,
                            bool accumulate) {
    multiply_packed_by(strips, it, M, X, ldx, Y, ldy, accumulate);
}

// MARK: Products whose matrices change every time

/// A block of columns of A and of rows of K, as pairs: (K/2, block_A).
static void pack_left(ptrdiff_t M, ptrdiff_t K, const float *A, ptrdiff_t lda, pair *packed) {
    for (ptrdiff_t k = 0; k < K; k += 2)
        for (ptrdiff_t m = 0; m < M; m += lanes) {
            __mmask16 used = first_lanes(M - m);
            __m512 lower = _mm512_maskz_loadu_ps(used, A + k * lda + m);
            __m512 upper = k + 1 < K ? _mm512_maskz_loadu_ps(used, A + (k + 1) * lda + m) : _mm512_setzero_ps();
            _mm512_storeu_si512(packed + k / 2 * block_A + m, interleave(lower, upper));
        }
}

/// C (M, N) = Aᵀ · B or C += …, with A (K, M) and B (K, N): a weight's gradient, the one form there is.
static void multiply(bool transpose_A, bool transpose_B, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, const float *A,
                     ptrdiff_t lda, const float *B, ptrdiff_t ldb, float *C, ptrdiff_t ldc, bool accumulate) {
    (void)transpose_A, (void)transpose_B;
    pair left[block_A * block_K / 2] __attribute__((aligned(64)));
    pair panel[panel_width * block_K / 2] __attribute__((aligned(64)));
    for (ptrdiff_t k = 0; k < K; k += block_K)
        for (ptrdiff_t m = 0; m < M; m += block_A) {
            ptrdiff_t height = M - m < block_A ? M - m : block_A, depth = K - k < block_K ? K - k : block_K;
            pack_left(height, depth, A + k * lda + m, lda, left);
            for (ptrdiff_t n = 0; n < N; n += panel_width) {
                for (ptrdiff_t j = 0; j < panel_width; j += lanes)
                    pack_rows(depth, N - n - j, B + k * ldb + n + j, ldb, panel + j);
                strip(height, N - n, (depth + 1) / 2, left, 1, block_A, panel, C + m * ldc + n, ldc,
                      accumulate || k > 0);
            }
        }
}
#pragma clang attribute pop

#if defined(__linux__)
#include "amx.inc"
#else
static const ck_products *amx_products(void) { return NULL; }
#endif

bool ck_bfloat16_available(void) {
    __builtin_cpu_init();
    return ck_kernels_active()->isa == CK_AVX512 && __builtin_cpu_supports("avx512bf16");
}

const ck_products *ck_bfloat16_products(void) {
    static const ck_products products = {"own (avx512 bf16)", create_packed,   update_packed,
                                         destroy_packed,      multiply_packed, multiply};
    if (!ck_bfloat16_available()) return NULL;
    const ck_products *amx = amx_products();
    return amx ? amx : &products;
}

#else

bool ck_bfloat16_available(void) { return false; }
const ck_products *ck_bfloat16_products(void) { return NULL; }

#endif
