// CICU: the few things charlm asks of ICU, in types of its own.
//
// This header includes none of ICU's headers, so that a Swift module can import it beside Foundation (whose own ICU
// declares the same type names), and so that no name here carries ICU's version (`ubrk_open_72`).
//
// All text is UTF-8 with a length in bytes, never terminated by NUL; offsets are byte offsets. Every function may be
// called from several threads at once, except that one `cicu_breaker` serves one thread at a time.
// A negative result is one of the outcomes below, or `CICU_ICU_ERROR - e` for ICU's error code e (see cicu_error_name).

#ifndef CICU_H
#define CICU_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  // The text was already in the normalization form asked for; nothing was written.
  CICU_ALREADY_NORMAL = -1,
  // Memory ran out.
  CICU_NO_MEMORY = -2,
  // ICU reported error e: the result is CICU_ICU_ERROR - e.
  CICU_ICU_ERROR = -100,
};

// The name of the error behind a negative result, such as "U_MISSING_RESOURCE_ERROR". Never NULL; static storage.
const char *cicu_error_name(int32_t result);

// ICU's version, such as "72.1", into `out`, at least 20 bytes. Returns its length.
int32_t cicu_version(char *out);

// The version of Unicode that ICU follows, such as "15.0", into `out`, at least 20 bytes. Returns its length.
int32_t cicu_unicode_version(char *out);

// MARK: Grapheme clusters and words

// What is between two breaks.
typedef enum {
  // A grapheme cluster.
  CICU_GRAPHEMES = 0,
  // A word, a run of spaces, or a single mark between them: UAX #29's word boundaries, and ICU's dictionaries for Thai,
  // Lao, Khmer, Burmese, Chinese and Japanese.
  CICU_WORDS = 1,
} cicu_breaks;

// An open break iterator (ICU's root rules), owned by the caller, for one thread at a time.
typedef struct cicu_breaker cicu_breaker;

// Opens a break iterator. Returns 0 and sets *breaker, or a negative result and sets *breaker to NULL.
int32_t cicu_breaker_open(cicu_breaks breaks, cicu_breaker **breaker);

// Closes a break iterator; NULL is allowed.
void cicu_breaker_close(cicu_breaker *breaker);

// The ends of the first clusters, or words, of a text, as byte offsets in rising order; where `capacity` is not reached,
// the last is `length`. Ill-formed bytes count as U+FFFD. Nothing of the text is kept after the call.
// Returns the number of ends written (at most `capacity`), or a negative result.
int32_t cicu_breaker_find(cicu_breaker *breaker, const uint8_t *utf8, int32_t length, int32_t *ends, int32_t capacity);

// What a scalar's properties say of the breaks around it, as bits.
enum {
  // Between two plain scalars there is always a break.
  CICU_PLAIN = 1,
  // Before an opener there is always a break, unless a binder stands before it.
  CICU_OPENER = 2,
  // May hold on to the scalar after it whatever that is: prepended marks, and CR because of LF.
  CICU_BINDER = 4,
};

// Writes the bits above for the scalars 0 ..< count (a few milliseconds for two planes).
// They follow from Unicode's grapheme rules GB3 to GB999 (UAX #29), in every version so far, and with ICU's rule that
// keeps Indic conjuncts together; where they do not decide, cicu_breaker_find does.
void cicu_grapheme_classes(uint8_t *classes, uint32_t count);

// MARK: Normalization

// Unicode's normalization forms.
typedef enum {
  CICU_NFC = 0,
  CICU_NFD = 1,
  CICU_NFKC = 2,
  CICU_NFKD = 3,
} cicu_form;

// Whether text may be cut before this scalar and both parts normalized alone, whatever stands before it.
bool cicu_has_boundary_before(cicu_form form, uint32_t scalar);

// Normalizes a text into `out`. Ill-formed bytes become U+FFFD.
// Returns CICU_ALREADY_NORMAL, or the length of the normalized text in bytes (where it exceeds `capacity`, `out` holds
// nothing of use and the call must be repeated with that capacity), or a negative result.
int32_t cicu_normalize(cicu_form form, const uint8_t *utf8, int32_t length, uint8_t *out, int32_t capacity);

// MARK: Names

// The Unicode name of a scalar, or ICU's extended name where there is none ("<control-000A>"), ended by NUL.
// Returns its length (at most capacity - 1), or a negative result.
int32_t cicu_scalar_name(uint32_t scalar, char *out, int32_t capacity);

#ifdef __cplusplus
}
#endif

#endif
