// Encodings: ICU's converters to UTF-8 by way of UTF-16, their names, and ICU's detector.

#include <stdlib.h>
#include <string.h>

#include "icu_headers.h"

enum { UNIT_COUNT = 4096 };

struct cicu_converter {
    UConverter *converter;
    // UTF-16 on its way; a lead surrogate whose trail is still to come waits at the start.
    UChar units[UNIT_COUNT + 1];
    int32_t held;
};

// Leaves ICU's error as it is, so that conversion stops, except for shifts of ISO 2022 and HZ without text between
// them, which ICU reports although they occur in files: they were acted upon already.
static void U_CALLCONV stop(const void *context, UConverterToUnicodeArgs *args, const char *bytes, int32_t length,
                            UConverterCallbackReason reason, UErrorCode *code) {
    (void)context, (void)args, (void)bytes, (void)length;
    if (reason == UCNV_IRREGULAR) *code = U_ZERO_ERROR;
}

int32_t cicu_converter_open(const char *name, cicu_converter **converter) {
    *converter = NULL;
    // ICU takes no name for the name of the machine's own encoding.
    if (name[0] == 0) return cicu_failure(U_ILLEGAL_ARGUMENT_ERROR);
    cicu_converter *opened = malloc(sizeof *opened);
    if (opened == NULL) return CICU_NO_MEMORY;
    opened->held = 0;
    UErrorCode code = U_ZERO_ERROR;
    opened->converter = ucnv_open(name, &code);
    if (U_SUCCESS(code)) ucnv_setToUCallBack(opened->converter, stop, NULL, NULL, NULL, &code);
    if (U_FAILURE(code)) {
        cicu_converter_close(opened);
        return cicu_failure(code);
    }
    *converter = opened;
    return 0;
}

void cicu_converter_close(cicu_converter *converter) {
    if (converter == NULL) return;
    ucnv_close(converter->converter);
    free(converter);
}

// Writes the units as UTF-8, except a lead surrogate at the end, which is held for its trail unless `is_end`.
static int32_t write_units(cicu_converter *converter, int32_t count, bool is_end, uint8_t *out, int32_t capacity) {
    UChar *units = converter->units;
    int32_t held = !is_end && count > 0 && U16_IS_LEAD(units[count - 1]) ? 1 : 0;
    UErrorCode code = U_ZERO_ERROR;
    int32_t length = 0, replaced = 0;
    u_strToUTF8WithSub((char *)out, capacity, &length, units, count - held, 0xFFFD, &replaced, &code);
    if (held > 0) units[0] = units[count - 1];
    converter->held = held;
    return U_FAILURE(code) ? cicu_failure(code) : length;
}

// Converts until the units are full, the source ends or bytes mean nothing; sets all but `read` of the progress.
static int32_t read_units(cicu_converter *converter, const char **source, const char *end, bool is_end, uint8_t *out,
                          int32_t capacity, cicu_progress *progress) {
    UErrorCode code = U_ZERO_ERROR;
    UChar *target = converter->units + converter->held;
    ucnv_toUnicode(converter->converter, &target, converter->units + UNIT_COUNT + 1, source, end, NULL, is_end, &code);
    progress->is_done = U_SUCCESS(code);
    if (code == U_INVALID_CHAR_FOUND || code == U_ILLEGAL_CHAR_FOUND || code == U_TRUNCATED_CHAR_FOUND ||
        code == U_ILLEGAL_ESCAPE_SEQUENCE || code == U_UNSUPPORTED_ESCAPE_SEQUENCE) {
        int8_t count = (int8_t)sizeof progress->invalid;
        code = U_ZERO_ERROR;
        ucnv_getInvalidChars(converter->converter, (char *)progress->invalid, &count, &code);
        progress->invalid_count = count;
        progress->ahead_count = ucnv_toUCountPending(converter->converter, &code);
    }
    if (U_FAILURE(code) && code != U_BUFFER_OVERFLOW_ERROR) return cicu_failure(code);
    bool is_last = is_end && progress->is_done;
    int32_t count = (int32_t)(target - converter->units);
    int32_t length = write_units(converter, count, is_last, out + progress->written, capacity - progress->written);
    if (length > 0) progress->written += length;
    return length < 0 ? length : 0;
}

int32_t cicu_converter_read(cicu_converter *converter, const uint8_t *source, int32_t length, bool is_end, uint8_t *out,
                            int32_t capacity, cicu_progress *progress) {
    memset(progress, 0, sizeof *progress);
    const char *next = (const char *)source, *end = next + length;
    int32_t result = 0;
    while (result == 0 && !progress->is_done && progress->invalid_count == 0 &&
           capacity - progress->written >= CICU_CONVERTER_ROOM) {
        result = read_units(converter, &next, end, is_end, out, capacity, progress);
    }
    progress->read = (int32_t)(next - (const char *)source);
    return result;
}

// Whether ICU takes both names for the same encoding.
static bool is_same_encoding(const char *one, const char *other) {
    UErrorCode code = U_ZERO_ERROR;
    const char *first = ucnv_getAlias(one, 0, &code);
    const char *second = ucnv_getAlias(other, 0, &code);
    return U_SUCCESS(code) && first != NULL && second != NULL && strcmp(first, second) == 0;
}

int32_t cicu_encoding_name(const char *name, char *out, int32_t capacity) {
    if (name[0] == 0) return cicu_failure(U_ILLEGAL_ARGUMENT_ERROR);
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(name, &code);
    const char *usual = U_SUCCESS(code) ? ucnv_getName(converter, &code) : NULL;
    // ICU's converters of X11's compound text and of BOCU-1 lose their place where a part ends inside an escape sequence or
    // at bytes that are invalid: what they make of a text depends on how it is read. No text files are in them.
    if (U_SUCCESS(code)) {
        UConverterType type = ucnv_getType(converter);
        if (type == UCNV_COMPOUND_TEXT || type == UCNV_BOCU1) code = U_UNSUPPORTED_ERROR;
    }
    if (U_FAILURE(code)) {
        ucnv_close(converter);
        return cicu_failure(code);
    }
    const char *own = usual;
    const char *standards[] = {"IANA", "MIME"};
    for (int index = 0; index < 2; index++) {
        UErrorCode ignored = U_ZERO_ERROR;
        const char *standard = ucnv_getStandardName(own, standards[index], &ignored);
        if (standard != NULL && is_same_encoding(standard, own)) usual = standard;
    }
    int32_t length = (int32_t)strlen(usual);
    if (length < capacity) memcpy(out, usual, (size_t)length + 1);
    ucnv_close(converter);
    return length < capacity ? length : cicu_failure(U_BUFFER_OVERFLOW_ERROR);
}

const char *cicu_encoding_alias(int32_t encoding, int32_t alias) {
    UErrorCode code = U_ZERO_ERROR;
    if (encoding >= ucnv_countAvailable()) return NULL;
    const char *name = ucnv_getAvailableName(encoding);
    if (alias >= ucnv_countAliases(name, &code)) return NULL;
    return ucnv_getAlias(name, (uint16_t)alias, &code);
}

int32_t cicu_guess_encoding(const uint8_t *bytes, int32_t length, cicu_guess *guesses, int32_t capacity) {
    UErrorCode code = U_ZERO_ERROR;
    UCharsetDetector *detector = ucsdet_open(&code);
    ucsdet_setText(detector, (const char *)bytes, length, &code);
    int32_t found = 0, count = 0;
    const UCharsetMatch **matches = ucsdet_detectAll(detector, &found, &code);
    for (int32_t index = 0; U_SUCCESS(code) && index < found && count < capacity; index++) {
        const char *name = ucsdet_getName(matches[index], &code);
        int32_t confidence = ucsdet_getConfidence(matches[index], &code);
        if (U_FAILURE(code) || strlen(name) >= sizeof guesses->name) break;
        strcpy(guesses[count].name, name);
        guesses[count++].confidence = confidence;
    }
    ucsdet_close(detector);
    return U_FAILURE(code) ? cicu_failure(code) : count;
}
