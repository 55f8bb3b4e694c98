/// bfloat16: the upper half of a float32.
#ifndef CK_BFLOAT16_H
#define CK_BFLOAT16_H

#include <stdint.h>
#include <string.h>

/// The nearest bfloat16, ties to even; a NaN stays one.
static inline uint16_t ck_bfloat16(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (x != x) return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

#endif
