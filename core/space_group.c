/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The contiguous hint of groups of entries (Arm ARM, D8.7.1): where it is given in bulk, and how it is taken
 * off. Locks: the caller holds RANK_SPACE.
 */
#include "core/space_group.h"

/** Number of the first entry of the group of @address. */
static size_t group_index(uint64_t address, unsigned level)
{
	return entry_index(address, level) / ARCH_PTE_GROUP * ARCH_PTE_GROUP;
}

/**
 * Takes the hint off a group in use: its entries are missing for a moment (arch_space_edit_begin()).
 *
 * @entry  live leaf of @level for @at, with the hint.
 *
 * Costs one invalidation of what the group maps; needs no memory.
 */
void space_group_break(const struct space *space, enum world world, uint64_t *entry, unsigned level,
		       uint64_t at)
{
	uint64_t *first = entry - entry_index(at, level) % ARCH_PTE_GROUP;

	for (size_t i = 0; i < ARCH_PTE_GROUP; i++) {
		arch_pte_write(&first[i], arch_pte_hide(first[i]));
	}
	arch_tlb_invalidate(&space->root, ipaddr(at & ~(group_size(level) - 1)),
			    group_size(level) >> PAGE_SHIFT, world);
	for (size_t i = 0; i < ARCH_PTE_GROUP; i++) {
		arch_pte_write(&first[i], arch_pte_reveal(first[i]));
	}
}

void space_group_fill(const struct space *space, uint64_t *table, uint64_t pte, unsigned level)
{
	unsigned map = arch_pte_map(space->kind, pte, level);
	uint64_t leaf = arch_pte_leaf(space->kind, level + 1, arch_pte_address(pte, level), map);

	leaf |= has_groups(space, level + 1) ? ARCH_PTE_CONTIGUOUS : 0;
	leaf = arch_pte_is_leaf(pte, level) ? leaf : arch_pte_hide(leaf);
	for (size_t i = 0; i < SPACE_ENTRY_COUNT; i++) {
		table[i] = leaf + i * level_size(level + 1);
	}
}

/** See space_group.h. An edge of groups lies around none. */
void space_group_trim(uint64_t *table, unsigned level, uint64_t edge)
{
	uint64_t *first = &table[group_index(edge, level)];

	for (size_t i = 0; i < ARCH_PTE_GROUP && !is_group_start(level, edge); i++) {
		first[i] &= ~ARCH_PTE_CONTIGUOUS;
	}
}
