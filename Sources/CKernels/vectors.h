/// The vector types of the kernels for one number of lanes; included once CK_LANES is defined.
#ifndef CK_VECTORS_H
#define CK_VECTORS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "internal.h"

/// Forced, so that the instruction set of the caller reaches the helper and debug builds do not pay for calls.
#define INLINE static inline __attribute__((always_inline))

// `ext_vector_type`, not `vector_size`: only the former gives `condition ? a : b` lane by lane in C.
typedef float floats __attribute__((ext_vector_type(CK_LANES)));
typedef int32_t ints __attribute__((ext_vector_type(CK_LANES)));
typedef uint32_t uints __attribute__((ext_vector_type(CK_LANES)));
typedef double doubles __attribute__((ext_vector_type(CK_LANES)));

/// A vector anywhere in a float buffer: rows start at any multiple of 4 bytes.
typedef float floats_unaligned __attribute__((ext_vector_type(CK_LANES), aligned(4), may_alias));

/// ε of layer normalization, as in PyTorch.
static const float layer_norm_epsilon = 1e-5f;

#endif
