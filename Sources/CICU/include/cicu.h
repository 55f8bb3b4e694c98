// CICU: the few things charlm asks of ICU, in types of its own.
//
// This header includes none of ICU's headers, so that a Swift module can import it beside Foundation (whose own ICU
// declares the same type names), and so that no name here carries ICU's version (`ubrk_open_72`).
//
// All text is UTF-8 with a length in bytes, never terminated by NUL; offsets are byte offsets. Every function may be
// called from several threads at once, except that one `cicu_breaker` or `cicu_converter` serves one thread at a time.
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
    // The text is not UTF-8.
    CICU_ILL_FORMED = -3,
    // ICU reported error e: the result is CICU_ICU_ERROR - e.
    CICU_ICU_ERROR = -100,
};

// The error behind a negative result, in words or by ICU's name, such as "U_MISSING_RESOURCE_ERROR". Never NULL; static storage.
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
    // A word, a run of spaces, or a single mark between them: UAX #29's word boundaries, and ICU's dictionaries for
    // Thai, Lao, Khmer, Burmese, Chinese and Japanese.
    CICU_WORDS = 1,
} cicu_breaks;

// An open break iterator (ICU's root rules), owned by the caller, for one thread at a time.
typedef struct cicu_breaker cicu_breaker;

// Opens a break iterator. Returns 0 and sets *breaker, or a negative result and sets *breaker to NULL.
int32_t cicu_breaker_open(cicu_breaks breaks, cicu_breaker **breaker);

// Closes a break iterator; NULL is allowed.
void cicu_breaker_close(cicu_breaker *breaker);

// The ends of the first clusters, or words, of a text, as byte offsets in rising order; where `capacity` is not
// reached, the last is `length`. Ill-formed bytes count as U+FFFD. Nothing of the text is kept after the call.
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
    // Joins what is before it, unless that is a control; extending and spacing marks, and joiners.
    CICU_JOINS = 8,
    // Joins, and is no joiner: after it there is a break before all that does not join, unless a joiner stands between
    // it and the letter or other base that it belongs to.
    CICU_MARK = 16,
    // Joins nothing but CR LF: controls and line ends.
    CICU_CONTROL = 32,
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
    // NFKC_Casefold: also folds case and drops what is ignored by default.
    CICU_NFKC_CASEFOLD = 4,
} cicu_form;

// Whether text may be cut before this scalar and both parts normalized alone, whatever stands before it.
bool cicu_has_boundary_before(cicu_form form, uint32_t scalar);

// The canonical combining class of a scalar, 0 for all but combining marks.
uint8_t cicu_combining_class(uint32_t scalar);

// Normalizes a text into `out`.
// Returns CICU_ALREADY_NORMAL, or CICU_ILL_FORMED where there are bytes that are not UTF-8 (nothing was written), or
// the length of the normalized text in bytes (where it exceeds `capacity`, `out` holds nothing of use and the call must
// be repeated with that capacity), or a negative result.
int32_t cicu_normalize(cicu_form form, const uint8_t *utf8, int32_t length, uint8_t *out, int32_t capacity);

// MARK: Encodings

// An open converter from an encoding to UTF-8, owned by the caller, for one thread at a time.
typedef struct cicu_converter cicu_converter;

// Opens a converter by any of the names that ICU knows for its encoding, ended by NUL.
// Returns 0 and sets *converter, or a negative result (an unknown name) and sets *converter to NULL.
int32_t cicu_converter_open(const char *name, cicu_converter **converter);

// Closes a converter; NULL is allowed.
void cicu_converter_close(cicu_converter *converter);

// The room for UTF-8 that cicu_converter_read needs at least.
enum { CICU_CONVERTER_ROOM = 16384 };

// How far a call of cicu_converter_read came.
typedef struct {
    // Bytes of the source that were read.
    int32_t read;
    // Bytes of UTF-8 that were written.
    int32_t written;
    // Where not 0, these bytes, the last that were read (some perhaps by earlier calls), mean nothing in the encoding;
    // nothing was written for them, and the next call goes on after them.
    int32_t invalid_count;
    uint8_t invalid[32];
    // How many bytes after those were read already, to see what they mean.
    int32_t ahead_count;
    // Whether everything was read and written; otherwise the rest of the source is for the next call.
    bool is_done;
} cicu_progress;

// Converts bytes, which may begin and end within a character. `is_end` says that they are the last.
// Stops early where `out`, of at least CICU_CONVERTER_ROOM bytes, is full, and after bytes that mean nothing.
// Returns 0 or a negative result.
int32_t cicu_converter_read(cicu_converter *converter, const uint8_t *source, int32_t length, bool is_end, uint8_t *out,
                            int32_t capacity, cicu_progress *progress);

// The usual name of an encoding that is given by any of its names, ended by NUL: the one of MIME or IANA where it means
// the same to ICU, otherwise ICU's own, such as "ibm-1047_P100-1995". Returns its length or a negative result.
int32_t cicu_encoding_name(const char *name, char *out, int32_t capacity);

// All names of encodings: those of encoding 0, 1 …, each with alias 0, 1 …. NULL beyond the last of either.
const char *cicu_encoding_alias(int32_t encoding, int32_t alias);

// What an encoding might be, and how sure that is, from 0 to 100.
typedef struct {
    char name[40];
    int32_t confidence;
} cicu_guess;

// The encodings that bytes may be in, by ICU's detector, the likeliest first. It looks at the first 8,000 bytes.
// Returns the number of guesses written, at most `capacity`, or a negative result.
int32_t cicu_guess_encoding(const uint8_t *bytes, int32_t length, cicu_guess *guesses, int32_t capacity);

// MARK: Names

// The Unicode name of a scalar, or ICU's extended name where there is none ("<control-000A>"), ended by NUL.
// Returns its length (at most capacity - 1), or a negative result.
int32_t cicu_scalar_name(uint32_t scalar, char *out, int32_t capacity);

// The long name of a scalar's script, such as "Devanagari". Never NULL; static storage.
const char *cicu_script_name(uint32_t scalar);

// The long name of a scalar's general category, such as "Uppercase_Letter". Never NULL; static storage.
const char *cicu_category_name(uint32_t scalar);

// MARK: Regular expressions

// A compiled expression in ICU's syntax, owned by the caller, for one thread at a time.
typedef struct cicu_expression cicu_expression;

// Compiles an expression. Returns 0 and sets *expression, or a negative result and sets *expression to NULL and *offset
// to the place of the fault, in UTF-16 units from the expression's start, or -1.
int32_t cicu_expression_open(const uint8_t *pattern, int32_t length, cicu_expression **expression, int32_t *offset);

// Closes an expression; NULL is allowed.
void cicu_expression_close(cicu_expression *expression);

// What an expression makes of a text, as bits.
enum {
    // The whole text matches.
    CICU_MATCHES = 1,
    // Another text that begins with this one might match: the search came to the end of the text.
    CICU_MAY_GO_ON = 2,
};

// Matches a whole text. Returns the bits above, or a negative result, among others where the search takes too long or too
// much memory.
int32_t cicu_expression_test(cicu_expression *expression, const uint8_t *utf8, int32_t length);

// MARK: Sets of scalars

// The ranges of a set that is written as ICU's UnicodeSet patterns are, such as "[a-z \\p{Thai}]": first and last scalar
// of each in turn, in rising order, `capacity` numbers at most. Strings in the set are left out.
// Returns how many numbers there are (where that exceeds `capacity`, the call must be repeated with more room), or a
// negative result where the pattern is malformed.
int32_t cicu_set_ranges(const uint8_t *pattern, int32_t length, uint32_t *bounds, int32_t capacity);

#ifdef __cplusplus
}
#endif

#endif
