/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions that EL2 lets an S-EL1 partition take, computed as the architecture would. Pure functions. */
#ifndef ARCH_AARCH64_REFLECT_H
#define ARCH_AARCH64_REFLECT_H

#include <stdbool.h>
#include <stdint.h>

/** The partition as the exception finds it. */
struct reflect_source {
	uint64_t pstate; /* SPSR_EL2 */
	uint64_t vbar, sctlr; /* its VBAR_EL1, SCTLR_EL1 */
	bool has_pan, has_ssbs, has_nmi, has_mte; /* features of the PE, hidden or not */
};

/** Where it goes on. */
struct reflect_target {
	uint64_t pc;
	uint64_t pstate;
};

struct reflect_target reflect_entry(const struct reflect_source *source);
uint64_t reflect_abort_syndrome(uint64_t esr, uint64_t pstate);
uint64_t reflect_undefined_syndrome(void);

#endif
