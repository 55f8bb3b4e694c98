/// The arithmetic of the recurrent engine, in C.
///
/// Everything here works on plain buffers that the caller owns, in row-major float32. Letters for
/// shapes, used throughout: M rows, K inner size, N columns, H hidden size, V vocabulary size.
/// A "row" is one stream of a batch at one time step.
///
/// Two families live here:
///  - element-wise kernels, compiled three times (plain C, AVX2+FMA, AVX-512) and reached through a
///    table of functions chosen once (`ck_kernels_active`);
///  - matrix products, given to oneDNN or Accelerate where there is one, else to a tiled product of
///    our own (`ck_product_name` says which).
///
/// Nothing here allocates, except the functions named `…_create`, `…_allocate`, the first use of a packed product with
/// a new shape or in a new thread, and `ck_multiply` inside the library that serves it. Nothing prints or exits.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Instruction sets

typedef enum { CK_PLAIN = 0, CK_AVX2 = 1, CK_AVX512 = 2 } ck_isa;

/// The kernels of a step of sampling in a form whose bits depend on the numbers alone, not on the CPU: no product is
/// fused with a sum. Shapes and meaning as in `ck_kernels`; slower where arithmetic is the limit.
typedef struct ck_exact_kernels {
    void (*lstm_forward)(ptrdiff_t rows, ptrdiff_t H, const float *projected, const int32_t *index,
                         const float *recurrent, const float *cell, float *gates, float *cell_out, float *hidden);
    void (*gru_forward)(ptrdiff_t rows, ptrdiff_t H, const float *projected, const int32_t *index, float *recurrent,
                        const float *bias_hh, const float *hidden, float *gates, float *hidden_out);
    void (*rnn_forward)(ptrdiff_t rows, ptrdiff_t H, bool relu, const float *projected, const int32_t *index,
                        const float *recurrent, float *gates, float *hidden_out);
    void (*modulate)(ptrdiff_t count, float *factors, const float *x, float *y);
    void (*layer_norm)(ptrdiff_t rows, ptrdiff_t columns, float *x, const float *gain);
    void (*exp)(ptrdiff_t count, const float *x, float *y);
    void (*stream_product)(ptrdiff_t M, ptrdiff_t C, ptrdiff_t K, const void *group, bool bf16, const float *X,
                           ptrdiff_t ldx, float *Y, ptrdiff_t ldy, bool accumulate);
} ck_exact_kernels;

/// Functions for one instruction set. Rows are contiguous (row stride = row width) unless a stride is named.
/// Sums over a row are taken in an order that depends on the instruction set alone, so a result is the same
/// whatever the number of threads and wherever the buffers lie.
typedef struct ck_kernels {
    ck_isa isa;
    const char *name;  // "plain", "avx2", "avx512"

    /// One LSTM time step, gate order i, f, g, o.
    ///   i, f, o = σ(projected + recurrent), g = tanh(projected + recurrent)
    ///   c' = f c + i g,  h' = o tanh(c')
    /// projected (·, 4H): row `index[r]`, or row r where index is null; may be `gates` where index is null.
    /// recurrent (rows, 4H): W_hh h. cell (rows, H): the entering c.
    /// Writes gates (rows, 4H): i, f, g, o after activation; cell_out (rows, H) (may be `cell`);
    /// hidden (rows, H): h'.
    void (*lstm_forward)(ptrdiff_t rows, ptrdiff_t H, const float *projected, const int32_t *index,
                         const float *recurrent, const float *cell, float *gates, float *cell_out, float *hidden);

    /// The gradient of `lstm_forward`.
    /// gates as forward left them, cell: the entering c again; d_hidden (rows, H): gradient reaching h'.
    /// d_cell (rows, H): in, the gradient reaching c' from the next step; out, the one reaching the entering c.
    /// d_gates (rows, 4H): out, the gradient before activation; may be `gates`.
    void (*lstm_backward)(ptrdiff_t rows, ptrdiff_t H, const float *gates, const float *cell, const float *d_hidden,
                          float *d_cell, float *d_gates);

    /// One GRU time step, gate order r, z, n.
    ///   r, z = σ(projected + recurrent + bias),  n = tanh(projected_n + r (recurrent_n + bias_n))
    ///   h' = (1 − z) n + z h
    /// projected (·, 3H) as in lstm_forward (with b_ih added); recurrent (rows, 3H): W_hh h; out: its n block
    /// (columns 2H to 3H) has bias_n added, which backward needs. bias_hh (3H) or null.
    /// hidden (rows, H): the entering h. Writes gates (rows, 3H): r, z, n after activation, and
    /// hidden_out (rows, H) (may be `hidden`).
    void (*gru_forward)(ptrdiff_t rows, ptrdiff_t H, const float *projected, const int32_t *index, float *recurrent,
                        const float *bias_hh, const float *hidden, float *gates, float *hidden_out);

    /// The gradient of `gru_forward`.
    /// gates, recurrent, hidden as forward had and left them. d_hidden (rows, H): in, the gradient reaching h'; out,
    /// the part of the entering h's gradient that passes through z h (the caller adds d_recurrent · W_hh).
    /// d_projected (rows, 3H): out, may be `gates`. d_recurrent (rows, 3H): out, may be `recurrent`.
    void (*gru_backward)(ptrdiff_t rows, ptrdiff_t H, const float *gates, const float *recurrent, const float *hidden,
                         float *d_hidden, float *d_projected, float *d_recurrent);

    /// One Elman step: hidden_out = tanh or relu (projected + recurrent), also written to gates. Shapes (rows, H).
    void (*rnn_forward)(ptrdiff_t rows, ptrdiff_t H, bool relu, const float *projected, const int32_t *index,
                        const float *recurrent, float *gates, float *hidden_out);
    /// The gradient of `rnn_forward`: d_gates = d_hidden · act′, where gates holds act; may be in place.
    void (*rnn_backward)(ptrdiff_t rows, ptrdiff_t H, bool relu, const float *gates, const float *d_hidden,
                         float *d_gates);

    /// A round of a mogrifier: y = 2 σ(a) x. factors: in, a; out, 2 σ(a), which backward needs. y may be `x`.
    void (*modulate)(ptrdiff_t count, float *factors, const float *x, float *y);
    /// The gradient of `modulate`. factors: in, as forward left them; out, the gradient of a. x: as forward read it.
    /// d_y: in, the gradient of y; out, that of x.
    void (*modulate_backward)(ptrdiff_t count, float *factors, const float *x, float *d_y);

    /// Softmax and cross entropy in nats with the row's maximum subtracted.
    /// logits (rows, V): in, logits; out, (softmax − onehot(target)) · scale, a row of zeros where the target is
    /// negative (ignored). Returns the sum of −log p(target) over the targets that are not ignored.
    double (*cross_entropy_gradient)(ptrdiff_t rows, ptrdiff_t V, float *logits, const int32_t *targets, float scale);
    /// Cross entropy alone: nats (rows): −log p(target), 0 where ignored; best (rows): the index of the largest logit
    /// (the lowest index among equals). logits are not changed. Either output may be null.
    void (*cross_entropy)(ptrdiff_t rows, ptrdiff_t V, const float *logits, const int32_t *targets, float *nats,
                          int32_t *best);

    /// Row moves. Strides are in floats.
    void (*copy_rows)(ptrdiff_t rows, ptrdiff_t columns, const float *source, ptrdiff_t source_stride, float *target,
                      ptrdiff_t target_stride);
    void (*add_rows)(ptrdiff_t rows, ptrdiff_t columns, const float *source, ptrdiff_t source_stride, float *target,
                     ptrdiff_t target_stride);
    /// target += factor · source.
    void (*add_scaled)(ptrdiff_t count, float factor, const float *source, float *target);
    /// d_after += factor · (after − before), d_before −= the same: the gradient of factor / 2 · Σ (after − before)².
    /// The d's do not overlap.
    void (*add_difference)(ptrdiff_t count, float factor, const float *before, const float *after, float *d_before,
                           float *d_after);
    /// target[r] = source[index[r]].
    void (*gather_rows)(ptrdiff_t rows, ptrdiff_t columns, const float *source, const int32_t *index, float *target);
    /// target[index[r]] += source[r], in the order of r.
    void (*scatter_add_rows)(ptrdiff_t rows, ptrdiff_t columns, const float *source, const int32_t *index,
                             float *target);
    /// rows of target (stride target_stride) += vector (columns).
    void (*add_vector)(ptrdiff_t rows, ptrdiff_t columns, const float *vector, float *target, ptrdiff_t target_stride);
    /// sum (columns) += the sum of the rows of source (stride source_stride).
    void (*sum_rows)(ptrdiff_t rows, ptrdiff_t columns, const float *source, ptrdiff_t source_stride, float *sum);

    /// Inverted dropout of one row group: target = source · mask / (1 − p), mask ∈ {0, 1}; zeros for p ≥ 1. In place
    /// is allowed. The mask of element (r, j) is a pure function of (keys[r], j): a counter-based generator,
    /// so forward and backward call this alike and threads or shards cannot change it. The same mask on every
    /// instruction set. P(mask = 0) is p within 2^-24.
    void (*dropout_rows)(ptrdiff_t rows, ptrdiff_t columns, const uint64_t *keys, float p, const float *source,
                         ptrdiff_t source_stride, float *target, ptrdiff_t target_stride);

    /// Layer normalization of each row, in place: x becomes gain · x̂ with x̂ = (x − mean) / √(variance + 1e-5), mean
    /// and variance of the row. Writes x̂ to normalized (rows, columns) and 1 / √(…) to scales (rows); either may be null.
    void (*layer_norm)(ptrdiff_t rows, ptrdiff_t columns, float *x, const float *gain, float *normalized,
                       float *scales);
    /// The gradient of `layer_norm`. d_y (rows, columns): gradient of gain · x̂; scales as forward left them.
    /// normalized: in, x̂; out, the gradient of x. d_gain (columns) += the gradient of gain.
    void (*layer_norm_backward)(ptrdiff_t rows, ptrdiff_t columns, const float *d_y, const float *gain,
                                const float *scales, float *normalized, float *d_gain);

    /// Σ x², accumulated in double.
    double (*squared_norm)(ptrdiff_t count, const float *x);
    /// x *= factor.
    void (*scale)(ptrdiff_t count, float factor, float *x);

    /// Adam and AdamW: g = scale · gradient (+ l2 · p);  p *= 1 − rate · decay;  m = β1 m + (1−β1) g;
    /// v = β2 v + (1−β2) g²;  p −= rate / correction1 · m / (√v / √correction2 + ε), where correctionK = 1 − βK^t.
    void (*adam_update)(ptrdiff_t count, float *p, const float *gradient, float *m, float *v, float scale, float rate,
                        float beta1, float beta2, float epsilon, float correction1, float correction2, float l2,
                        float decay);
    /// SGD: g = scale · gradient + l2 · p;  v = momentum · v + g;  p −= rate · v, or by Nesterov
    /// rate · (g + momentum · v). velocity may be null where there is no momentum.
    void (*sgd_update)(ptrdiff_t count, float *p, const float *gradient, float *velocity, float scale, float rate,
                       float momentum, bool nesterov, float l2);
    /// RMSprop: g as above;  v = alpha · v + (1 − alpha) g²;  b = momentum · b + g / (√v + ε);  p −= rate · b.
    /// velocity (b) may be null where there is no momentum.
    void (*rmsprop_update)(ptrdiff_t count, float *p, const float *gradient, float *v, float *velocity, float scale,
                           float rate, float alpha, float epsilon, float momentum, float l2);
    /// A running mean: average += rest · (p − average), where rest = 1 − its decay.
    void (*average_update)(ptrdiff_t count, const float *p, float *average, float rest);
    /// Learning that is drawn back to an origin: p += −rate · gradient · scale + min(decay · return, 1) (origin − p), with
    /// a scale and a return for each parameter.
    void (*adapt_update)(ptrdiff_t count, float *p, const float *gradient, const float *scales, const float *returns,
                         const float *origin, float rate, float decay);

    /// Element-wise functions, exported for tests and for layers outside the fused cells. In place allowed.
    void (*sigmoid)(ptrdiff_t count, const float *x, float *y);
    void (*tanh)(ptrdiff_t count, const float *x, float *y);
    void (*exp)(ptrdiff_t count, const float *x, float *y);

    /// Our own tiled product, the fallback and the reference of the fast ones: Y (M, N) = X (M, K) · B (K, N), or
    /// Y += … where accumulate. Row strides ldx, ldb, ldy. A row's result does not depend on M.
    void (*product)(ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, const float *X, ptrdiff_t ldx, const float *B, ptrdiff_t ldb,
                    float *Y, ptrdiff_t ldy, bool accumulate);
    /// C (M, N) = Aᵀ · B with A (K, M), B (K, N), or C += …: the shape of a weight gradient.
    void (*product_transposed)(ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, const float *A, ptrdiff_t lda, const float *B,
                               ptrdiff_t ldb, float *C, ptrdiff_t ldc, bool accumulate);

    /// Y (M, C; row stride ldy) = X (M, K; row stride ldx) · a group that `ck_stream_pack` made, or Y += …
    /// A row's result does not depend on M.
    void (*stream_product)(ptrdiff_t M, ptrdiff_t C, ptrdiff_t K, const void *group, bool bf16, const float *X,
                           ptrdiff_t ldx, float *Y, ptrdiff_t ldy, bool accumulate);

    /// Compiled for the same instruction set; every table's give the same bits.
    const ck_exact_kernels *exact;
} ck_kernels;

/// The table for one instruction set, or null where this CPU (or this build) lacks it. CK_PLAIN is always there.
const ck_kernels *ck_kernels_for(ck_isa isa);

/// The table in use: the best that the CPU has, or the one that the environment variable CHARLM_KERNELS names
/// ("plain", "avx2", "avx512"; one that the CPU lacks falls back to the best below it). Chosen once.
const ck_kernels *ck_kernels_active(void);

// MARK: Matrix products

/// In what numbers a product multiplies. Sums, results and what is kept are float32 in both.
typedef enum { CK_FLOAT32 = 0, CK_BFLOAT16 = 1 } ck_precision;

/// Whether this CPU multiplies in bfloat16 (AVX-512 BF16), and the kernels in use are those for AVX-512. Where it has AMX,
/// whole tiles are multiplied by that, unless CHARLM_KERNELS is "avx512".
bool ck_bfloat16_available(void);

/// What multiplies matrices: "oneDNN 2.6.0", "Accelerate" or "own (avx512)". The environment variable
/// CHARLM_PRODUCTS asks for our own product ("own") or for the library's ("library"). Chosen once.
const char *ck_product_name(void);

/// A weight matrix B (K, N) laid out for many products Y = X · B. Safe to use from several threads at once, except
/// while `ck_packed_update` runs.
typedef struct ck_packed ck_packed;

/// precision: CK_BFLOAT16 only where `ck_bfloat16_available`.
/// transposed: the matrix that `ck_packed_update` gets is Bᵀ, that is, (N, K) row-major: PyTorch's layout
/// of a weight, for y = x Wᵀ. Otherwise it is (K, N) row-major. largest_M: the most rows that one product will have
/// (the layout is chosen for it; more are allowed, and slower). Returns null where memory is short.
ck_packed *ck_packed_create(ptrdiff_t K, ptrdiff_t N, bool transposed, ptrdiff_t largest_M, ck_precision precision);
void ck_packed_update(ck_packed *packed, const float *weights);
void ck_packed_destroy(ck_packed *packed);

/// Y (M, N; row stride ldy) = X (M, K; row stride ldx) · B, or Y += … where accumulate. What Y held does not matter
/// without accumulate. Single-threaded (Accelerate alone decides for itself).
void ck_packed_multiply(const ck_packed *packed, ptrdiff_t M, const float *X, ptrdiff_t ldx, float *Y, ptrdiff_t ldy,
                        bool accumulate);

/// C (M, N) = op(A) · op(B) or C += …, row-major, op(X) = Xᵀ where its flag is set: A is (M, K), or (K, M)
/// where transpose_A; B is (K, N), or (N, K) where transpose_B. Single-threaded. For products whose matrices
/// change every time.
void ck_multiply(bool transpose_A, bool transpose_B, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, const float *A,
                 ptrdiff_t lda, const float *B, ptrdiff_t ldb, float *C, ptrdiff_t ldc, bool accumulate);

/// C (M, N) = Aᵀ · B or C += …, with A (K, M) and B (K, N): the gradient of a weight from those of all rows.
/// Single-threaded. precision as in `ck_packed_create`.
void ck_multiply_transposed(ck_precision precision, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, const float *A,
                            ptrdiff_t lda, const float *B, ptrdiff_t ldb, float *C, ptrdiff_t ldc, bool accumulate);

// MARK: Products for sampling

/// The bytes of a group of C ≤ 128 columns for `stream_product`: weights of few rows' products, in float32 or in
/// bfloat16 (any CPU: they are widened to float32 as they are read).
size_t ck_stream_bytes(ptrdiff_t C, ptrdiff_t K, bool bf16);

/// Sets columns `first` to `first + columns` of a zeroed group from as many rows of PyTorch's layout,
/// weights (columns, K): for y = x Wᵀ.
void ck_stream_pack(ptrdiff_t C, ptrdiff_t K, ptrdiff_t first, ptrdiff_t columns, const float *weights, bool bf16,
                    void *group);

/// The same in 8-bit integers: weights and rows are rounded to −127 … 127 times a scale, products are summed exactly, so
/// that every instruction set gives the same bits, for any M.
///
/// `ck_int8_active` is the best for this CPU and `ck_kernels_active`; `ck_int8_for` a named one, or null where the CPU
/// lacks it. What one has laid out is for its own product.
typedef struct ck_int8 {
    const char *name;  // "plain", "neon", "avx2", "avx512"
    /// How a group and rows are kept: added to each number of a row, 0 or 128.
    int32_t offset;
    /// Y (M, C; row stride ldy) = rows (M, K, as `ck_int8_round` left them) · a group. K ≤ CK_INT8_LARGEST_K.
    void (*product)(ptrdiff_t M, ptrdiff_t C, ptrdiff_t K, const void *group, const uint8_t *rows,
                    const float *row_scales, float *Y, ptrdiff_t ldy);
} ck_int8;

enum { CK_INT8_LARGEST_K = 65536 };  // 65,536 · 255 · 127 < 2^31

const ck_int8 *ck_int8_active(void);
const ck_int8 *ck_int8_for(const char *name);

/// The bytes of a group of C ≤ 128 columns; zeroed before `ck_int8_pack`.
size_t ck_int8_bytes(ptrdiff_t C, ptrdiff_t K);

/// Sets columns as `ck_stream_pack` does. Each column has a scale of its own, by which its largest weight becomes 127.
void ck_int8_pack(ptrdiff_t C, ptrdiff_t K, ptrdiff_t first, ptrdiff_t columns, const float *weights, void *group);

/// The bytes of a rounded row: K rounded up to a multiple of 4.
ptrdiff_t ck_int8_row_bytes(ptrdiff_t K);

/// Rounds M rows (stride ldx) for products, each with a scale by which its largest number becomes 127.
void ck_int8_round(const ck_int8 *kind, ptrdiff_t M, ptrdiff_t K, const float *X, ptrdiff_t ldx, uint8_t *rows,
                   float *row_scales);

// MARK: Half as many bytes

/// Rounds to bfloat16, to the nearest and ties to even, and widens again. A NaN stays one.
void ck_narrow(const float *numbers, uint16_t *narrow, ptrdiff_t count);
void ck_widen(const uint16_t *narrow, float *numbers, ptrdiff_t count);

// MARK: Memory and threads

/// Zeroed memory on a 64-byte boundary, large blocks with huge pages where the system offers them; null where it is
/// short.
void *ck_allocate(size_t bytes);
void ck_deallocate(void *memory, size_t bytes);

/// What a worker thread needs before its first product and must not leak into a host program's threads:
/// denormals as zero, one OpenMP thread. `ck_thread_enter` returns the former settings for `ck_thread_leave`.
typedef struct {
    uint64_t control;
    int32_t openmp_threads;
} ck_thread_settings;
ck_thread_settings ck_thread_enter(void);
void ck_thread_leave(ck_thread_settings settings);

/// Asks the CPU to have a cache line at hand soon. Any address may be named.
static inline void ck_prefetch(const void *address) { __builtin_prefetch(address); }

/// Tells the CPU that this thread is waiting in a loop.
static inline void ck_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");  // `yield` does nothing on most
#endif
}

#endif
