/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Carrying out an edit of a partition's translation tables. Two passes over the range, with one
 * invalidation in between: the first hides every live entry that changes, the second writes what the plan
 * wants (break-before-make, Arm ARM, D8.16.1). What was hidden can still be read, so nothing else has to
 * be remembered. A table is given back when nothing is left in it or when a block replaces it.
 *
 * Locks: the caller holds RANK_SPACE; RANK_POOL is taken to give tables back.
 */
#include "core/assert.h"
#include "core/space_group.h"
#include "core/space_walk.h"

/* Input addresses whose entries were hidden: [first, end). */
struct hidden_range {
	uint64_t first;
	uint64_t end;
};

/** The leaf, or nothing, that the plan wants at the walk's place. */
static uint64_t wanted_entry(const struct space *space, const struct walk *walk, unsigned map)
{
	return (map & SPACE_ACCESS) == 0
		       ? 0
		       : arch_pte_leaf(space->kind, walk->level, paddr(walk->at), map);
}

static void hide(const struct walk *walk, uint64_t *entry, struct hidden_range *hidden)
{
	uint64_t size = level_size(walk->level);
	uint64_t base = walk->at & ~(size - 1);

	arch_pte_write(entry, arch_pte_hide(*entry));
	hidden->first = hidden->end == 0 ? base : hidden->first;
	hidden->end = base + size;
}

/** True when no entry of @table is live. */
static bool table_is_empty(const uint64_t *table)
{
	for (size_t i = 0; i < SPACE_ENTRY_COUNT; i++) {
		if (table[i] != arch_pte_hide(table[i])) {
			return false;
		}
	}
	return true;
}

/** True when the plan changes the live entry @pte: all of it (@whole), or a part, so that it is split. */
static bool changes(const struct space *space, const struct walk *walk, uint64_t pte, bool whole,
		    unsigned map)
{
	return whole ? (pte & ~ARCH_PTE_CONTIGUOUS) != wanted_entry(space, walk, map)
		     : !is_as_wanted(space, pte, walk->level, map);
}

/**
 * Takes the hint off a group that changes and lies on both sides of @edge, an end of the plan's range.
 *
 * @at  within the range, next to @edge.
 */
static void separate(const struct space *space, const struct space_plan *plan, uint64_t at,
		     uint64_t edge)
{
	enum world world = map_world(plan->map);
	struct walk walk = walk_start(space, world, at, page_range_end(plan->range));
	uint64_t *entry = walk_entry(&walk);

	while (arch_pte_is_table(*entry, walk.level)) {
		walk_down(&walk, next_table(*entry, walk.level), 0);
		entry = walk_entry(&walk);
	}
	if (group_sticks_out(*entry, walk.level, edge) &&
	    !is_as_wanted(space, *entry, walk.level, plan->map)) {
		space_group_break(space, world, entry, walk.level, at);
	}
}

/**
 * Breaks: hides every live entry that the plan changes, with the tables that nothing is left in. What
 * was hidden can still be read by make_range().
 */
static struct hidden_range hide_range(const struct space *space, const struct space_plan *plan)
{
	struct walk walk = walk_start(space, map_world(plan->map), plan->range.base.pa,
				      page_range_end(plan->range));
	bool unmaps = (plan->map & SPACE_ACCESS) == 0;
	bool stays[SPACE_LEVEL_COUNT] = { false }; /* the table has a block of which a part stays */
	struct hidden_range hidden = { 0 };

	while (walk.at < walk.end) {
		uint64_t *entry = walk_entry(&walk);
		bool whole = walk_leaf_fits(&walk);

		if (!whole && arch_pte_is_table(*entry, walk.level)) {
			walk_down(&walk, next_table(*entry, walk.level), 0);
			stays[walk.level] = false;
			continue;
		}
		if (*entry != 0 && changes(space, &walk, *entry, whole, plan->map)) {
			stays[walk.level] = stays[walk.level] || !whole;
			hide(&walk, entry, &hidden);
		}

		walk_next(&walk);
		while (walk_is_past(&walk)) {
			unsigned level = walk.level;
			uint64_t *above = walk_up(&walk);

			if (unmaps && !stays[level] && table_is_empty(walk.table[level])) {
				arch_pte_write(above, arch_pte_hide(*above));
			}
		}
	}
	return hidden;
}

/** Gives back the tables that the hidden entry @pte of @level leads to. No walk of any PE uses them. */
static void free_tables(const struct space *space, uint64_t pte, unsigned level)
{
	uint64_t *table[SPACE_LEVEL_COUNT] = { 0 };
	size_t next[SPACE_LEVEL_COUNT] = { 0 };
	unsigned top = level + 1;

	table[top] = next_table(pte, level);
	for (level = top; level >= top;) {
		uint64_t below;

		if (level == SPACE_LAST_LEVEL || next[level] == SPACE_ENTRY_COUNT) {
			page_pool_free(space->pool, space->quota, table[level]);
			level--;
			continue;
		}
		below = arch_pte_reveal(table[level][next[level]++]);
		if (arch_pte_is_table(below, level)) {
			table[level + 1] = next_table(below, level);
			next[level + 1] = 0;
			level++;
		}
	}
}

/** Takes the hint off the group around @edge if that is in @table, which is to be linked at the walk's place. */
static void trim(const struct walk *walk, uint64_t *table, uint64_t edge)
{
	if (edge >> level_shift(walk->level) == walk->at >> level_shift(walk->level)) {
		space_group_trim(table, walk->level + 1, edge);
	}
}

/**
 * A new table that maps as the leaf @pte of the walk's level does, or nothing when that is 0. Groups that the
 * plan changes in part have no hint.
 */
static uint64_t *new_table(const struct space *space, const struct walk *walk, uint64_t pte,
			   struct space_plan *plan)
{
	uint64_t *table = page_reservation_take(&plan->tables);

	if (pte != 0) {
		space_group_fill(space, table, pte, walk->level);
		trim(walk, table, plan->range.base.pa);
		trim(walk, table, page_range_end(plan->range));
	}
	return table;
}

/** True when the plan wants something of a part of what the entry @old maps: a table must say it. */
static bool needs_table(const struct space *space, const struct walk *walk, uint64_t old,
			unsigned map)
{
	return !walk_leaf_fits(walk) && !arch_pte_is_table(old, walk->level) &&
	       !is_as_wanted(space, old, walk->level, map);
}

/** Writes an entry of the table that the walk is in; no table walk sees one that is not linked yet. */
static void write_entry(const struct walk *walk, uint64_t *entry, uint64_t pte)
{
	if (walk->link[walk->level] != 0) {
		*entry = pte;
	} else {
		arch_pte_write(entry, pte);
	}
}

/**
 * The hint for the entry at the walk's place, where the plan wants something: all of its group is made now.
 * One that is live is left as it is.
 */
static uint64_t group_hint(const struct space *space, const struct walk *walk,
			   const uint64_t *entry)
{
	size_t place = entry_index(walk->at, walk->level) % ARCH_PTE_GROUP;
	bool linked = walk->link[walk->level] == 0;

	if (place != 0) { /* as was decided for the first one */
		return entry[-(ptrdiff_t)place] & ARCH_PTE_CONTIGUOUS;
	}
	if (!has_groups(space, walk->level) || walk->end - walk->at < group_size(walk->level)) {
		return 0;
	}
	for (size_t i = 0; i < ARCH_PTE_GROUP; i++) {
		if (linked && entry[i] != arch_pte_hide(entry[i])) {
			return 0;
		}
	}
	return ARCH_PTE_CONTIGUOUS;
}

/**
 * Writes the leaf, or nothing, that the plan wants at the walk's place, where one fits, and goes on along
 * the table while that is as simple: most of the entries of a large range are written here.
 */
static void make_run(const struct space *space, struct walk *walk, unsigned map)
{
	bool linked = walk->link[walk->level] == 0;
	uint64_t size = level_size(walk->level);
	uint64_t *entry = walk_entry(walk);
	uint64_t *last = &walk->table[walk->level][SPACE_ENTRY_COUNT - 1];
	uint64_t wanted = wanted_entry(space, walk, map);
	uint64_t step = wanted == 0 ? 0 : size;

	for (;;) {
		uint64_t pte = wanted | (wanted == 0 ? 0 : group_hint(space, walk, entry));

		if (*entry != pte) {
			write_entry(walk, entry, pte);
		}
		if (entry == last || walk->end - walk->at < 2 * size || (linked && entry[1] != 0)) {
			return;
		}
		entry++;
		walk->at += size;
		wanted += step;
	}
}

/** Gives what is under the walk, and not live, its final value; @old is what it was before it was hidden. */
static void make_entry(const struct space *space, struct walk *walk, uint64_t old, unsigned map)
{
	if (arch_pte_is_table(old, walk->level)) {
		free_tables(space, old, walk->level);
	}
	if (walk_leaf_fits(walk)) {
		make_run(space, walk, map);
	} else if (old != 0) {
		write_entry(walk, walk_entry(walk), 0); /* an empty table: nothing is wanted */
	}
}

/** Leaves tables that the walk is past, linking those that are new. */
static void link_tables(struct walk *walk)
{
	while (walk_is_past(walk)) {
		uint64_t link = walk->link[walk->level];
		uint64_t *above = walk_up(walk);

		if (link != 0) {
			arch_pte_publish(); /* the table's content before the entry that leads to it */
			write_entry(walk, above, link);
		}
	}
}

/** Makes: writes what the plan wants. Whatever is live is as wanted already. */
static void make_range(const struct space *space, struct space_plan *plan)
{
	struct walk walk = walk_start(space, map_world(plan->map), plan->range.base.pa,
				      page_range_end(plan->range));

	while (walk.at < walk.end) {
		uint64_t *entry = walk_entry(&walk);
		uint64_t old = arch_pte_reveal(*entry);
		/* In a table that is not linked yet, nothing is live. */
		bool live = walk.link[walk.level] == 0 && *entry != arch_pte_hide(*entry);

		if (live && arch_pte_is_table(old, walk.level)) {
			walk_down(&walk, next_table(old, walk.level), 0);
			continue;
		}
		if (!live && needs_table(space, &walk, old, plan->map)) {
			uint64_t *table = new_table(space, &walk, old, plan);

			walk_down(&walk, table, arch_pte_table(arch_address(table)));
			continue;
		}
		if (!live) {
			make_entry(space, &walk, old, plan->map);
		}
		walk_next(&walk);
		link_tables(&walk);
	}
	arch_pte_publish();
}

/** Carries @plan out. Cannot fail: the tables were reserved and nothing has changed since. */
void space_commit(struct space *space, struct space_plan *plan)
{
	struct hidden_range hidden;

	arch_space_edit_begin(&space->root);
	if (plan->range.page_count != 0) {
		uint64_t end = page_range_end(plan->range);

		separate(space, plan, plan->range.base.pa, plan->range.base.pa);
		separate(space, plan, end - 1, end);
	}
	hidden = hide_range(space, plan);
	if (hidden.end != 0) {
		arch_tlb_invalidate(&space->root, ipaddr(hidden.first),
				    (hidden.end - hidden.first) >> PAGE_SHIFT,
				    map_world(plan->map));
	}
	make_range(space, plan);
	arch_space_edit_end(&space->root);

	debug_check(plan->tables.count == 0);
	page_pool_cancel(space->pool, &plan->tables);
}
