/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Waiting for a lock: the PE sleeps until the word is written, instead of hammering the bus.
 */
#include "arch/arch.h"

/**
 * See arch.h. The exclusive load arms the monitor of @word; the holder's store to it clears the monitor,
 * which is an event for WFE. The local event first: the word may read @value already.
 */
void arch_lock_wait(const _Atomic uint32_t *word, uint32_t value)
{
	uint32_t seen;

	__asm__ volatile("	sevl\n"
			 "1:	wfe\n"
			 "	ldaxr	%w0, [%1]\n"
			 "	cmp	%w0, %w2\n"
			 "	b.ne	1b\n"
			 : "=&r"(seen)
			 : "r"(word), "r"(value)
			 : "cc", "memory");
}
