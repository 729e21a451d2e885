/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Groups of entries that carry the contiguous hint (ARCH_PTE_CONTIGUOUS), for the files of core/space.h only.
 *
 * A group has the hint when an edit gives all of its entries at once something to map: where that costs no
 * invalidation. It loses it, by break-before-make, before less than all of it changes. So within a group with
 * the hint all is alike, what only software sees included, and no edit finds one that sticks out of its range.
 */
#ifndef CORE_SPACE_GROUP_H
#define CORE_SPACE_GROUP_H

#include "core/space_walk.h"

/** Bytes that a group of @level maps. */
static inline uint64_t group_size(unsigned level)
{
	return level_size(level) * ARCH_PTE_GROUP;
}

/** Levels of pages and of the smaller blocks; a record is not for any TLB. */
static inline bool has_groups(const struct space *space, unsigned level)
{
	return level > SPACE_FIRST_BLOCK_LEVEL && space->kind != ARCH_SPACE_RECORD;
}

/** True when a group of @level begins at @at. */
static inline bool is_group_start(unsigned level, uint64_t at)
{
	return (at & (group_size(level) - 1)) == 0;
}

/** True when @pte of @level has the hint, and its group lies on both sides of @edge, one of its own. */
static inline bool group_sticks_out(uint64_t pte, unsigned level, uint64_t edge)
{
	return (pte & ARCH_PTE_CONTIGUOUS) != 0 && !is_group_start(level, edge);
}

/** Takes the hint off the group of the live @entry of @level, that of @at. */
void space_group_break(const struct space *space, enum world world, uint64_t *entry, unsigned level,
		       uint64_t at);

/**
 * Fills @table, which no walk knows yet, with leaves that map, or are hidden, as the larger leaf @pte of
 * @level is. They have the hint where they may.
 */
void space_group_fill(const struct space *space, uint64_t *table, uint64_t pte, unsigned level);

/** Takes the hint off the group around @edge in @table of @level, which no walk knows yet. */
void space_group_trim(uint64_t *table, unsigned level, uint64_t edge);

#endif
