// Sets of scalars, written as patterns.

#include <stdlib.h>

#include "icu_headers.h"

int32_t cicu_set_ranges(const uint8_t *pattern, int32_t length, uint32_t *bounds, int32_t capacity) {
    // A UTF-8 text has at least as many bytes as UTF-16 has units.
    UChar *units = malloc(((size_t)length + 1) * sizeof *units);
    if (units == NULL) return CICU_NO_MEMORY;
    UErrorCode code = U_ZERO_ERROR;
    int32_t unit_count = 0;
    u_strFromUTF8(units, length + 1, &unit_count, (const char *)pattern, length, &code);
    USet *set = U_SUCCESS(code) ? uset_openPattern(units, unit_count, &code) : NULL;
    free(units);
    if (U_FAILURE(code)) {
        uset_close(set);
        return cicu_failure(code);
    }
    int32_t count = 0;
    for (int32_t item = 0; item < uset_getItemCount(set); item++) {
        UChar32 first, last;
        UErrorCode item_code = U_ZERO_ERROR;
        // A positive result is the length of a string.
        if (uset_getItem(set, item, &first, &last, NULL, 0, &item_code) != 0) continue;
        if (count + 2 <= capacity) {
            bounds[count] = (uint32_t)first;
            bounds[count + 1] = (uint32_t)last;
        }
        count += 2;
    }
    uset_close(set);
    return count;
}
