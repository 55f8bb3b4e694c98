/// Products by oneDNN. Its matmul primitive with weights packed in a layout of its choice is very fast at our shapes,
/// but is made for one shape at a time. So a packed matrix keeps a plan per (M, strides, accumulate), made at first
/// use, all reading the one packed copy.
///
/// This translation unit, in three files, is all that knows of oneDNN:
///   onednn_library.inc     opening it, its threads, what each thread has of its own
///   onednn_operations.inc  its primitives, and running one; the differences between its versions 2 and 3
///   onednn.c               packed matrices and products
///
/// -DCK_NO_ONEDNN builds without.
///
/// Checked, like every maker of packed products, against `reference` of ProductTests.swift:
///     swift test --filter CKernelsTests.PackedTests
#include "internal.h"

#if !defined(CK_NO_ONEDNN) && !defined(__APPLE__) && __has_include(<oneapi/dnnl/dnnl.h>)
#include <oneapi/dnnl/dnnl.h>
#define CK_ONEDNN 1
#elif !defined(CK_NO_ONEDNN) && !defined(__APPLE__) && __has_include(<dnnl.h>)
#include <dnnl.h>
#define CK_ONEDNN 1
#endif

#if CK_ONEDNN
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "onednn_library.inc"
#include "onednn_operations.inc"

// MARK: A packed matrix

typedef struct plan {
    ptrdiff_t M, ldx, ldy;
    bool accumulate;
    operation product;  // its primitive is null where the packed layout is refused
    seats seats;
    struct plan *next;
} plan;

enum { bucket_count = 64, most_plans = 1024 };

typedef struct {
    ptrdiff_t K, N;
    bool transposed;
    operation packing, unpacking;  // between the caller's layout and the packed one
    seats packing_seats, unpacking_seats;
    float *packed;
    size_t packed_bytes;
    dnnl_memory_t weights;  // `packed`, wrapped

    pthread_mutex_t making;                 // held while a plan or `unpacked` is made
    _Atomic(plan *) buckets[bucket_count];  // chains that only grow, at their heads: read without the mutex
    int plan_count;
    _Atomic(float *) unpacked;  // a copy in the caller's layout, made once a plan is refused
} packed_matrix;

static shape weights_shape(const packed_matrix *it) {
    return it->transposed ? (shape){it->K, it->N, 1, it->K} : (shape){it->K, it->N, it->N, 1};
}

static size_t unpacked_bytes(const packed_matrix *it) { return (size_t)(it->K * it->N) * sizeof(float); }

static _Atomic(plan *) *bucket(packed_matrix *it, ptrdiff_t M, ptrdiff_t ldx, ptrdiff_t ldy, bool accumulate) {
    size_t hash = ((size_t)M * 31 + (size_t)ldx) * 31 + (size_t)ldy * 2 + accumulate;
    return &it->buckets[hash % bucket_count];
}

static plan *find_plan(packed_matrix *it, ptrdiff_t M, ptrdiff_t ldx, ptrdiff_t ldy, bool accumulate) {
    plan *p = atomic_load_explicit(bucket(it, M, ldx, ldy, accumulate), memory_order_acquire);
    while (p && !(p->M == M && p->ldx == ldx && p->ldy == ldy && p->accumulate == accumulate)) p = p->next;
    return p;
}

/// Makes a plan and enters it. `making` is held, or nobody else knows `it` yet. Null where memory is short.
static plan *add_plan(packed_matrix *it, ptrdiff_t M, ptrdiff_t ldx, ptrdiff_t ldy, bool accumulate, layout B) {
    plan *p = it->plan_count < most_plans ? calloc(1, sizeof *p) : NULL;
    if (!p) return NULL;
    p->M = M, p->ldx = ldx, p->ldy = ldy, p->accumulate = accumulate;
    make_product(&p->product, (shape){M, it->K, ldx, 1}, B, (shape){M, it->N, ldy, 1}, accumulate);
    _Atomic(plan *) *head = bucket(it, M, ldx, ldy, accumulate);
    p->next = atomic_load_explicit(head, memory_order_relaxed);
    atomic_store_explicit(head, p, memory_order_release);
    it->plan_count++;
    return p;
}

static plan *plan_for(packed_matrix *it, ptrdiff_t M, ptrdiff_t ldx, ptrdiff_t ldy, bool accumulate) {
    plan *p = find_plan(it, M, ldx, ldy, accumulate);
    if (p) return p;
    pthread_mutex_lock(&it->making);
    p = find_plan(it, M, ldx, ldy, accumulate);
    if (!p) p = add_plan(it, M, ldx, ldy, accumulate, layout_of(&it->packing, DNNL_ARG_DST));
    pthread_mutex_unlock(&it->making);
    return p;
}

static void destroy_packed(void *it_) {
    packed_matrix *it = it_;
    for (int i = 0; i < bucket_count; i++)
        for (plan *p = atomic_load(&it->buckets[i]), *next; p; p = next) {
            next = p->next;
            destroy_seats(&p->seats);
            destroy_operation(&p->product);
            free(p);
        }
    destroy_seats(&it->packing_seats);
    destroy_seats(&it->unpacking_seats);
    destroy_operation(&it->packing);
    destroy_operation(&it->unpacking);
    if (it->weights) dnnl.memory_destroy(it->weights);
    ck_deallocate(it->packed, it->packed_bytes);
    ck_deallocate(atomic_load(&it->unpacked), unpacked_bytes(it));
    pthread_mutex_destroy(&it->making);
    free(it);
}

/// Lets the library choose the layout, for the largest product, and makes all that depends on it.
static bool choose_layout(packed_matrix *it, ptrdiff_t largest_M) {
    dnnl_memory_desc_t any = {0}, plain = {0};
    bool made = make_layout(&any, (shape){it->K, it->N, 0, 0}) && make_layout(&plain, weights_shape(it));
    plan *first = made ? add_plan(it, largest_M, it->K, it->N, false, LAYOUT(any)) : NULL;
    made = first && first->product.primitive;
    if (made) {
        layout chosen = layout_of(&first->product, DNNL_ARG_WEIGHTS);
        it->packed_bytes = dnnl.memory_desc_get_size(chosen);
        it->packed = ck_allocate(it->packed_bytes);
        made = it->packed && make_reorder(&it->packing, LAYOUT(plain), chosen) &&
               make_reorder(&it->unpacking, chosen, LAYOUT(plain)) &&
               dnnl.memory_create(&it->weights, chosen, engine, it->packed) == dnnl_success;
    }
    drop_layout(any);
    drop_layout(plain);
    return made;
}

static void *create_packed(ptrdiff_t K, ptrdiff_t N, bool transposed, ptrdiff_t largest_M) {
    packed_matrix *it = calloc(1, sizeof *it);
    if (!it) return NULL;
    it->K = K, it->N = N, it->transposed = transposed;
    pthread_mutex_init(&it->making, NULL);
    int former = enter_single_thread();
    bool made = choose_layout(it, largest_M);
    leave_single_thread(former);
    return made ? it : (destroy_packed(it), NULL);
}

static void fill_with_nan(float *Y, ptrdiff_t M, ptrdiff_t N, ptrdiff_t ldy) {
    for (ptrdiff_t r = 0; r < M; r++)
        for (ptrdiff_t j = 0; j < N; j++) Y[r * ldy + j] = __builtin_nanf("");
}

static void update_packed(void *it_, const float *weights) {
    packed_matrix *it = it_;
    int former = enter_single_thread();
    if (!run(&it->packing, &it->packing_seats, weights, NULL, it->packed))
        memset(it->packed, 0xff, it->packed_bytes);  // memory is short: NaN, which nobody will overlook
    leave_single_thread(former);
    float *unpacked = atomic_load_explicit(&it->unpacked, memory_order_relaxed);
    if (unpacked) memcpy(unpacked, weights, unpacked_bytes(it));
}

static const float *unpacked_copy(packed_matrix *it) {
    float *copy = atomic_load_explicit(&it->unpacked, memory_order_acquire);
    if (copy) return copy;
    pthread_mutex_lock(&it->making);
    copy = atomic_load_explicit(&it->unpacked, memory_order_relaxed);
    if (!copy && (copy = ck_allocate(unpacked_bytes(it)))) {
        if (!run(&it->unpacking, &it->unpacking_seats, it->packed, NULL, copy)) memset(copy, 0xff, unpacked_bytes(it));
        atomic_store_explicit(&it->unpacked, copy, memory_order_release);
    }
    pthread_mutex_unlock(&it->making);
    return copy;
}

/// For shapes that the packed layout refuses, and beyond `most_plans` of them: our own product.
static void multiply_unpacked(packed_matrix *it, ptrdiff_t M, const float *X, ptrdiff_t ldx, float *Y, ptrdiff_t ldy,
                              bool accumulate) {
    const float *B = unpacked_copy(it);
    if (!B) return fill_with_nan(Y, M, it->N, ldy);
    ck_own()->multiply(false, it->transposed, M, it->N, it->K, X, ldx, B, it->transposed ? it->K : it->N, Y, ldy,
                       accumulate);
}

static void multiply_packed(void *it_, ptrdiff_t M, const float *X, ptrdiff_t ldx, float *Y, ptrdiff_t ldy,
                            bool accumulate) {
    packed_matrix *it = it_;
    if (M == 1) ldx = it->K, ldy = it->N;  // a single row has no stride: one plan for all
    int former = enter_single_thread();
    plan *p = plan_for(it, M, ldx, ldy, accumulate);
    if (!p || !p->product.primitive || !run(&p->product, &p->seats, X, it->weights, Y))
        multiply_unpacked(it, M, X, ldx, Y, ldy, accumulate);
    leave_single_thread(former);
}

// MARK: Products whose matrices change every time

static void multiply(bool transpose_A, bool transpose_B, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, const float *A,
                     ptrdiff_t lda, const float *B, ptrdiff_t ldb, float *C, ptrdiff_t ldc, bool accumulate) {
    int former = enter_single_thread();
    dnnl_status_t status = dnnl.sgemm(transpose_A ? 'T' : 'N', transpose_B ? 'T' : 'N', M, N, K, 1, A, lda, B, ldb,
                                      accumulate ? 1 : 0, C, ldc);
    leave_single_thread(former);
    if (status != dnnl_success)
        ck_own()->multiply(transpose_A, transpose_B, M, N, K, A, lda, B, ldb, C, ldc, accumulate);
}

const ck_products *ck_onednn(void) {
    static const ck_products onednn = {name, create_packed, update_packed, destroy_packed, multiply_packed, multiply};
    return open_library() && pthread_key_create(&thread_key, end_thread) == 0 ? &onednn : NULL;
}

int32_t ck_openmp_threads(void) { return openmp_get_max_threads ? openmp_get_max_threads() : 0; }

void ck_set_openmp_threads(int32_t count) {
    if (openmp_set_num_threads && count > 0) openmp_set_num_threads(count);
}

#else

const ck_products *ck_onednn(void) { return NULL; }
int32_t ck_openmp_threads(void) { return 0; }
void ck_set_openmp_threads(int32_t count) { (void)count; }

#endif
