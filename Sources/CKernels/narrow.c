// float32 to bfloat16 and back, on any CPU: for numbers that are sent or kept, not multiplied.

#include <stdint.h>
#include <string.h>

#include "ckernels.h"

void ck_narrow(const float *numbers, uint16_t *narrow, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &numbers[i], sizeof bits);
        // To the nearest, ties to even; a NaN stays one, whose fraction must not be rounded away.
        bool is_nan = (bits & 0x7fffffff) > 0x7f800000;
        uint32_t rounded = bits + 0x7fff + ((bits >> 16) & 1);
        narrow[i] = (uint16_t)((is_nan ? bits | 0x400000 : rounded) >> 16);
    }
}

void ck_widen(const uint16_t *narrow, float *numbers, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        uint32_t bits = (uint32_t)narrow[i] << 16;
        memcpy(&numbers[i], &bits, sizeof bits);
    }
}
