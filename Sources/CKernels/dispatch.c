/// Which of the three compilations serves this CPU.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static bool cpu_has(ck_isa isa) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    // The builtin also asks whether the operating system saves the wide registers. It takes literals only.
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (isa == CK_AVX2) return avx2;
    if (isa == CK_AVX512)
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
    return isa == CK_PLAIN;
}

const ck_kernels *ck_kernels_for(ck_isa isa) {
    if (!cpu_has(isa)) return NULL;
    switch (isa) {
#if defined(__x86_64__)
    case CK_AVX512: return &ck_kernels_avx512;
    case CK_AVX2: return &ck_kernels_avx2;
#endif
    case CK_PLAIN: return &ck_kernels_plain;
    default: return NULL;
    }
}

static ck_isa best_wanted(void) {
    const char *wish = getenv("CHARLM_KERNELS");
    if (wish && strcmp(wish, "plain") == 0) return CK_PLAIN;
    if (wish && strcmp(wish, "avx2") == 0) return CK_AVX2;
    return CK_AVX512;
}

const ck_kernels *ck_kernels_active(void) {
    // Threads that come here together compute the same answer; the last one to write changes nothing.
    static _Atomic(const ck_kernels *) chosen;
    const ck_kernels *table = atomic_load_explicit(&chosen, memory_order_acquire);
    if (table) return table;
    for (int isa = (int)best_wanted(); !table; isa--) table = ck_kernels_for((ck_isa)isa);
    atomic_store_explicit(&chosen, table, memory_order_release);
    return table;
}

const ck_tiled *ck_tiled_active(void) {
    switch (ck_kernels_active()->isa) {
#if defined(__x86_64__)
    case CK_AVX512: return &ck_tiled_avx512;
    case CK_AVX2: return &ck_tiled_avx2;
#endif
    default: return &ck_tiled_plain;
    }
}
