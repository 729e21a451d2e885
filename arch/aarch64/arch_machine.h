/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Machine state of this architecture: what hangs off a context and off a PE. Assembly knows the layout
 * through asm_offsets.c. Register pairs that assembly moves together are neighbours.
 */
#ifndef ARCH_AARCH64_ARCH_MACHINE_H
#define ARCH_AARCH64_ARCH_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/aarch64/space_root.h"

struct arch_context;

/**
 * System registers of EL1 and EL0 that a partition or the normal world can write and EL3 does not switch.
 * Whatever is not here is either switched by EL3 or trapped while a partition runs (trap_sysreg.c).
 */
struct arch_el1 {
	uint64_t sctlr, cpacr;
	uint64_t ttbr0, ttbr1;
	uint64_t tcr, mair;
	uint64_t amair, vbar;
	uint64_t esr, far;
	uint64_t afsr0, afsr1;
	uint64_t elr, spsr;
	uint64_t contextidr, sp_el1;
	uint64_t tpidr_el1, par;
	uint64_t cntkctl, sp_el0;
	uint64_t tpidr_el0, tpidrro_el0;
	uint64_t vdisr; /* VDISR_EL2, EL1's DISR_EL1; where the PE has it */
};

/** FP and Advanced SIMD registers. */
struct arch_simd {
	_Alignas(16) uint8_t v[32][16];
	uint64_t fpsr, fpcr;
};

/** Of a context, besides the general registers. */
struct arch_machine {
	_Alignas(16) struct arch_el1 el1; /* S-EL0: only sp_el0, tpidr_el0, tpidrro_el0 */
	uint64_t hcr, cptr; /* HCR_EL2 and CPTR_EL2 while it runs */
	uint64_t vttbr, vsttbr;
	uint64_t ttbr0; /* TTBR0_EL2 while an S-EL0 partition runs */
	uint64_t vmpidr;
	uint64_t keys[10]; /* pointer authentication: IA, IB, DA, DB, GA; with HCR_APK in hcr */

	const struct arch_space_root *space;
	uint64_t csselr; /* emulated CSSELR_EL1 */

	/* The last exit that was neither a call nor an interrupt. */
	const char *fatal;
	uint64_t esr, far;

	/* Reflected faults since the last call: the same one again and again is no progress. */
	uint64_t fault_pc, fault_far;
	uint32_t fault_count;
	uint32_t fault_edits; /* space->edits when a fault was last tried again */

	struct arch_simd simd;
	void *scalable; /* Z, P and FFR of a context with SVE (simd.c); NULL: it has none. A reset keeps it */
	uint64_t zcr; /* its ZCR_EL1 while it does not have the registers */
};

/** The normal world's vector state while a partition uses the registers. */
struct arch_vectors;

/* By feature of the PE. */
#define MORE_EL1_TIMER 1U /* no FEAT_ECV: partitions can write CNTV */
#define MORE_EL1_VDISR 2U /* FEAT_RAS: they can write DISR_EL1 */

/** A PE. Embedded at the head of the core's own structure; only the PE itself touches it. */
struct arch_pe {
	_Alignas(16) void *run_sp; /* stack pointer to return to when a context stops */
	struct arch_el1 *el1_live; /* whose registers of EL1 are in the machine; NULL: nobody's */
	struct arch_context *simd_owner; /* whose SIMD registers are; NULL: the normal world's */
	uint64_t pmr; /* ICC_PMR_EL1 since el1_live was last switched to a partition */

	/* Constants of the PE. */
	uint64_t hcr_home, sctlr_home; /* while EL2 itself runs */
	uint64_t ttbr0_home, sctlr_s_el0;
	uint64_t key_home[2]; /* EL2's own, to sign return addresses */
	uint64_t mpidr; /* affinity fields */
	uint64_t sri; /* to ICC_ASGI1R_EL1: the SRI for this PE */
	uint32_t index;
	uint32_t has_sme;
	uint32_t more_el1; /* MORE_EL1_...: what else goes with the registers of EL1 */

	uint64_t borrowed[3]; /* tpidr_el0, tpidrro_el0, sp_el0 under a running S-EL0 context */
	uint64_t timer[2]; /* the normal world's CNTV_CTL, CNTV_CVAL; with MORE_EL1_TIMER */
	uint32_t last_call; /* w0 of the normal world's last call: the SVE hint */
	uint8_t window_pages[2]; /* open windows, by enum arch_window */
	uint64_t *windows; /* table entries of its windows */

	struct arch_vectors *vectors;
	struct arch_el1 normal_world_el1;
	uint8_t *redistributor; /* its frames: RD, then SGI */
	bool group0_masked; /* by us, until arch_interrupt_mask_restore() */
};

/**
 * See arch.h. The PE sleeps until the word is written: the exclusive load arms the monitor of @word, the holder's
 * store to it clears the monitor, which is an event for WFE. The local event first: the word may read
 * @value already. Inline and in assembly, so that who takes a free lock need not keep registers for a call.
 */
static inline void arch_lock_wait(const _Atomic uint32_t *word, uint32_t value)
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

/** See arch.h. One 64-bit store: a table walk sees the old entry or the new one. */
static inline void arch_pte_write(uint64_t *entry, uint64_t pte)
{
	__atomic_store_n(entry, pte, __ATOMIC_RELAXED);
}

#endif
