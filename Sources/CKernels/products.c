/// Matrix products: which maker serves, and the public functions in front of it.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static const ck_products *active;

/// With AVX2 alone oneDNN 2.6 packs nothing: our own product, at 123 to 130 GFLOP/s a core, is more than twice as fast.
static bool own_is_faster(void) {
#if defined(__x86_64__) && !defined(__APPLE__)
    return ck_kernels_active()->isa == CK_AVX2;
#else
    return false;
#endif
}

static void choose(void) {
    const char *wish = getenv("CHARLM_PRODUCTS");
    bool own = wish && strcmp(wish, "own") == 0, library = wish && strcmp(wish, "library") == 0;
    own = own || (!library && own_is_faster());
    if (!own) active = ck_onednn();
    if (!own && !active) active = ck_accelerate();
    if (!active) active = ck_own();
}

const ck_products *ck_products_active(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, choose);
    return active;
}

const char *ck_product_name(void) { return ck_products_active()->name; }

struct ck_packed {
    ptrdiff_t K, N;
    const ck_products *maker;
    void *made;  // the maker's; null for an empty matrix
};

static bool make(ck_packed *packed, const ck_products *maker, bool transposed, ptrdiff_t largest_M) {
    packed->maker = maker;
    packed->made = maker->create(packed->K, packed->N, transposed, largest_M);
    return packed->made;
}

ck_packed *ck_packed_create(ptrdiff_t K, ptrdiff_t N, bool transposed, ptrdiff_t largest_M, ck_precision precision) {
    ck_packed *packed = calloc(1, sizeof *packed);
    if (!packed) return NULL;
    packed->K = K;
    packed->N = N;
    if (K == 0 || N == 0) return packed;
    if (largest_M < 1) largest_M = 1;
    const ck_products *wanted = precision == CK_BFLOAT16 ? ck_bfloat16_products() : ck_products_active();
    // A library may have no fast way for a shape; our own product has one for each.
    if ((wanted && make(packed, wanted, transposed, largest_M)) ||
        (precision == CK_FLOAT32 && make(packed, ck_own(), transposed, largest_M)))
        return packed;
    free(packed);
    return NULL;
}

void ck_packed_update(ck_packed *packed, const float *weights) {
    if (packed->made) packed->maker->update(packed->made, weights);
}

void ck_packed_destroy(ck_packed *packed) {
    if (packed && packed->made) packed->maker->destroy(packed->made);
    free(packed);
}

/// What remains of a product with an empty side: Y of zeros where K is 0. True where that was all.
static bool finished_empty(ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, float *Y, ptrdiff_t ldy, bool accumulate) {
    if (M > 0 && N > 0 && K > 0) return false;
    if (!accumulate && N > 0)
        for (ptrdiff_t r = 0; r < M; r++) memset(Y + r * ldy, 0, (size_t)N * sizeof(float));
    return true;
}

void ck_packed_multiply(const ck_packed *packed, ptrdiff_t M, const float *X, ptrdiff_t ldx, float *Y, ptrdiff_t ldy,
                        bool accumulate) {
    if (finished_empty(M, packed->N, packed->K, Y, ldy, accumulate)) return;
    packed->maker->multiply_packed(packed->made, M, X, ldx, Y, ldy, accumulate);
}

void ck_multiply(bool transpose_A, bool transpose_B, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, const float *A,
                 ptrdiff_t lda, const float *B, ptrdiff_t ldb, float *C, ptrdiff_t ldc, bool accumulate) {
    if (finished_empty(M, N, K, C, ldc, accumulate)) return;
    ck_products_active()->multiply(transpose_A, transpose_B, M, N, K, A, lda, B, ldb, C, ldc, accumulate);
}

void ck_multiply_transposed(ck_precision precision, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, const float *A,
                            ptrdiff_t lda, const float *B, ptrdiff_t ldb, float *C, ptrdiff_t ldc, bool accumulate) {
    if (finished_empty(M, N, K, C, ldc, accumulate)) return;
    const ck_products *maker = precision == CK_BFLOAT16 ? ck_bfloat16_products() : ck_products_active();
    maker->multiply(true, false, M, N, K, A, lda, B, ldb, C, ldc, accumulate);
}
