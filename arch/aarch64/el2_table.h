/* SPDX-License-Identifier: BSD-3-Clause */
/* EL2's own stage-1 tables. Used before the MMU is on and after, by whoever maps for good. */
#ifndef ARCH_AARCH64_EL2_TABLE_H
#define ARCH_AARCH64_EL2_TABLE_H

#include <stdbool.h>
#include <stdint.h>

/* What EL2 may do with a mapping of its own; never of EL0's, never both written and executed. */
enum el2_access {
	EL2_TEXT, /* read, execute, BTI-guarded */
	EL2_RODATA,
	EL2_DATA,
	EL2_DEVICE, /* nGnRnE, read and write */
};

enum el2_half {
	EL2_UPPER, /* TTBR1: all there is */
	EL2_IDENTITY, /* TTBR0 while no S-EL0 partition runs: the entry page */
};

/** Entry for one page at @pa. */
uint64_t el2_page(uint64_t pa, enum el2_access access);
/** The same of the non-secure address space. */
uint64_t el2_page_non_secure(uint64_t pa, enum el2_access access);

/**
 * Maps [@va, @va + @size) to @pa on, in blocks where they fit. All are page-aligned and nothing was
 * mapped there before.
 *
 * Returns false when there are no tables left; part of the range may be mapped then.
 */
bool el2_map(enum el2_half half, uint64_t va, uint64_t pa, uint64_t size, enum el2_access access);

/** The last-level table for @va in the upper half, made if need be; NULL: no tables left. */
uint64_t *el2_last_table(uint64_t va);

/** Physical address of the first table of @half. */
uint64_t el2_root(enum el2_half half);

/** Zeroes what the functions above work on. Once, before all others. */
void el2_table_init(void);

#endif
