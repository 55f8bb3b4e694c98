// gzip by zlib. The declarations are those of zlib.h, whose interface has not changed since 1.2.

#include <pthread.h>
#include <stdlib.h>

#include "internal.h"

typedef struct {
    const uint8_t *next_in;
    unsigned avail_in;
    unsigned long total_in;
    uint8_t *next_out;
    unsigned avail_out;
    unsigned long total_out;
    const char *msg;
    void *state;
    void *(*zalloc)(void *, unsigned, unsigned);
    void (*zfree)(void *, void *);
    void *opaque;
    int data_type;
    unsigned long adler, reserved;
} z_stream;

enum { Z_OK = 0, Z_STREAM_END = 1, Z_MEM_ERROR = -4, Z_BUF_ERROR = -5, GZIP_ONLY = 15 + 16 };

static struct {
    bool is_open;
    const char *(*version)(void);
    int (*init)(z_stream *, int window_bits, const char *version, int size);
    int (*inflate)(z_stream *, int flush);
    int (*reset)(z_stream *);
    int (*end)(z_stream *);
} zlib;

static void load(void) {
    static const char *const names[] = {"libz.so.1", "libz.so", "libz.1.dylib", NULL};
    void *library = cc_dlopen(names);
    zlib.is_open = library && cc_symbol(library, "zlibVersion", &zlib.version) &&
                   cc_symbol(library, "inflateInit2_", &zlib.init) && cc_symbol(library, "inflate", &zlib.inflate) &&
                   cc_symbol(library, "inflateReset", &zlib.reset) && cc_symbol(library, "inflateEnd", &zlib.end);
}

static cc_status zlib_open(void **state) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    if (!zlib.is_open) return CC_MISSING;
    z_stream *stream = calloc(1, sizeof *stream);
    if (!stream) return CC_MEMORY;
    if (zlib.init(stream, GZIP_ONLY, zlib.version(), sizeof *stream) != Z_OK) {
        free(stream);
        return CC_MEMORY;
    }
    *state = stream;
    return CC_OK;
}

static cc_status zlib_decode(void *state, const uint8_t *in, size_t length, uint8_t *out, size_t capacity,
                             cc_progress *progress, bool *ended) {
    z_stream *stream = state;
    unsigned most = 1u << 30;
    stream->next_in = in;
    stream->avail_in = length < most ? (unsigned)length : most;
    stream->next_out = out;
    stream->avail_out = capacity < most ? (unsigned)capacity : most;
    int result = zlib.inflate(stream, 0);
    progress->read = (size_t)(stream->next_in - in);
    progress->written = (size_t)(stream->next_out - out);
    *ended = result == Z_STREAM_END;
    if (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR) return CC_OK;
    return result == Z_MEM_ERROR ? CC_MEMORY : CC_DAMAGED;
}

static cc_status zlib_restart(void *state) { return zlib.reset(state) == Z_OK ? CC_OK : CC_DAMAGED; }

static void zlib_close(void *state) {
    zlib.end(state);
    free(state);
}

const cc_library cc_zlib = {zlib_open, zlib_decode, zlib_restart, zlib_close};
