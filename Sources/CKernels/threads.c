/// Per-thread settings of the floating-point unit and of OpenMP.
#include "internal.h"

#if defined(__x86_64__)
#include <xmmintrin.h>

// Denormal results (bit 15, FTZ) and operands (bit 6, DAZ) as zero: each costs a microcode detour of some 150 cycles,
// and gradients that fade away over time steps are full of them.
enum { denormals_as_zero = 0x8040 };
static uint64_t read_control(void) { return _mm_getcsr(); }
static void write_control(uint64_t control) { _mm_setcsr((unsigned)control); }

#elif defined(__aarch64__)

enum { denormals_as_zero = 1 << 24 };  // FPCR.FZ
static uint64_t read_control(void) {
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    return control;
}
static void write_control(uint64_t control) { __asm__ volatile("msr fpcr, %0" : : "r"(control)); }

#else

enum { denormals_as_zero = 0 };
static uint64_t read_control(void) { return 0; }
static void write_control(uint64_t control) { (void)control; }

#endif

ck_thread_settings ck_thread_enter(void) {
    ck_thread_settings former = {read_control(), ck_openmp_threads()};
    write_control(former.control | denormals_as_zero);
    ck_set_openmp_threads(1);
    return former;
}

void ck_thread_leave(ck_thread_settings settings) {
    // Only the two switches: exception flags that were raised meanwhile stay raised.
    write_control((read_control() & ~(uint64_t)denormals_as_zero) | (settings.control & denormals_as_zero));
    ck_set_openmp_threads(settings.openmp_threads);
}
