// The formats behind one interface, and streams that follow each other.

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

struct cc_decoder {
    const cc_library *library;
    void *state;
    /// Whether a stream has ended and nothing followed so far but zeros, which tapes and archives add.
    bool is_between;
};

void *cc_dlopen(const char *const *names) {
    void *library = NULL;
    for (; *names && !library; names++) library = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
    return library;
}

bool cc_symbol(void *library, const char *name, void *function) {
    void *found = dlsym(library, name);
    // POSIX lets an address of dlsym be a function's; C has no conversion for it.
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

cc_decoder *cc_open(cc_format format, cc_status *status) {
    const cc_library *library = format == CC_GZIP ? &cc_zlib : format == CC_ZSTD ? &cc_libzstd : &cc_liblzma;
    cc_decoder *decoder = calloc(1, sizeof *decoder);
    *status = decoder ? library->open(&decoder->state) : CC_MEMORY;
    if (*status != CC_OK) {
        free(decoder);
        return NULL;
    }
    decoder->library = library;
    return decoder;
}

cc_status cc_decode(cc_decoder *decoder, const uint8_t *in, size_t length, uint8_t *out, size_t capacity,
                    cc_progress *progress) {
    memset(progress, 0, sizeof *progress);
    while (progress->read < length || !decoder->is_between) {
        if (decoder->is_between) {
            if (in[progress->read] == 0) {
                progress->read++;
                continue;
            }
            cc_status status = decoder->library->restart(decoder->state);
            if (status != CC_OK) return status;
            decoder->is_between = false;
        }
        cc_progress part = {0};
        cc_status status = decoder->library->decode(decoder->state, in + progress->read, length - progress->read,
                                                    out + progress->written, capacity - progress->written, &part,
                                                    &decoder->is_between);
        progress->read += part.read;
        progress->written += part.written;
        if (status != CC_OK) return status;
        if (part.read == 0 && part.written == 0 && !decoder->is_between) break;
        if (progress->written == capacity) break;
    }
    progress->is_complete = decoder->is_between && progress->read == length;
    return CC_OK;
}

void cc_close(cc_decoder *decoder) {
    if (!decoder) return;
    decoder->library->close(decoder->state);
    free(decoder);
}
