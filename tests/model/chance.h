/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers that are the same in each run: the sequences of the models come from them. */
#ifndef TESTS_MODEL_CHANCE_H
#define TESTS_MODEL_CHANCE_H

#include <stdint.h>

extern uint64_t chance_state; /* set it to begin a sequence */

/** One of 0...@limit - 1. */
static inline unsigned below(unsigned limit)
{
	chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((chance_state >> 33) % limit);
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ONE_OF(array) ((array)[below(COUNT(array))])

#endif
