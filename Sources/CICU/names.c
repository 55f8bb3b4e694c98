// Names: of scalars, of errors, of versions.

#include <string.h>

#include "icu_headers.h"

const char *cicu_error_name(int32_t result) {
    if (result == CICU_NO_MEMORY) return "out of memory";
    if (result == CICU_ALREADY_NORMAL) return "already normal";
    if (result == CICU_ILL_FORMED) return "not UTF-8";
    return u_errorName((UErrorCode)(CICU_ICU_ERROR - result));
}

int32_t cicu_version(char *out) {
    UVersionInfo version;
    u_getVersion(version);
    u_versionToString(version, out);
    return (int32_t)strlen(out);
}

int32_t cicu_unicode_version(char *out) {
    UVersionInfo version;
    u_getUnicodeVersion(version);
    u_versionToString(version, out);
    return (int32_t)strlen(out);
}

int32_t cicu_scalar_name(uint32_t scalar, char *out, int32_t capacity) {
    UErrorCode code = U_ZERO_ERROR;
    int32_t length = u_charName((UChar32)scalar, U_EXTENDED_CHAR_NAME, out, capacity, &code);
    if (U_FAILURE(code)) return cicu_failure(code);
    return length < capacity ? length : capacity - 1;
}

const char *cicu_script_name(uint32_t scalar) {
    UErrorCode code = U_ZERO_ERROR;
    const char *name =
        u_getPropertyValueName(UCHAR_SCRIPT, uscript_getScript((UChar32)scalar, &code), U_LONG_PROPERTY_NAME);
    return name != NULL ? name : "Unknown";
}

const char *cicu_category_name(uint32_t scalar) {
    const char *name =
        u_getPropertyValueName(UCHAR_GENERAL_CATEGORY, u_charType((UChar32)scalar), U_LONG_PROPERTY_NAME);
    return name != NULL ? name : "Unassigned";
}
