/* SPDX-License-Identifier: BSD-3-Clause */
/* What the machine can do; the part of it that is needed before there is memory to keep it in. */
#ifndef ARCH_AARCH64_CPU_H
#define ARCH_AARCH64_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/aarch64/sysreg.h"

/** Read once at boot, from the primary PE; what differs elsewhere is not used. */
struct cpu_features {
	bool e0pd, rndr, ecv, evt, fgt, fgt2, hcx, s2fwb, vmid16, csv2, csv3;
	bool bti, ras, sve, sme, sme_fa64, mte, pan, uao, ssbs, nmi, mops;
	bool pauth; /* usable: the PEs have it and EL3 lets EL2 use it */
	bool fpmr, tidcp1;
	bool trng; /* no RNDR, but EL3's source of entropy */
	uint16_t sve_length; /* bytes of a partition's longest vector; 0: no partition has SVE */
};

extern struct cpu_features cpu_features;

/** Fills cpu_features but for pauth. Boot, once. */
void cpu_detect(void);

/** Sets the traps of this PE; arch_pe_init() is the rest. */
void cpu_init_traps(void);

/** HCR_EL2 while EL2 runs, and while an S-EL1 partition does. */
uint64_t cpu_hcr_home(void);

struct arch_pe;

/** arch_pe_self() without a call. TPIDR_EL2 is written by entry.S and arch_pe_init() alone. */
static inline struct arch_pe *cpu_pe_self(void)
{
	return (struct arch_pe *)read_tpidr_el2();
}

/** TCR.IPS, VTCR.PS: the PE's output size, as 4 KiB pages can use it: 48 bits at most. */
static inline unsigned cpu_output_size(uint64_t mmfr0)
{
	unsigned size = id_field(mmfr0, 0);

	return size < 5 ? size : 5;
}

/** Bytes of the smallest data cache line. */
static inline size_t cpu_line_size(void)
{
	return (size_t)4 << ((read_ctr_el0() >> 16) & 0xF);
}

#endif
