/// Products by oneDNN: all that knows of it. Its matmul primitive with weights packed in the layout of its choice is the
/// fastest there is at our shapes, but it is made for one shape at a time. So a packed matrix keeps a plan per (M, strides,
/// accumulate), made at first use, all reading the one packed copy.
///
/// The header serves at build time only. The library is opened at run time, so that what was built here runs where there
/// is none, and must be of the header's major version.
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

// MARK: The library

#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t layout;
#define SHAPE_FUNCTIONS(use)                                                                                           \
    use(memory_desc_create_with_strides) use(memory_desc_create_with_tag) use(memory_desc_destroy)                     \
    use(matmul_primitive_desc_create)
#else
typedef const dnnl_memory_desc_t *layout;
#define SHAPE_FUNCTIONS(use)                                                                                           \
    use(memory_desc_init_by_strides) use(memory_desc_init_by_tag) use(matmul_desc_init) use(primitive_desc_create)
#endif

#define FUNCTIONS(use)                                                                                                 \
    SHAPE_FUNCTIONS(use)                                                                                               \
    use(version) use(engine_create) use(stream_create) use(stream_destroy) use(memory_create) use(memory_destroy)      \
    use(memory_set_data_handle) use(memory_desc_get_size) use(primitive_attr_create) use(primitive_attr_destroy)       \
    use(primitive_attr_set_scratchpad_mode) use(primitive_attr_set_post_ops) use(post_ops_create)                      \
    use(post_ops_append_sum) use(post_ops_destroy) use(primitive_desc_query) use(primitive_desc_query_md)              \
    use(primitive_desc_destroy) use(reorder_primitive_desc_create) use(primitive_create) use(primitive_execute)        \
    use(primitive_destroy) use(sgemm)

/// `dnnl.sgemm` is `dnnl_sgemm`, and so on.
static struct {
#define FIELD(name) __typeof__(dnnl_##name) *name;
    FUNCTIONS(FIELD)
#undef FIELD
} dnnl;

static dnnl_engine_t engine;
static char name[32];
static int (*openmp_get_max_threads)(void);
static void (*openmp_set_num_threads)(int);

static bool open_library(void) {
    char file[32];
    snprintf(file, sizeof file, "libdnnl.so.%d", DNNL_VERSION_MAJOR);
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!library) return false;
#define FIND(name)                                                                                                     \
    dnnl.name = (__typeof__(dnnl.name))dlsym(library, "dnnl_" #name);                                                  \
    if (!dnnl.name) return false;
    FUNCTIONS(FIND)
#undef FIND
    // A search from the library's handle goes on through what it was linked to, so this is the OpenMP that it uses.
    openmp_get_max_threads = (int (*)(void))dlsym(library, "omp_get_max_threads");
    openmp_set_num_threads = (void (*)(int))dlsym(library, "omp_set_num_threads");
    const dnnl_version_t *version = dnnl.version();
    // Builds on other thread pools could not be held to one thread.
    bool obeys = version->cpu_runtime == DNNL_RUNTIME_SEQ ||
                 (version->cpu_runtime == DNNL_RUNTIME_OMP && openmp_get_max_threads && openmp_set_num_threads);
    if (!obeys || version->major != DNNL_VERSION_MAJOR) return false;
    snprintf(name, sizeof name, "oneDNN %d.%d.%d", version->major, version->minor, version->patch);
    return dnnl.engine_create(&engine, dnnl_cpu, 0) == dnnl_success;
}

/// Brackets every call that might start OpenMP's threads: products are single-threaded whoever calls. Returns what
/// `leave_single_thread` gives back.
static int enter_single_thread(void) {
    if (!openmp_get_max_threads) return 1;
    int former = openmp_get_max_threads();
    if (former != 1) openmp_set_num_threads(1);
    return former;
}

static void leave_single_thread(int former) {
    if (former != 1) openmp_set_num_threads(former);
}

// MARK: What each thread has of its own: a stream, and scratch memory that grows to the largest need.

typedef struct { dnnl_stream_t stream; void *scratch; size_t scratch_bytes; } thread_own;

static pthread_key_t thread_key;  // for its destructor; the fast way to the value is the variable
static _Thread_local thread_own *this_thread;

static void end_thread(void *own_) {
    thread_own *own = own_;
    dnnl.stream_destroy(own->stream);
    ck_deallocate(own->scratch, own->scratch_bytes);
    free(own);
    this_thread = NULL;
}

/// Null where memory is short.
static thread_own *own_with_scratch(size_t bytes) {
    if (!this_thread) {
        thread_own *own = calloc(1, sizeof *own);
        if (!own) return NULL;
        if (dnnl.stream_create(&own->stream, engine, dnnl_stream_default_flags) != dnnl_success) return free(own), NULL;
        pthread_setspecific(thread_key, own);
        this_thread = own;
    }
    if (this_thread->scratch_bytes < bytes) {
        ck_deallocate(this_thread->scratch, this_thread->scratch_bytes);
        this_thread->scratch = ck_allocate(bytes);
        this_thread->scratch_bytes = this_thread->scratch ? bytes : 0;
    }
    return this_thread->scratch_bytes < bytes ? NULL : this_thread;
}

// MARK: Operations: a primitive with its scratch memory outside

/// A matrix product or a change of layout.
typedef struct {
    dnnl_primitive_t primitive;
    dnnl_primitive_desc_t description;
    size_t scratch_bytes;
} operation;

static void destroy_operation(operation *it) {
    if (it->primitive) dnnl.primitive_destroy(it->primitive);
    if (it->description) dnnl.primitive_desc_destroy(it->description);
    *it = (operation){0};
}

static layout layout_of(const operation *it, int argument) {
    return dnnl.primitive_desc_query_md(it->description, dnnl_query_exec_arg_md, argument);
}

/// oneDNN answers a layout that its fast code cannot read with plain loops, a hundred times slower. That is a refusal.
static bool is_reference(const operation *it) {
    const char *implementation = "";
    dnnl.primitive_desc_query(it->description, dnnl_query_impl_info_str, 0, &implementation);
    return strncmp(implementation, "ref", 3) == 0;
}

/// Makes the primitive of it->description, whose making `status` reports.
static bool finish_operation(operation *it, dnnl_status_t status, bool reference_allowed) {
    if (status != dnnl_success) return it->description = NULL, false;
    if ((reference_allowed || !is_reference(it)) &&
        dnnl.primitive_create(&it->primitive, it->description) == dnnl_success) {
        layout scratch = dnnl.primitive_desc_query_md(it->description, dnnl_query_scratchpad_md, 0);
        it->scratch_bytes = scratch ? dnnl.memory_desc_get_size(scratch) : 0;
        return true;
    }
    return destroy_operation(it), false;
}

/// Scratch memory from the caller (the library's own would tie a primitive to a thread), and Y += where asked.
static dnnl_primitive_attr_t make_attributes(bool accumulate) {
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_post_ops_t after = NULL;
    if (dnnl.primitive_attr_create(&attributes) != dnnl_success) return NULL;
    bool made = dnnl.primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user) == dnnl_success;
    if (made && accumulate) {
        made = dnnl.post_ops_create(&after) == dnnl_success;
#if DNNL_VERSION_MAJOR >= 3
        made = made && dnnl.post_ops_append_sum(after, 1, 0, dnnl_data_type_undef) == dnnl_success;
#else
        made = made && dnnl.post_ops_append_sum(after, 1) == dnnl_success;
#endif
        made = made && dnnl.primitive_attr_set_post_ops(attributes, after) == dnnl_success;
        if (after) dnnl.post_ops_destroy(after);
    }
    if (made) return attributes;
    dnnl.primitive_attr_destroy(attributes);
    return NULL;
}

/// A matrix in memory, element (r, c) at r * row + c * column; the library's choice where both strides are 0.
typedef struct { ptrdiff_t rows, columns, row, column; } shape;

#if DNNL_VERSION_MAJOR >= 3
#define LAYOUT(made) (made)
static void drop_layout(dnnl_memory_desc_t made) { if (made) dnnl.memory_desc_destroy(made); }
#define memory_desc_by_strides memory_desc_create_with_strides
#define memory_desc_by_tag memory_desc_create_with_tag
#else
#define LAYOUT(made) (&(made))
static void drop_layout(dnnl_memory_desc_t made) { (void)made; }
#define memory_desc_by_strides memory_desc_init_by_strides
#define memory_desc_by_tag memory_desc_init_by_tag
#endif

static bool make_layout(dnnl_memory_desc_t *made, shape of) {
    dnnl_dims_t size = {of.rows, of.columns}, strides = {of.row, of.column};
    return (of.row ? dnnl.memory_desc_by_strides(made, 2, size, dnnl_f32, strides)
                   : dnnl.memory_desc_by_tag(made, 2, size, dnnl_f32, dnnl_format_tag_any)) == dnnl_success;
}

/// Y = X · B or Y += X · B, with B in the layout that is given.
static bool make_product(operation *it, shape X, layout B, shape Y, bool accumulate) {
    dnnl_memory_desc_t X_layout = {0}, Y_layout = {0};
    dnnl_primitive_attr_t attributes = make_attributes(accumulate);
    dnnl_status_t status = dnnl_out_of_memory;
    if (attributes && make_layout(&X_layout, X) && make_layout(&Y_layout, Y)) {
#if DNNL_VERSION_MAJOR >= 3
        status = dnnl.matmul_primitive_desc_create(&it->description, engine, X_layout, B, NULL, Y_layout, attributes);
#else
        dnnl_matmul_desc_t wanted;
        status = dnnl.matmul_desc_init(&wanted, &X_layout, B, NULL, &Y_layout);
        if (status == dnnl_success)
            status = dnnl.primitive_desc_create(&it->description, &wanted, attributes, engine, NULL);
#endif
    }
    bool made = finish_operation(it, status, false);
    drop_layout(X_layout);
    drop_layout(Y_layout);
    if (attributes) dnnl.primitive_attr_destroy(attributes);
    return made;
}

static bool make_reorder(operation *it, layout from, layout to) {
    dnnl_primitive_attr_t attributes = make_attributes(false);
    if (!attributes) return false;
    dnnl_status_t status =
        dnnl.reorder_primitive_desc_create(&it->description, from, engine, to, engine, attributes);
    dnnl.primitive_attr_destroy(attributes);
    return finish_operation(it, status, true);
}

// MARK: Seats: the memory objects of one run of an operation

/// oneDNN takes a pointer wrapped in an object. Making three for each product would cost three allocations, and an
/// operation's own would not serve two threads at once: so each operation keeps a few sets, and a thread takes one for a run.
typedef struct { dnnl_memory_t source, target, scratch; } seat;

enum { seat_count = 16 };
typedef struct { _Atomic(seat *) places[seat_count]; } seats;

static void destroy_seat(seat *it) {
    if (it->source) dnnl.memory_destroy(it->source);
    if (it->target) dnnl.memory_destroy(it->target);
    if (it->scratch) dnnl.memory_destroy(it->scratch);
    free(it);
}

static seat *make_seat(const operation *operation) {
    seat *it = calloc(1, sizeof *it);
    if (!it) return NULL;
    layout scratch = dnnl.primitive_desc_query_md(operation->description, dnnl_query_scratchpad_md, 0);
    if (dnnl.memory_create(&it->source, layout_of(operation, DNNL_ARG_SRC), engine, DNNL_MEMORY_NONE) == dnnl_success &&
        dnnl.memory_create(&it->target, layout_of(operation, DNNL_ARG_DST), engine, DNNL_MEMORY_NONE) == dnnl_success &&
        (!operation->scratch_bytes ||
         dnnl.memory_create(&it->scratch, scratch, engine, DNNL_MEMORY_NONE) == dnnl_success))
        return it;
    return destroy_seat(it), NULL;
}

static seat *take_seat(seats *all, const operation *operation) {
    for (int i = 0; i < seat_count; i++) {
        seat *it = atomic_exchange_explicit(&all->places[i], NULL, memory_order_acquire);
        if (it) return it;
    }
    return make_seat(operation);
}

static void return_seat(seats *all, seat *it) {
    for (int i = 0; i < seat_count; i++) {
        seat *empty = NULL;
        if (atomic_compare_exchange_strong_explicit(&all->places[i], &empty, it, memory_order_release,
                                                    memory_order_relaxed))
            return;
    }
    destroy_seat(it);
}

static void destroy_seats(seats *all) {
    for (int i = 0; i < seat_count; i++) {
        seat *it = atomic_load(&all->places[i]);
        if (it) destroy_seat(it);
    }
}

/// Runs `operation`; `weights` is null for a reorder. False where memory is short.
static bool run(const operation *operation, seats *all, const float *source, dnnl_memory_t weights, float *target) {
    thread_own *own = own_with_scratch(operation->scratch_bytes);
    seat *it = own ? take_seat(all, operation) : NULL;
    if (!it) return false;
    dnnl_exec_arg_t arguments[4] = {{DNNL_ARG_SRC, it->source}, {DNNL_ARG_DST, it->target}};
    int count = 2;
    dnnl.memory_set_data_handle(it->source, (void *)(uintptr_t)source);  // read only, but the type cannot say it
    dnnl.memory_set_data_handle(it->target, target);
    if (it->scratch) {
        dnnl.memory_set_data_handle(it->scratch, own->scratch);
        arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, it->scratch};
    }
    if (weights) arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_WEIGHTS, weights};
    bool done = dnnl.primitive_execute(operation->primitive, own->stream, count, arguments) == dnnl_success;
    return_seat(all, it);
    return done;
}

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
    dnnl_memory_t weights;         // `packed`, wrapped

    pthread_mutex_t making;                 // held while a plan or `unpacked` is made
    _Atomic(plan *) buckets[bucket_count];  // chains that only grow, at their heads: read without the mutex
    int plan_count;
    _Atomic(float *) unpacked;              // a copy in the caller's layout, made once a plan is refused
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

int32_t ck_openmp_threads(void) {
    ck_products_active();  // opens the library, which brings OpenMP
    return openmp_get_max_threads ? openmp_get_max_threads() : 0;
}

void ck_set_openmp_threads(int32_t count) {
    if (openmp_set_num_threads && count > 0) openmp_set_num_threads(count);
}

#else

const ck_products *ck_onednn(void) { return NULL; }
int32_t ck_openmp_threads(void) { return 0; }
void ck_set_openmp_threads(int32_t count) { (void)count; }

#endif
