#ifndef CCOMPRESSION_INTERNAL_H
#define CCOMPRESSION_INTERNAL_H

#include "ccompression.h"

/// One format: opens, decompresses and frees the state of its library. `decode` sets `ended` at the end of a stream.
typedef struct {
    cc_status (*open)(void **state);
    cc_status (*decode)(void *state, const uint8_t *in, size_t length, uint8_t *out, size_t capacity,
                        cc_progress *progress, bool *ended);
    /// Makes ready for a further stream.
    cc_status (*restart)(void *state);
    void (*close)(void *state);
} cc_library;

extern const cc_library cc_zlib, cc_libzstd, cc_liblzma;

/// Opens the first library of a list of names that ends with null; null where none is installed.
void *cc_dlopen(const char *const *names);

/// The address of a function of an open library, stored in a pointer to a function.
bool cc_symbol(void *library, const char *name, void *function);

#endif
