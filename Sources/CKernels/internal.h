/// What the C files of this target share and Swift does not see.
#ifndef CK_INTERNAL_H
#define CK_INTERNAL_H

#include "ckernels.h"

/// The tables, one a file; a build for another architecture has the first alone.
extern const ck_kernels ck_kernels_plain;
extern const ck_kernels ck_kernels_avx2;
extern const ck_kernels ck_kernels_avx512;
extern const ck_exact_kernels ck_exact_plain;
extern const ck_exact_kernels ck_exact_avx2;
extern const ck_exact_kernels ck_exact_avx512;

// MARK: Our own product

/// A matrix read with a stride for each direction: element (r, c) at start[r * row + c * column]. Swapping the two
/// strides transposes.
typedef struct {
    const float *start;
    ptrdiff_t row, column;
} ck_view;

/// The general form of our own product, for one instruction set.
typedef struct ck_tiled {
    /// Columns of a panel: the width of one register tile.
    ptrdiff_t panel_width;
    /// Y (M, N) = X (M, K) · B (K, N), or Y += …
    void (*multiply)(ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, ck_view X, ck_view B, float *Y, ptrdiff_t ldy,
                     bool accumulate);
    /// The same for one panel of B: (K, panel_width) contiguous, padded with zeros, of which N columns count.
    void (*multiply_panel)(ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, ck_view X, const float *panel, float *Y,
                           ptrdiff_t ldy, bool accumulate);
    /// Copies N ≤ panel_width columns of B (K, ·) to a panel, padding with zeros.
    void (*pack_panel)(ptrdiff_t K, ptrdiff_t N, ck_view B, float *panel);
} ck_tiled;

extern const ck_tiled ck_tiled_plain;
extern const ck_tiled ck_tiled_avx2;
extern const ck_tiled ck_tiled_avx512;

/// The one that goes with `ck_kernels_active`.
const ck_tiled *ck_tiled_active(void);

// MARK: Libraries behind the products

/// One maker of matrix products. `packed` is the maker's own; arguments are never empty matrices.
typedef struct ck_products {
    const char *name;
    void *(*create)(ptrdiff_t K, ptrdiff_t N, bool transposed, ptrdiff_t largest_M);
    void (*update)(void *packed, const float *weights);
    void (*destroy)(void *packed);
    void (*multiply_packed)(void *packed, ptrdiff_t M, const float *X, ptrdiff_t ldx, float *Y, ptrdiff_t ldy,
                            bool accumulate);
    void (*multiply)(bool transpose_A, bool transpose_B, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, const float *A,
                     ptrdiff_t lda, const float *B, ptrdiff_t ldb, float *C, ptrdiff_t ldc, bool accumulate);
} ck_products;

/// Null where the library was not there at build time or does not open now.
const ck_products *ck_onednn(void);
const ck_products *ck_accelerate(void);
/// Always there.
const ck_products *ck_own(void);

/// Products in bfloat16 by instructions of the CPU; null where it has none.
const ck_products *ck_bfloat16_products(void);

/// The maker in use, chosen at the first call.
const ck_products *ck_products_active(void);

/// The number of threads that this thread's OpenMP regions would have, and setting it, in the OpenMP that the
/// product library brought along; 0 and nothing where there is none, or it is not open yet (opening takes time, and
/// each of its products sees to the number itself).
int32_t ck_openmp_threads(void);
void ck_set_openmp_threads(int32_t count);

#endif
