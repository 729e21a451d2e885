/* SPDX-License-Identifier: BSD-3-Clause */
/* The host's machine state: see host.h for what a test does with it. */
#ifndef ARCH_HOST_ARCH_MACHINE_H
#define ARCH_HOST_ARCH_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

struct arch_context;
struct arch_exit;

/** What a PE loads to run a partition in its address space. */
struct arch_space_root {
	bool stage2;
	uint16_t id; /* VMID or ASID */
	uint64_t table[2]; /* physical, by enum world; stage 1 has the same twice */
	unsigned edits; /* odd while its tables are edited */
};

/** Saved state beyond the general registers: here, the script that plays the context. */
struct arch_machine {
	struct arch_exit (*script)(struct arch_context *context, void *argument);
	void *argument;
	const struct arch_space_root *root; /* NULL: the normal world, or never reset */
	uint64_t mpidr; /* what it reads as its own */
	const struct arch_pe *resident; /* PE that still has registers of it */
	const char *fatal_what; /* with ARCH_EXIT_FATAL */
	uint64_t fatal_address;
	unsigned run_count;
	bool irq_line, fiq_line;
	void *scalable; /* memory for its vectors; NULL: it has no SVE */
};

struct host_window {
	bool open;
	uint64_t base;
	uint64_t page_count;
	unsigned world; /* enum world */
};

struct arch_pe {
	unsigned index;
	bool initialized;
	bool normal_world_masked, group0_masked;
	unsigned sri_count; /* SRIs raised */
	uint64_t mpidr; /* host_pe_mpidr(), else its index */
	_Atomic uint64_t timer_at; /* counter value; ARCH_NEVER: stopped */
	struct host_window windows[2]; /* by enum arch_window */
};

/** See arch.h. */
void arch_lock_wait(const _Atomic uint32_t *word, uint32_t value);

/** See arch.h; seen by tests. */
void arch_pte_write(uint64_t *entry, uint64_t pte);

#endif
