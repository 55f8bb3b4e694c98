// Grapheme clusters and words: ICU's break iterator over UTF-8, and the properties that tell where it is not needed.

#include <stdlib.h>

#include "icu_headers.h"

struct cicu_breaker {
    UBreakIterator *iterator;
    UText text;
};

int32_t cicu_breaker_open(cicu_breaks breaks, cicu_breaker **breaker) {
    *breaker = NULL;
    cicu_breaker *opened = malloc(sizeof *opened);
    if (opened == NULL) return CICU_NO_MEMORY;
    opened->text = (UText)UTEXT_INITIALIZER;
    UErrorCode code = U_ZERO_ERROR;
    UBreakIteratorType type = breaks == CICU_WORDS ? UBRK_WORD : UBRK_CHARACTER;
    // The root locale: the same breaks on every machine, whatever its language.
    opened->iterator = ubrk_open(type, "root", NULL, 0, &code);
    if (U_FAILURE(code)) {
        free(opened);
        return cicu_failure(code);
    }
    *breaker = opened;
    return 0;
}

void cicu_breaker_close(cicu_breaker *breaker) {
    if (breaker == NULL) return;
    ubrk_close(breaker->iterator);
    utext_close(&breaker->text);
    free(breaker);
}

int32_t cicu_breaker_find(cicu_breaker *breaker, const uint8_t *utf8, int32_t length, int32_t *ends, int32_t capacity) {
    UErrorCode code = U_ZERO_ERROR;
    utext_openUTF8(&breaker->text, (const char *)utf8, length, &code);
    ubrk_setUText(breaker->iterator, &breaker->text, &code);
    if (U_FAILURE(code)) return cicu_failure(code);
    int32_t count = 0;
    while (count < capacity) {
        int32_t end = ubrk_next(breaker->iterator);
        if (end == UBRK_DONE) break;
        ends[count++] = end;
    }
    return count;
}

// Precomposed Hangul syllables (LV, LVT) are plain: only a jamo can join them (GB6-GB8).
static bool is_plain(int32_t cluster_break) {
    switch (cluster_break) {
    case U_GCB_OTHER:
    case U_GCB_CONTROL:
    case U_GCB_LF:
    case U_GCB_LV:
    case U_GCB_LVT: return true;
    default: return false;
    }
}

// An opener joins nothing to its left but a prepended mark (GB9b): it is no mark and no jamo, no pictograph (GB11) and
// no letter of an Indic conjunct (GB9c).
static bool is_opener(uint32_t scalar, int32_t cluster_break) {
    switch (cluster_break) {
    case U_GCB_OTHER:
    case U_GCB_CONTROL:
    case U_GCB_CR:
    case U_GCB_LF: break;
    default: return false;
    }
    if (scalar < 0x80) return true;
    return !u_hasBinaryProperty((UChar32)scalar, UCHAR_EXTENDED_PICTOGRAPHIC) &&
           u_getIntPropertyValue((UChar32)scalar, UCHAR_INDIC_SYLLABIC_CATEGORY) == U_INSC_OTHER;
}

// Joiners join what follows, too, where it is of the right kind: ZWJ (GB11), and the marks between the letters of an
// Indic conjunct (GB9c).
static bool is_joiner(uint32_t scalar, int32_t cluster_break) {
    if (cluster_break == U_GCB_ZWJ) return true;
    int32_t category = u_getIntPropertyValue((UChar32)scalar, UCHAR_INDIC_SYLLABIC_CATEGORY);
    return category == U_INSC_VIRAMA || category == U_INSC_INVISIBLE_STACKER;
}

static uint8_t grapheme_class(uint32_t scalar) {
    int32_t cluster_break = u_getIntPropertyValue((UChar32)scalar, UCHAR_GRAPHEME_CLUSTER_BREAK);
    int class = (is_plain(cluster_break) ? CICU_PLAIN : 0) | (is_opener(scalar, cluster_break) ? CICU_OPENER : 0);
    switch (cluster_break) {
    case U_GCB_PREPEND: return (uint8_t)(class | CICU_BINDER);
    case U_GCB_CR: return (uint8_t)(class | CICU_BINDER | CICU_CONTROL);
    case U_GCB_LF:
    case U_GCB_CONTROL: return (uint8_t)(class | CICU_CONTROL);
    case U_GCB_EXTEND:
    case U_GCB_ZWJ:
    case U_GCB_SPACING_MARK: return (uint8_t)(class | CICU_JOINS | (is_joiner(scalar, cluster_break) ? 0 : CICU_MARK));
    default: return (uint8_t) class;
    }
}

void cicu_grapheme_classes(uint8_t *classes, uint32_t count) {
    for (uint32_t scalar = 0; scalar < count; scalar++) classes[scalar] = grapheme_class(scalar);
}
