/// Decompression of gzip, zstd and xz by zlib, libzstd and liblzma, which are opened when they are first needed, so that
/// neither building nor starting needs them.
#ifndef CCOMPRESSION_H
#define CCOMPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { CC_GZIP, CC_ZSTD, CC_XZ } cc_format;

typedef enum {
    CC_OK,
    /// The library is not installed.
    CC_MISSING,
    /// The data is damaged.
    CC_DAMAGED,
    /// More memory is needed than there is, or than the limit of 512 MB.
    CC_MEMORY,
} cc_status;

typedef struct cc_decoder cc_decoder;

/// What a call of cc_decode did.
typedef struct {
    size_t read, written;
    /// Whether the data may end here: a stream has ended and no other has begun.
    bool is_complete;
} cc_progress;

/// A decoder at the beginning of compressed data; null, with the reason in `status`, where there can be none.
cc_decoder *cc_open(cc_format format, cc_status *status);

/// Decompresses from `in` to `out`, as much as fits; several streams in a row are one text, as the tools have it.
cc_status cc_decode(cc_decoder *decoder, const uint8_t *in, size_t length, uint8_t *out, size_t capacity,
                    cc_progress *progress);

/// Frees a decoder; null is ignored.
void cc_close(cc_decoder *decoder);

#endif
