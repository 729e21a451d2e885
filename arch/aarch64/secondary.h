/* SPDX-License-Identifier: BSD-3-Clause */
/* What entry.S needs to know about a PE that powers up. */
#ifndef ARCH_AARCH64_SECONDARY_H
#define ARCH_AARCH64_SECONDARY_H

#include <stdint.h>

struct arch_pe;

struct secondary {
	uint64_t mpidr; /* affinity fields */
	struct arch_pe *pe;
	uint64_t stack; /* initial stack pointer */
};

/* Affinity fields of MPIDR_EL1. */
#define ARCH_MPIDR_AFFINITY UINT64_C(0xff00ffffff)

#endif
