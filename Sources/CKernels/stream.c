/// Laying out weights for `stream_product`; the layout is drawn in stream.inc.
#include "bfloat16.h"
#include "internal.h"

enum { block = 32, half = 16, depth = 32 };

static ptrdiff_t padded(ptrdiff_t C) { return (C + block - 1) / block * block; }

size_t ck_stream_bytes(ptrdiff_t C, ptrdiff_t K, bool bf16) {
    return (size_t)(padded(C) * K) * (bf16 ? sizeof(uint16_t) : sizeof(float));
}

/// Where column c of a row stands in it.
static ptrdiff_t place(ptrdiff_t c, bool bf16) {
    ptrdiff_t within = c % block;
    return bf16 ? c - within + (within < half ? 2 * within : 2 * (within - half) + 1) : c;
}

void ck_stream_pack(ptrdiff_t C, ptrdiff_t K, ptrdiff_t first, ptrdiff_t columns, const float *weights, bool bf16,
                    void *group) {
    ptrdiff_t S = padded(C);
    // A few k at a time: a cache line of the group is filled while it is there.
    for (ptrdiff_t start = 0; start < K; start += depth) {
        ptrdiff_t end = start + depth < K ? start + depth : K;
        for (ptrdiff_t j = 0; j < columns; j++) {
            ptrdiff_t column = place(first + j, bf16);
            const float *row = weights + j * K;
            if (bf16)
                for (ptrdiff_t k = start; k < end; k++) ((uint16_t *)group)[k * S + column] = ck_bfloat16(row[k]);
            else
                for (ptrdiff_t k = start; k < end; k++) ((float *)group)[k * S + column] = row[k];
        }
    }
}
