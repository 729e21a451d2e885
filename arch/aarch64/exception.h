/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions of EL2 itself. */
#ifndef ARCH_AARCH64_EXCEPTION_H
#define ARCH_AARCH64_EXCEPTION_H

#include <stdint.h>

/** What vectors.S saves when EL2 itself takes an exception. */
struct exception_frame {
	_Alignas(16) uint64_t x[31];
	uint64_t pc;
	uint64_t pstate;
	uint64_t sp; /* before the exception */
};

/**
 * Serves an exception of EL2: goes on at the fixup of an access that may fail, else stops the PE.
 *
 * @vector  number of the vector, 0-15; 0-3 are taken with the wrong stack pointer.
 */
void exception_take(struct exception_frame *frame, uint64_t vector);

#endif
