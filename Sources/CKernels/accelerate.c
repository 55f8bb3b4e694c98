/// Products by Accelerate, on Apple's systems. It packs by itself, and on Apple silicon uses the matrix unit, so a
/// packed matrix is a plain copy. How many threads it takes is its own affair.
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#if defined(__APPLE__) && __has_include(<Accelerate/Accelerate.h>)
#define ACCELERATE_NEW_LAPACK  // the interface that is not deprecated
#include <Accelerate/Accelerate.h>

typedef struct {
    ptrdiff_t K, N;
    bool transposed;
    size_t bytes;
    float *weights;
} accelerate_packed;

static void *accelerate_create(ptrdiff_t K, ptrdiff_t N, bool transposed, ptrdiff_t largest_M) {
    (void)largest_M;
    accelerate_packed *packed = malloc(sizeof *packed);
    if (!packed) return NULL;
    size_t bytes = (size_t)(K * N) * sizeof(float);
    *packed = (accelerate_packed){K, N, transposed, bytes, ck_allocate(bytes)};
    if (packed->weights) return packed;
    free(packed);
    return NULL;
}

static void accelerate_update(void *packed_, const float *weights) {
    accelerate_packed *packed = packed_;
    memcpy(packed->weights, weights, packed->bytes);
}

static void accelerate_destroy(void *packed_) {
    accelerate_packed *packed = packed_;
    ck_deallocate(packed->weights, packed->bytes);
    free(packed);
}

static void accelerate_multiply(bool transpose_A, bool transpose_B, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K,
                                const float *A, ptrdiff_t lda, const float *B, ptrdiff_t ldb, float *C, ptrdiff_t ldc,
                                bool accumulate) {
    cblas_sgemm(CblasRowMajor, transpose_A ? CblasTrans : CblasNoTrans, transpose_B ? CblasTrans : CblasNoTrans, (int)M,
                (int)N, (int)K, 1, A, (int)lda, B, (int)ldb, accumulate ? 1 : 0, C, (int)ldc);
}

static void accelerate_multiply_packed(void *packed_, ptrdiff_t M, const float *X, ptrdiff_t ldx, float *Y,
                                       ptrdiff_t ldy, bool accumulate) {
    accelerate_packed *packed = packed_;
    accelerate_multiply(false, packed->transposed, M, packed->N, packed->K, X, ldx, packed->weights,
                        packed->transposed ? packed->K : packed->N, Y, ldy, accumulate);
}

const ck_products *ck_accelerate(void) {
    static const ck_products accelerate = {"Accelerate",       accelerate_create,          accelerate_update,
                                           accelerate_destroy, accelerate_multiply_packed, accelerate_multiply};
    return &accelerate;
}

#else

const ck_products *ck_accelerate(void) { return NULL; }

#endif
