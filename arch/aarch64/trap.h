/* SPDX-License-Identifier: BSD-3-Clause */
/* What stops a partition besides calls and interrupts. */
#ifndef ARCH_AARCH64_TRAP_H
#define ARCH_AARCH64_TRAP_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/arch.h"

/* In place of a syndrome: the vector for SErrors was taken. Above ARCH_EXIT_FIQ, below any real ESR_EL2. */
enum { TRAP_SERROR = 0xF };

/* trap_handle(): the context goes on; else a struct arch_exit in two halves. */
#define TRAP_RESUME (~UINT64_C(0))

uint64_t trap_handle(struct arch_pe *pe, struct arch_context *context, uint32_t why);

/**
 * Serves a trapped access to a system register by S-EL1.
 *
 * @iss  of ESR_EL2, class EC_SYSREG.
 *
 * Returns false when there is no such register for partitions: the instruction is undefined.
 */
bool trap_sysreg(struct arch_context *context, uint32_t iss);

/** Whether @iss is about a key of pointer authentication. */
bool trap_sysreg_is_key(uint32_t iss);

#endif
