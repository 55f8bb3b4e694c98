// ICU's C headers, for this target's own files only (see include/cicu.h for what others see).

#ifndef CICU_ICU_HEADERS_H
#define CICU_ICU_HEADERS_H

#define U_SHOW_CPLUSPLUS_API 0
#ifdef __APPLE__
// libicucore exports ICU's C functions without a version in their names.
#define U_DISABLE_RENAMING 1
#endif

#if __has_include(<unicode/ubrk.h>)
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/unorm2.h>
#include <unicode/uregex.h>
#include <unicode/uscript.h>
#include <unicode/uset.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>
#include <unicode/uversion.h>
#elif defined(__APPLE__)
#error "ICU's headers are missing: brew install icu4c, and export CPATH=$(brew --prefix icu4c)/include"
#else
#error "ICU's headers are missing: install libicu-dev (Debian, Ubuntu), libicu-devel (Fedora) or icu (Arch)"
#endif

#include "cicu.h"

// The result that stands for an ICU error.
static inline int32_t cicu_failure(UErrorCode code) { return CICU_ICU_ERROR - (int32_t)code; }

#endif
