/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a PE loads to run a partition in its address space. Part of arch_machine.h; filled by tlb.c.
 */
#ifndef ARCH_AARCH64_SPACE_ROOT_H
#define ARCH_AARCH64_SPACE_ROOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct arch_space_root {
	/* S-EL1: stage 2. Both 0 for an S-EL0 partition. */
	uint64_t vttbr; /* VMID and the table of the non-secure IPA space */
	uint64_t vsttbr; /* table of the secure IPA space */

	/* S-EL0: ASID and table of stage 1; 0 for an S-EL1 partition. */
	uint64_t ttbr0;

	_Atomic uint32_t edits; /* odd while its tables are edited */
};

/**
 * For the abort handler: waits until no edit of @root is under way. The caller then finds out whether
 * the access is allowed (AT), and lets the partition try again if so.
 */
void space_root_settle(const struct arch_space_root *root);

#endif
