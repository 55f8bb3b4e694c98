/// Memory for parameters and workspaces.
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "ckernels.h"

enum {
    alignment = 64,  // a cache line and a whole AVX-512 vector
    huge_page = 2 << 20,
    mapped_from = huge_page / 2,  // smaller blocks come from malloc's heap
};

static size_t rounded_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

/// Whole huge pages on a huge page's boundary: only such memory can the system back with them, which saves most
/// misses of the translation cache in walks over large matrices. Fresh mappings are zero.
static void *map_huge(size_t bytes) {
    size_t length = rounded_up(bytes, huge_page);
    char *start = mmap(NULL, length + huge_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (start == MAP_FAILED) return NULL;
    size_t before = (size_t)(-(uintptr_t)start & (huge_page - 1));
    if (before) munmap(start, before);
    munmap(start + before + length, huge_page - before);
#if defined(MADV_HUGEPAGE)
    madvise(start + before, length, MADV_HUGEPAGE);  // a wish; refusal does no harm
#endif
    return start + before;
}

void *ck_allocate(size_t bytes) {
    if (bytes > SIZE_MAX / 2) return NULL;  // so that rounding cannot overflow
    if (bytes >= mapped_from) return map_huge(bytes);
    void *memory = NULL;
    size_t length = rounded_up(bytes ? bytes : 1, alignment);
    if (posix_memalign(&memory, alignment, length)) return NULL;
    return memset(memory, 0, length);
}

void ck_deallocate(void *memory, size_t bytes) {
    if (!memory) return;
    if (bytes >= mapped_from) munmap(memory, rounded_up(bytes, huge_page));
    else free(memory);
}
