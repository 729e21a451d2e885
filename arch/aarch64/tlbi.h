/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TLB maintenance instructions, inner shareable, and the barriers that belong to them (Arm ARM, C5.5 and
 * D8.16). Operands are described at the callers; barriers are the callers' business too.
 */
#ifndef ARCH_AARCH64_TLBI_H
#define ARCH_AARCH64_TLBI_H

#include <stdint.h>

#define TLBI_ALL(name, operation)                                 \
	static inline void tlbi_##name(void)                      \
	{                                                         \
		__asm__ volatile("tlbi " operation ::: "memory"); \
	}

#define TLBI_BY(name, operation)                                              \
	static inline void tlbi_##name(uint64_t operand)                      \
	{                                                                     \
		__asm__ volatile(operation ", %0" ::"r"(operand) : "memory"); \
	}

TLBI_ALL(vmalle1is, "vmalle1is") /* stage 1 of the VMID, and combined entries */
TLBI_ALL(vmalls12e1is, "vmalls12e1is") /* both stages of the VMID */
TLBI_ALL(alle2is, "alle2is") /* all of the EL2&0 regime, EL2's own entries too */
TLBI_BY(ipas2e1is, "tlbi ipas2e1is") /* stage 2 of one page of the VMID */
TLBI_BY(ripas2e1is, "sys #4, c8, c0, #2") /* the same of a range (FEAT_TLBIRANGE) */
TLBI_BY(vae2is, "tlbi vae2is") /* one page of an ASID of the EL2&0 regime */
TLBI_BY(rvae2is, "sys #4, c8, c2, #1") /* the same of a range (FEAT_TLBIRANGE) */

/** Completes table writes and TLB maintenance on all PEs. */
static inline void dsb_ish(void)
{
	__asm__ volatile("dsb ish" ::: "memory");
}

/** Makes table writes visible to the walks of all PEs. */
static inline void dsb_ishst(void)
{
	__asm__ volatile("dsb ishst" ::: "memory");
}

#endif
