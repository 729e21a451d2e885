/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Walks over a partition's translation tables, for the files of core/space.h only: geometry of the
 * levels, and a cursor that goes over a range in the largest entries that fit.
 */
#ifndef CORE_SPACE_WALK_H
#define CORE_SPACE_WALK_H

#include "core/space.h"

enum {
	SPACE_LEVEL_COUNT = 4,
	SPACE_LAST_LEVEL = 3,
	SPACE_FIRST_BLOCK_LEVEL = 1,
	SPACE_ENTRY_COUNT = 512,
	SPACE_ACCESS = ARCH_MAP_READ | ARCH_MAP_WRITE | ARCH_MAP_EXECUTE,
};

/* Where a walk over [at, end) stands. */
struct walk {
	uint64_t at;
	uint64_t end;
	unsigned level;
	uint64_t *table[SPACE_LEVEL_COUNT]; /* on the way down, up to level */

	/* Entry for a new table, to be written above it once it is complete; 0: it is linked. */
	uint64_t link[SPACE_LEVEL_COUNT];
};

/* ---- geometry ----------------------------------------------------------------------------------- */

static inline unsigned level_shift(unsigned level)
{
	return PAGE_SHIFT + 9 * ((SPACE_LAST_LEVEL - level) % SPACE_LEVEL_COUNT);
}

/** Bytes that one entry of @level maps. */
static inline uint64_t level_size(unsigned level)
{
	return UINT64_C(1) << level_shift(level);
}

static inline size_t entry_index(uint64_t address, unsigned level)
{
	return (address >> level_shift(level)) % SPACE_ENTRY_COUNT;
}

/** First address that the tables cannot map. */
static inline uint64_t input_end(void)
{
	return level_size(arch_space_first_level()) * SPACE_ENTRY_COUNT;
}

/** True when one leaf of @level can stand for all that lies around @address, within [@start, @end). */
static inline bool leaf_fits(unsigned level, uint64_t address, uint64_t start, uint64_t end)
{
	uint64_t base = address & ~(level_size(level) - 1);

	return level >= SPACE_FIRST_BLOCK_LEVEL && base >= start && end - base >= level_size(level);
}

static inline uint64_t *first_table(const struct space *space, enum world world)
{
	return space->table[world]; /* one and the same where there is only one */
}

static inline uint64_t *next_table(uint64_t pte, unsigned level)
{
	return arch_pointer(arch_pte_address(pte, level));
}

static inline enum world map_world(unsigned map)
{
	return (map & ARCH_MAP_NON_SECURE) != 0 ? WORLD_NON_SECURE : WORLD_SECURE;
}

/* ---- the cursor --------------------------------------------------------------------------------- */

static inline struct walk walk_start(const struct space *space, enum world world, uint64_t at,
				     uint64_t end)
{
	struct walk walk = { .at = at, .end = end, .level = arch_space_first_level() };

	walk.table[walk.level] = first_table(space, world);
	return walk;
}

static inline uint64_t *walk_entry(const struct walk *walk)
{
	return &walk->table[walk->level][entry_index(walk->at, walk->level)];
}

static inline bool walk_leaf_fits(const struct walk *walk)
{
	return leaf_fits(walk->level, walk->at, walk->at, walk->end);
}

/** Goes down to @table; @link is the entry to be written for it on the way up, 0 when it is there. */
static inline void walk_down(struct walk *walk, uint64_t *table, uint64_t link)
{
	walk->level++;
	walk->table[walk->level] = table;
	walk->link[walk->level] = link;
}

static inline void walk_next(struct walk *walk)
{
	walk->at = (walk->at | (level_size(walk->level) - 1)) + 1;
}

/** True after walk_next() when the walk is past the table it is in, which walk_up() then leaves. */
static inline bool walk_is_past(const struct walk *walk)
{
	return walk->level > arch_space_first_level() &&
	       (walk->at >= walk->end || (walk->at & (level_size(walk->level - 1) - 1)) == 0);
}

/** Leaves the table and returns the entry above that points to it. */
static inline uint64_t *walk_up(struct walk *walk)
{
	walk->level--;
	return &walk->table[walk->level][entry_index(walk->at - 1, walk->level)];
}

/**
 * True when what @pte says of all of its range (nothing, or a leaf) is what @map wants of a part of it.
 */
static inline bool is_as_wanted(const struct space *space, uint64_t pte, unsigned level,
				unsigned map)
{
	if (!arch_pte_is_leaf(pte, level)) {
		return (map & SPACE_ACCESS) == 0;
	}
	return (map & SPACE_ACCESS) != 0 && arch_pte_map(space->kind, pte, level) == map;
}

#endif
