/// Our own products as a maker: weights packed into panels of the tiled product's width, one after the other.
#include <stdlib.h>

#include "internal.h"

typedef struct {
    const ck_tiled *tiled;
    ptrdiff_t K, N;
    bool transposed;
    size_t bytes;
    float *panels;
} own_packed;

static void own_destroy(void *packed_) {
    own_packed *packed = packed_;
    ck_deallocate(packed->panels, packed->bytes);
    free(packed);
}

static void *own_create(ptrdiff_t K, ptrdiff_t N, bool transposed, ptrdiff_t largest_M) {
    (void)largest_M;  // one layout serves any M
    own_packed *packed = malloc(sizeof *packed);
    if (!packed) return NULL;
    const ck_tiled *tiled = ck_tiled_active();
    size_t panel_count = (size_t)((N + tiled->panel_width - 1) / tiled->panel_width);
    size_t bytes = panel_count * (size_t)(K * tiled->panel_width) * sizeof(float);
    *packed = (own_packed){tiled, K, N, transposed, bytes, ck_allocate(bytes)};
    if (packed->panels) return packed;
    free(packed);
    return NULL;
}

static ptrdiff_t panel_columns(const own_packed *packed, ptrdiff_t first) {
    ptrdiff_t rest = packed->N - first, width = packed->tiled->panel_width;
    return rest < width ? rest : width;
}

static void own_update(void *packed_, const float *weights) {
    own_packed *packed = packed_;
    for (ptrdiff_t n = 0; n < packed->N; n += packed->tiled->panel_width) {
        ck_view columns = packed->transposed ? (ck_view){weights + n * packed->K, 1, packed->K}
                                             : (ck_view){weights + n, packed->N, 1};
        packed->tiled->pack_panel(packed->K, panel_columns(packed, n), columns, packed->panels + n * packed->K);
    }
}

static void own_multiply_packed(void *packed_, ptrdiff_t M, const float *X, ptrdiff_t ldx, float *Y, ptrdiff_t ldy,
                                bool accumulate) {
    own_packed *packed = packed_;
    for (ptrdiff_t n = 0; n < packed->N; n += packed->tiled->panel_width)
        packed->tiled->multiply_panel(M, panel_columns(packed, n), packed->K, (ck_view){X, ldx, 1},
                                      packed->panels + n * packed->K, Y + n, ldy, accumulate);
}

static void own_multiply(bool transpose_A, bool transpose_B, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, const float *A,
                         ptrdiff_t lda, const float *B, ptrdiff_t ldb, float *C, ptrdiff_t ldc, bool accumulate) {
    ck_view left = transpose_A ? (ck_view){A, 1, lda} : (ck_view){A, lda, 1};
    ck_view right = transpose_B ? (ck_view){B, 1, ldb} : (ck_view){B, ldb, 1};
    ck_tiled_active()->multiply(M, N, K, left, right, C, ldc, accumulate);
}

const ck_products *ck_own(void) {
#define OWN(name) \
    { name, own_create, own_update, own_destroy, own_multiply_packed, own_multiply }
    static const ck_products own[] = {OWN("own (plain)"), OWN("own (avx2)"), OWN("own (avx512)")};
#undef OWN
    return &own[ck_kernels_active()->isa];
}
