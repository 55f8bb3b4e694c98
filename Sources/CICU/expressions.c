// Regular expressions over whole texts.

#include <stdlib.h>

#include "icu_headers.h"

struct cicu_expression {
    URegularExpression *regex;
    // The text as UTF-16, which ICU reads while it searches.
    UChar *units;
    int32_t capacity;
};

enum {
    // About a second, in ICU's steps of a millisecond or so.
    TIME_LIMIT = 1000,
    STACK_LIMIT = 16 << 20,
};

static int32_t reserve(cicu_expression *expression, int32_t count) {
    if (count <= expression->capacity) return 0;
    int32_t capacity = count < 1 << 29 ? 2 * count : count;
    UChar *units = realloc(expression->units, (size_t)capacity * sizeof *units);
    if (units == NULL) return CICU_NO_MEMORY;
    expression->units = units;
    expression->capacity = capacity;
    return 0;
}

int32_t cicu_expression_open(const uint8_t *pattern, int32_t length, cicu_expression **expression, int32_t *offset) {
    *expression = NULL;
    *offset = -1;
    cicu_expression *opened = calloc(1, sizeof *opened);
    if (opened == NULL || reserve(opened, length + 1) != 0) {
        cicu_expression_close(opened);
        return CICU_NO_MEMORY;
    }
    UErrorCode code = U_ZERO_ERROR;
    UParseError error = {.offset = -1};
    int32_t count = 0;
    u_strFromUTF8(opened->units, opened->capacity, &count, (const char *)pattern, length, &code);
    // ICU keeps a copy of the pattern.
    opened->regex = U_SUCCESS(code) ? uregex_open(opened->units, count, 0, &error, &code) : NULL;
    uregex_setTimeLimit(opened->regex, TIME_LIMIT, &code);
    uregex_setStackLimit(opened->regex, STACK_LIMIT, &code);
    if (U_FAILURE(code)) {
        *offset = error.offset;
        cicu_expression_close(opened);
        return cicu_failure(code);
    }
    *expression = opened;
    return 0;
}

void cicu_expression_close(cicu_expression *expression) {
    if (expression == NULL) return;
    uregex_close(expression->regex);
    free(expression->units);
    free(expression);
}

int32_t cicu_expression_test(cicu_expression *expression, const uint8_t *utf8, int32_t length) {
    int32_t result = reserve(expression, length + 1);
    if (result != 0) return result;
    UErrorCode code = U_ZERO_ERROR;
    int32_t count = 0;
    u_strFromUTF8(expression->units, expression->capacity, &count, (const char *)utf8, length, &code);
    uregex_setText(expression->regex, expression->units, count, &code);
    bool matches = uregex_matches(expression->regex, 0, &code);
    bool may_go_on = uregex_hitEnd(expression->regex, &code);
    if (U_FAILURE(code)) return cicu_failure(code);
    return (matches ? CICU_MATCHES : 0) | (may_go_on ? CICU_MAY_GO_ON : 0);
}
