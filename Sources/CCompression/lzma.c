// xz by liblzma. The declarations are those of lzma/base.h and lzma/container.h, whose interface is that of version 5.

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

typedef struct {
    const uint8_t *next_in;
    size_t avail_in;
    uint64_t total_in;
    uint8_t *next_out;
    size_t avail_out;
    uint64_t total_out;
    const void *allocator;
    void *internal;
    void *reserved_pointers[4];
    uint64_t reserved_numbers[2];
    size_t reserved_sizes[2];
    int reserved_choices[2];
} lzma_stream;

enum { LZMA_OK = 0, LZMA_STREAM_END = 1, LZMA_MEM_ERROR = 5, LZMA_MEMLIMIT_ERROR = 6, LZMA_BUF_ERROR = 10 };

static struct {
    bool is_open;
    int (*decoder)(lzma_stream *, uint64_t memory_limit, uint32_t flags);
    int (*code)(lzma_stream *, int action);
    void (*end)(lzma_stream *);
} lzma;

static void load(void) {
    static const char *const names[] = {"liblzma.so.5", "liblzma.5.dylib", "/opt/homebrew/lib/liblzma.5.dylib",
                                        "/usr/local/lib/liblzma.5.dylib", NULL};
    void *library = cc_dlopen(names);
    lzma.is_open = library && cc_symbol(library, "lzma_stream_decoder", &lzma.decoder) &&
                   cc_symbol(library, "lzma_code", &lzma.code) && cc_symbol(library, "lzma_end", &lzma.end);
}

static cc_status lzma_restart(void *state) {
    return lzma.decoder(state, (uint64_t)512 << 20, 0) == LZMA_OK ? CC_OK : CC_MEMORY;
}

static cc_status lzma_open(void **state) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    if (!lzma.is_open) return CC_MISSING;
    *state = calloc(1, sizeof(lzma_stream));
    return *state ? lzma_restart(*state) : CC_MEMORY;
}

static cc_status lzma_decode(void *state, const uint8_t *in, size_t length, uint8_t *out, size_t capacity,
                             cc_progress *progress, bool *ended) {
    lzma_stream *stream = state;
    stream->next_in = in;
    stream->avail_in = length;
    stream->next_out = out;
    stream->avail_out = capacity;
    int result = lzma.code(stream, 0);
    progress->read = length - stream->avail_in;
    progress->written = capacity - stream->avail_out;
    *ended = result == LZMA_STREAM_END;
    if (result == LZMA_OK || result == LZMA_STREAM_END || result == LZMA_BUF_ERROR) return CC_OK;
    return result == LZMA_MEM_ERROR || result == LZMA_MEMLIMIT_ERROR ? CC_MEMORY : CC_DAMAGED;
}

static void lzma_close(void *state) {
    lzma.end(state);
    free(state);
}

const cc_library cc_liblzma = {lzma_open, lzma_decode, lzma_restart, lzma_close};
