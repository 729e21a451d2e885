/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Address spaces of partitions: plans of edits, and what is mapped (Arm ARM, D8). Carrying a plan out is
 * space_commit.c's; what an entry looks like is the architecture's (arch_pte_...); who may have a page is
 * decided by the callers.
 *
 * A range is cut into the largest entries that its alignment allows. Only the entries at its two ends can
 * need a table, so a plan looks at two paths through the tables, whatever the size of the range.
 *
 * Locks: the caller holds RANK_SPACE; RANK_POOL is taken for tables.
 * Invariants: input address = output address; no reachable table is empty, but for the first one.
 */
#include "core/space.h"

#include "core/space_walk.h"

/**
 * Prepares a space in which nothing is mapped.
 *
 * @kind   stage 2: two first tables; stage 1: one.
 * @quota  pays for the tables, now and later; stays where it is, as @pool does.
 * @id     VMID or ASID, not 0 and no other space's.
 *
 * Returns false when @quota or @pool have no pages for the first tables; nothing has changed then.
 */
bool space_init(struct space *space, enum arch_space_kind kind, struct page_pool *pool,
		struct quota *quota, uint16_t id)
{
	struct page_reservation tables;
	paddr_t secure, non_secure;

	bool two = kind == ARCH_SPACE_STAGE2; /* the others have one */

	if (!page_pool_reserve(pool, quota, two ? 2 : 1, &tables)) {
		return false;
	}

	lock_init(&space->lock, RANK_SPACE);
	space->kind = kind;
	space->pool = pool;
	space->quota = quota;
	space->table[WORLD_SECURE] = page_reservation_take(&tables);
	space->table[WORLD_NON_SECURE] = two ? page_reservation_take(&tables)
					     : space->table[WORLD_SECURE];
	arch_pte_publish();

	secure = arch_address(space->table[WORLD_SECURE]);
	non_secure = arch_address(space->table[WORLD_NON_SECURE]);
	arch_space_root_init(&space->root, kind, secure, non_secure, id);
	return true;
}

/* ---- plans -------------------------------------------------------------------------------------- */

/**
 * Counts the tables that are missing on the way to @address, an end of [@start, @end).
 *
 * @shared  address whose way was counted already; the same as @address when none was.
 */
static uint32_t count_tables(const struct space *space, const struct space_plan *plan,
			     uint64_t address, uint64_t shared)
{
	const uint64_t *table = first_table(space, map_world(plan->map));
	uint64_t start = plan->range.base.pa;
	uint64_t end = page_range_end(plan->range);
	uint32_t count = 0;

	for (unsigned level = arch_space_first_level(); !leaf_fits(level, address, start, end);
	     level++) {
		uint64_t pte = table != NULL ? table[entry_index(address, level)] : 0;

		if (arch_pte_is_table(pte, level)) {
			table = next_table(pte, level);
			continue;
		}
		if (table != NULL && is_as_wanted(space, pte, level, plan->map)) {
			return 0;
		}
		table = NULL;
		if (address == shared ||
		    address >> level_shift(level) != shared >> level_shift(level)) {
			count++;
		}
	}
	return count;
}

static bool is_inside(struct page_range range)
{
	uint64_t end = input_end();

	return range.base.pa < end && range.page_count <= (end - range.base.pa) >> PAGE_SHIFT;
}

/**
 * Plans to make @range appear as @map says, whatever is there now.
 *
 * @range  whole pages; none is fine.
 * @map    enum arch_map. No access (READ, WRITE, EXECUTE): the range disappears from the space that
 *         NON_SECURE names; stage 1 has only one.
 * @plan   filled in; to be given to space_commit() or space_cancel().
 *
 * SPACE_OUTSIDE    @range does not lie within the input addresses.
 * SPACE_NO_MEMORY  the owner's quota, or the pool, has too few pages for the tables.
 * On failure nothing has changed and @plan need not be cancelled.
 */
enum space_result space_plan(struct space *space, struct page_range range, unsigned map,
			     struct space_plan *plan)
{
	uint64_t start = range.base.pa;
	uint32_t count = 0;

	if (!is_inside(range)) {
		return SPACE_OUTSIDE;
	}
	if ((map & SPACE_ACCESS) != 0) {
		/* What the entries will say, in case the format does not grant all of it. */
		map = arch_pte_map(space->kind,
				   arch_pte_leaf(space->kind, SPACE_LAST_LEVEL, paddr(0), map),
				   SPACE_LAST_LEVEL);
	}
	*plan = (struct space_plan){ .range = range, .map = map };

	if (range.page_count != 0) {
		uint64_t last = page_range_end(range) - 1;

		count = count_tables(space, plan, start, start) +
			count_tables(space, plan, last, start);
	}
	return page_pool_reserve(space->pool, space->quota, count, &plan->tables) ? SPACE_OK
										  : SPACE_NO_MEMORY;
}

/** Drops @plan; nothing has changed. */
void space_cancel(struct space *space, struct space_plan *plan)
{
	page_pool_cancel(space->pool, &plan->tables);
}

/** Plan and commit in one; statuses of space_plan(). */
enum space_result space_map(struct space *space, struct page_range range, unsigned map)
{
	struct space_plan plan;
	enum space_result result;

	lock_acquire(&space->lock);
	result = space_plan(space, range, map, &plan);
	if (result == SPACE_OK) {
		space_commit(space, &plan);
	}
	lock_release(&space->lock);
	return result;
}

/* ---- questions ---------------------------------------------------------------------------------- */

/**
 * Counts the pages from @address on that are mapped alike.
 *
 * @address  page-aligned; beyond the input addresses nothing is mapped.
 * @limit    count no further than this.
 * @map      set when pages are found: enum arch_map.
 */
uint64_t space_extent(const struct space *space, ipaddr_t address, enum world world, uint64_t limit,
		      unsigned *map)
{
	struct walk walk;
	bool found = false;

	if (address.ipa >= input_end()) {
		return 0;
	}
	if (limit > (input_end() - address.ipa) >> PAGE_SHIFT) {
		limit = (input_end() - address.ipa) >> PAGE_SHIFT;
	}

	walk = walk_start(space, world, address.ipa, address.ipa + (limit << PAGE_SHIFT));
	while (walk.at < walk.end) {
		uint64_t pte = *walk_entry(&walk);
		unsigned found_map;

		if (arch_pte_is_table(pte, walk.level)) {
			walk_down(&walk, next_table(pte, walk.level), 0);
			continue;
		}
		if (!arch_pte_is_leaf(pte, walk.level)) {
			break;
		}
		found_map = arch_pte_map(space->kind, pte, walk.level);
		if (found ? found_map != *map : map_world(found_map) != world) {
			break;
		}
		*map = found_map;
		found = true;
		walk_next(&walk);
		while (walk_is_past(&walk)) {
			walk_up(&walk);
		}
	}
	walk.at = walk.at < walk.end ? walk.at : walk.end;
	return found ? (walk.at - address.ipa) >> PAGE_SHIFT : 0;
}

/** Moves *@address on to the next page that is mapped in @world. False: there is none. */
static bool find_mapped(const struct space *space, ipaddr_t *address, enum world world)
{
	struct walk walk = walk_start(space, world, address->ipa, input_end());

	while (walk.at < walk.end) {
		uint64_t pte = *walk_entry(&walk);

		if (arch_pte_is_table(pte, walk.level)) {
			walk_down(&walk, next_table(pte, walk.level), 0);
			continue;
		}
		if (arch_pte_is_leaf(pte, walk.level) &&
		    map_world(arch_pte_map(space->kind, pte, walk.level)) == world) {
			address->ipa = walk.at;
			return true;
		}
		walk_next(&walk);
		while (walk_is_past(&walk)) {
			walk_up(&walk);
		}
	}
	return false;
}

/** See space.h. Time is that of a walk over the tables from *@address to the extent's end. */
uint64_t space_next_extent(const struct space *space, ipaddr_t *address, enum world world,
			   unsigned *map)
{
	if (!find_mapped(space, address, world)) {
		return 0;
	}
	return space_extent(space, *address, world, UINT64_MAX >> PAGE_SHIFT, map);
}

/** See space.h; false for an empty range. */
bool space_lookup(const struct space *space, struct page_range range, enum world world,
		  unsigned *map)
{
	return range.page_count != 0 && space_extent(space, ipaddr(range.base.pa), world,
						     range.page_count, map) == range.page_count;
}
