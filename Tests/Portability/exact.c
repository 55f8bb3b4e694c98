/// Prints a digest of what each exact kernel makes of the same numbers, a line for each kernel and instruction set.
/// `Scripts/check-arm` compares those of several CPUs.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ckernels.h"

/// SplitMix64, as floats in −range … range.
static uint64_t state;
static float number(float range) {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return ((float)((z ^ z >> 31) >> 40) * 0x1p-23f - 1) * range;
}

static float *numbers(ptrdiff_t count, float range) {
    float *all = malloc((size_t)count * sizeof(float));
    if (!all) abort();
    for (ptrdiff_t i = 0; i < count; i++) all[i] = number(range);
    return all;
}

/// FNV-1a of the bytes.
static void print(const char *kernel, const char *set, const float *values, ptrdiff_t count) {
    uint64_t digest = 0xcbf29ce484222325;
    for (size_t i = 0; i < (size_t)count * sizeof(float); i++)
        digest = (digest ^ ((const unsigned char *)values)[i]) * 0x100000001b3;
    printf("%s %s %016llx\n", kernel, set, (unsigned long long)digest);
}

enum { rows = 5, H = 203, K = 301, C = 120 };

static void gates(const ck_kernels *table) {
    const ck_exact_kernels *exact = table->exact;
    state = 1;
    float *projected = numbers(rows * 4 * H, 12), *recurrent = numbers(rows * 4 * H, 4), *h = numbers(rows * H, 1);
    float *gain = numbers(4 * H, 1), *out = numbers(rows * 4 * H, 0), *cell = numbers(rows * H, 3);
    float *hidden = numbers(rows * H, 0);
    for (int step = 0; step < 20; step++)
        exact->lstm_forward(rows, H, projected, NULL, recurrent, cell, out, cell, hidden);
    print("lstm", table->name, hidden, rows * H);
    exact->rnn_forward(rows, H, false, projected, NULL, recurrent, out, hidden);
    print("rnn", table->name, hidden, rows * H);
    exact->gru_forward(rows, H, projected, NULL, recurrent, gain, h, out, hidden);
    print("gru", table->name, hidden, rows * H);
    exact->exp(rows * 4 * H, projected, out);
    print("exp", table->name, out, rows * 4 * H);
    exact->layer_norm(rows, 4 * H, projected, gain);
    print("norm", table->name, projected, rows * 4 * H);
    float *lists[] = {projected, recurrent, h, gain, out, cell, hidden};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) free(lists[i]);
}

static void floats(const ck_kernels *table) {
    state = 2;
    float *weights = numbers(C * K, 1), *X = numbers(rows * K, 1), *Y = numbers(rows * C, 0);
    void *group = calloc(1, ck_stream_bytes(C, K, false));
    if (!group) abort();
    ck_stream_pack(C, K, 0, C, weights, false, group);
    table->exact->stream_product(rows, C, K, group, false, X, K, Y, C, false);
    print("float-product", table->name, Y, rows * C);
    free(group), free(weights), free(X), free(Y);
}

static void integers(const ck_int8 *kind) {
    state = 3;
    float *weights = numbers(C * K, 1), *X = numbers(rows * K, 1), *Y = numbers(rows * C, 0), scales[rows];
    void *group = calloc(1, ck_int8_bytes(C, K));
    uint8_t *rounded = malloc((size_t)(rows * ck_int8_row_bytes(K)));
    if (!group || !rounded) abort();
    ck_int8_pack(C, K, 0, C, weights, group);
    ck_int8_round(kind, rows, K, X, K, rounded, scales);
    kind->product(rows, C, K, group, rounded, scales, Y, C);
    print("int8-product", kind->name, Y, rows * C);
    free(group), free(rounded), free(weights), free(X), free(Y);
}

int main(void) {
    ck_thread_enter();
    for (int isa = CK_PLAIN; isa <= CK_AVX512; isa++) {
        const ck_kernels *table = ck_kernels_for((ck_isa)isa);
        if (table) gates(table), floats(table);
    }
    const char *names[] = {"plain", "neon", "avx2", "avx512"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ck_int8_for(names[i])) integers(ck_int8_for(names[i]));
    return 0;
}
