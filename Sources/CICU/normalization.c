// Normalization of UTF-8 by way of UTF-16: ICU's C functions (the only ones on macOS) know no other form.

#include <stdlib.h>
#include <string.h>

#include "icu_headers.h"

// ICU's normalizer for a form: a shared constant, not to be closed.
static const UNormalizer2 *instance(cicu_form form, UErrorCode *code) {
    switch (form) {
    case CICU_NFC: return unorm2_getNFCInstance(code);
    case CICU_NFD: return unorm2_getNFDInstance(code);
    case CICU_NFKC: return unorm2_getNFKCInstance(code);
    case CICU_NFKD: return unorm2_getNFKDInstance(code);
    case CICU_NFKC_CASEFOLD: return unorm2_getNFKCCasefoldInstance(code);
    }
    *code = U_ILLEGAL_ARGUMENT_ERROR;
    return NULL;
}

bool cicu_has_boundary_before(cicu_form form, uint32_t scalar) {
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = instance(form, &code);
    return U_SUCCESS(code) && unorm2_hasBoundaryBefore(normalizer, (UChar32)scalar);
}

uint8_t cicu_combining_class(uint32_t scalar) { return u_getCombiningClass((UChar32)scalar); }

// Normalizes `source` and writes it as UTF-8, in a buffer of its own that is as large as ICU says is needed.
static int32_t write_normalized(const UNormalizer2 *normalizer, const UChar *source, int32_t source_length,
                                uint8_t *out, int32_t capacity) {
    UErrorCode code = U_ZERO_ERROR;
    int32_t room = source_length < INT32_MAX / 2 - 16 ? source_length * 2 + 16 : INT32_MAX;
    UChar *normalized = NULL;
    int32_t length = 0;
    for (int attempt = 0; attempt < 2; attempt++) {
        UChar *larger = realloc(normalized, (size_t)room * sizeof(UChar));
        if (larger == NULL) {
            free(normalized);
            return CICU_NO_MEMORY;
        }
        normalized = larger;
        code = U_ZERO_ERROR;
        length = unorm2_normalize(normalizer, source, source_length, normalized, room, &code);
        if (code != U_BUFFER_OVERFLOW_ERROR) break;
        room = length;
    }
    int32_t result = cicu_failure(code);
    if (U_SUCCESS(code)) {
        code = U_ZERO_ERROR;
        u_strToUTF8((char *)out, capacity, &result, normalized, length, &code);
        if (U_FAILURE(code) && code != U_BUFFER_OVERFLOW_ERROR) result = cicu_failure(code);
    }
    free(normalized);
    return result;
}

int32_t cicu_normalize(cicu_form form, const uint8_t *utf8, int32_t length, uint8_t *out, int32_t capacity) {
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = instance(form, &code);
    if (U_FAILURE(code)) return cicu_failure(code);
    // UTF-16 never has more units than UTF-8 has bytes.
    UChar *source = malloc(((size_t)length + 1) * sizeof(UChar));
    if (source == NULL) return CICU_NO_MEMORY;
    int32_t source_length = 0;
    u_strFromUTF8(source, length + 1, &source_length, (const char *)utf8, length, &code);
    int32_t result = code == U_INVALID_CHAR_FOUND ? CICU_ILL_FORMED : cicu_failure(code);
    if (U_SUCCESS(code)) {
        code = U_ZERO_ERROR;
        bool normal = unorm2_isNormalized(normalizer, source, source_length, &code);
        result = normal ? CICU_ALREADY_NORMAL : write_normalized(normalizer, source, source_length, out, capacity);
    }
    free(source);
    return result;
}
