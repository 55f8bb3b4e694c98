// Names: of scalars, of errors, of versions.

#include <string.h>

#include "icu_headers.h"

/// What is wrong with a regular expression or with a search for it, in words; NULL for other failures.
static const char *expression_error(UErrorCode code) {
    switch (code) {
    case U_REGEX_RULE_SYNTAX: return "a mistake in its syntax";
    case U_REGEX_BAD_ESCAPE_SEQUENCE: return "an unknown escape sequence";
    case U_REGEX_PROPERTY_SYNTAX: return "an unknown property";
    case U_REGEX_UNIMPLEMENTED: return "something that is not supported";
    case U_REGEX_MISMATCHED_PAREN: return "a parenthesis without its partner";
    case U_REGEX_MISSING_CLOSE_BRACKET: return "a [ without its ]";
    case U_REGEX_NUMBER_TOO_BIG: return "a number that is too large";
    case U_REGEX_BAD_INTERVAL: return "a mistake in the numbers between { and }";
    case U_REGEX_MAX_LT_MIN: return "a second number below the first between { and }";
    case U_REGEX_INVALID_BACK_REF: return "a reference to a group that it does not have";
    case U_REGEX_INVALID_FLAG: return "an unknown flag";
    case U_REGEX_LOOK_BEHIND_LIMIT: return "a look-behind of unlimited length";
    case U_REGEX_INVALID_RANGE: return "a range whose end comes before its beginning";
    case U_REGEX_INVALID_CAPTURE_GROUP_NAME: return "a name that a group cannot have";
    case U_REGEX_PATTERN_TOO_BIG: return "more of it than fits";
    case U_REGEX_TIME_OUT: return "it takes too long";
    case U_REGEX_STACK_OVERFLOW: return "it takes too much memory";
    default: return NULL;
    }
}

const char *cicu_error_name(int32_t result) {
    if (result == CICU_NO_MEMORY) return "out of memory";
    if (result == CICU_ALREADY_NORMAL) return "already normal";
    if (result == CICU_ILL_FORMED) return "not UTF-8";
    UErrorCode code = (UErrorCode)(CICU_ICU_ERROR - result);
    const char *words = expression_error(code);
    return words ? words : u_errorName(code);
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
