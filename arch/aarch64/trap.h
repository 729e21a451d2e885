/* SPDX-License-Identifier: BSD-3-Clause */
/* What stops a partition besides calls and interrupts. */
#ifndef ARCH_AARCH64_TRAP_H
#define ARCH_AARCH64_TRAP_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/aarch64/trap_access.h"
#include "arch/arch.h"

/* In place of a syndrome: the vector for SErrors was taken. Above ARCH_EXIT_FIQ, below any real ESR_EL2. */
enum { TRAP_SERROR = 0xF };

/* trap_handle(): the context goes on; else a struct arch_exit in two halves. */
#define TRAP_RESUME (~UINT64_C(0))

uint64_t trap_handle(struct arch_pe *pe, struct arch_context *context, uint32_t why);

enum trap_timer_result {
	TRAP_NO_TIMER, /* another register: nothing has happened */
	TRAP_TIMER_SERVED,
	TRAP_TIMER_WRITTEN, /* the timers of the context are not what they were */
};

/** Serves @access to a timer of EL1. */
enum trap_timer_result trap_timer(struct arch_context *context, struct trap_access access);

/**
 * Serves any other @access by S-EL1.
 *
 * Returns false when there is no such register for partitions: the instruction is undefined.
 */
bool trap_sysreg(struct arch_context *context, struct trap_access access);

/** Whether @iss is about a key of pointer authentication. */
bool trap_sysreg_is_key(struct trap_access access);

#endif
