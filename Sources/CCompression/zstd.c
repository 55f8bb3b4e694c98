// zstd by libzstd. The declarations are those of zstd.h that are stable since 1.3.

#include <pthread.h>
#include <stdlib.h>

#include "internal.h"

typedef struct {
    const void *src;
    size_t size, pos;
} zstd_in;

typedef struct {
    void *dst;
    size_t size, pos;
} zstd_out;

static struct {
    bool is_open;
    void *(*create)(void);
    size_t (*init)(void *);
    size_t (*decompress)(void *, zstd_out *, zstd_in *);
    unsigned (*is_error)(size_t);
    size_t (*release)(void *);
} zstd;

static void load(void) {
    static const char *const names[] = {"libzstd.so.1", "libzstd.1.dylib", "/opt/homebrew/lib/libzstd.1.dylib",
                                        "/usr/local/lib/libzstd.1.dylib", NULL};
    void *library = cc_dlopen(names);
    zstd.is_open = library && cc_symbol(library, "ZSTD_createDStream", &zstd.create) &&
                   cc_symbol(library, "ZSTD_initDStream", &zstd.init) &&
                   cc_symbol(library, "ZSTD_decompressStream", &zstd.decompress) &&
                   cc_symbol(library, "ZSTD_isError", &zstd.is_error) &&
                   cc_symbol(library, "ZSTD_freeDStream", &zstd.release);
}

static cc_status zstd_open(void **state) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    if (!zstd.is_open) return CC_MISSING;
    // The library refuses windows of more than 128 MB, so memory is bounded.
    *state = zstd.create();
    return *state && !zstd.is_error(zstd.init(*state)) ? CC_OK : CC_MEMORY;
}

static cc_status zstd_decode(void *state, const uint8_t *in, size_t length, uint8_t *out, size_t capacity,
                             cc_progress *progress, bool *ended) {
    // The library does not say how far it came before damage: small pieces do.
    size_t most = 4096;
    zstd_in source = {in, length < most ? length : most, 0};
    zstd_out target = {out, capacity, 0};
    size_t result = zstd.decompress(state, &target, &source);
    progress->read = source.pos;
    progress->written = target.pos;
    if (zstd.is_error(result)) return CC_DAMAGED;
    *ended = result == 0;
    return CC_OK;
}

static cc_status zstd_restart(void *state) { return zstd.is_error(zstd.init(state)) ? CC_DAMAGED : CC_OK; }

static void zstd_close(void *state) { zstd.release(state); }

const cc_library cc_libzstd = {zstd_open, zstd_decode, zstd_restart, zstd_close};
