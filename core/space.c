/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Edits of a partition's translation tables (Arm ARM, D8): plan, then commit. Decides where tables and
 * blocks go; what an entry looks like is the architecture's (arch_pte_...), who may have a page is decided
 * by the callers.
 *
 * A range is cut into the largest entries that its alignment allows. Only the entries at its two ends can
 * need a table, so a plan looks at two paths through the tables and a commit at the entries of the range.
 * A table is given back when nothing is left in it or when one block replaces it.
 *
 * Locks: the caller holds RANK_SPACE; RANK_POOL is taken for tables.
 * Invariants: input address = output address; no reachable table is empty, but for the first one.
 */
#include "core/space.h"

#include "core/assert.h"

enum {
	LEVEL_COUNT = 4,
	LAST_LEVEL = 3,
	FIRST_BLOCK_LEVEL = 1,
	ENTRY_COUNT = 512,
	ACCESS = ARCH_MAP_READ | ARCH_MAP_WRITE | ARCH_MAP_EXECUTE,
};

/* Where a walk over [at, end) stands. */
struct walk {
	uint64_t at;
	uint64_t end;
	unsigned level;
	uint64_t *table[LEVEL_COUNT]; /* on the way down, up to level */
	uint64_t link[LEVEL_COUNT]; /* entry for a new table, written above it once it is complete; or 0 */
};

/* ---- geometry ----------------------------------------------------------------------------------- */

static unsigned level_shift(unsigned level)
{
	return PAGE_SHIFT + 9 * (LAST_LEVEL - level);
}

/** Bytes that one entry of @level maps. */
static uint64_t level_size(unsigned level)
{
	return UINT64_C(1) << level_shift(level);
}

static size_t entry_index(uint64_t address, unsigned level)
{
	return (address >> level_shift(level)) % ENTRY_COUNT;
}

/** True when one leaf of @level can stand for all that lies around @address, within [@start, @end). */
static bool leaf_fits(unsigned level, uint64_t address, uint64_t start, uint64_t end)
{
	uint64_t base = address & ~(level_size(level) - 1);

	return level >= FIRST_BLOCK_LEVEL && base >= start && end - base >= level_size(level);
}

static uint64_t *first_table(const struct space *space, enum world world)
{
	return space->table[space->kind == ARCH_SPACE_STAGE1 ? WORLD_SECURE : world];
}

static enum world map_world(unsigned map)
{
	return (map & ARCH_MAP_NON_SECURE) != 0 ? WORLD_NON_SECURE : WORLD_SECURE;
}

static uint64_t *next_table(uint64_t pte, unsigned level)
{
	return arch_pointer(arch_pte_address(pte, level));
}

/* ---- walks -------------------------------------------------------------------------------------- */

static struct walk walk_start(const struct space *space, enum world world, uint64_t at, uint64_t end)
{
	struct walk walk = { .at = at, .end = end, .level = arch_space_first_level() };

	walk.table[walk.level] = first_table(space, world);
	return walk;
}

static uint64_t *walk_entry(const struct walk *walk)
{
	return &walk->table[walk->level][entry_index(walk->at, walk->level)];
}

static bool walk_leaf_fits(const struct walk *walk)
{
	return leaf_fits(walk->level, walk->at, walk->at, walk->end);
}

/** Goes down to @table; @link is the entry to be written for it on the way up, 0 when it is there. */
static void walk_down(struct walk *walk, uint64_t *table, uint64_t link)
{
	walk->level++;
	walk->table[walk->level] = table;
	walk->link[walk->level] = link;
}

static void walk_next(struct walk *walk)
{
	walk->at = (walk->at | (level_size(walk->level) - 1)) + 1;
}

/** True when the walk has left the table it is in, which walk_up() then leaves. */
static bool walk_is_past(const struct walk *walk)
{
	return walk->level > arch_space_first_level() &&
	       (walk->at >= walk->end || (walk->at & (level_size(walk->level - 1) - 1)) == 0);
}

/** Leaves the table and returns the entry above that points to it. */
static uint64_t *walk_up(struct walk *walk)
{
	walk->level--;
	return &walk->table[walk->level][entry_index(walk->at - 1, walk->level)];
}

/* ---- plan --------------------------------------------------------------------------------------- */

/** True when what @pte says (nothing, or a leaf larger than wanted) is what the plan wants of it. */
static bool is_as_wanted(const struct space *space, uint64_t pte, unsigned level, unsigned map)
{
	if (!arch_pte_is_leaf(pte, level)) {
		return (map & ACCESS) == 0;
	}
	return (map & ACCESS) != 0 && arch_pte_map(space->kind, pte, level) == map;
}

/**
 * Counts the tables that are missing on the way to @address, an end of [@start, @end).
 *
 * @shared  address whose way was counted already; the same as @address when none was.
 */
static uint32_t count_tables(const struct space *space, const struct space_plan *plan, uint64_t address,
			     uint64_t shared)
{
	const uint64_t *table = first_table(space, map_world(plan->map));
	uint64_t start = plan->range.base.pa;
	uint64_t end = page_range_end(plan->range);
	uint32_t count = 0;

	for (unsigned level = arch_space_first_level(); !leaf_fits(level, address, start, end); level++) {
		uint64_t pte = table != NULL ? table[entry_index(address, level)] : 0;

		if (arch_pte_is_table(pte, level)) {
			table = next_table(pte, level);
			continue;
		}
		if (table != NULL && is_as_wanted(space, pte, level, plan->map)) {
			return 0;
		}
		table = NULL;
		if (address == shared || address >> level_shift(level) != shared >> level_shift(level)) {
			count++;
		}
	}
	return count;
}

static bool is_inside(struct page_range range)
{
	uint64_t limit = level_size(arch_space_first_level()) * ENTRY_COUNT;

	return range.base.pa < limit && range.page_count <= (limit - range.base.pa) >> PAGE_SHIFT;
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
enum space_result space_plan(struct space *space, struct page_range range, unsigned map, struct space_plan *plan)
{
	uint64_t start = range.base.pa;
	uint32_t count = 0;

	if (!is_inside(range)) {
		return SPACE_OUTSIDE;
	}
	if ((map & ACCESS) != 0) {
		/* What the entries will say, in case the format does not grant all of it. */
		map = arch_pte_map(space->kind, arch_pte_leaf(space->kind, LAST_LEVEL, paddr(0), map), LAST_LEVEL);
	}
	*plan = (struct space_plan){ .range = range, .map = map };

	if (range.page_count != 0) {
		uint64_t last = page_range_end(range) - 1;

		count = count_tables(space, plan, start, start) + count_tables(space, plan, last, start);
	}
	return page_pool_reserve(space->pool, space->quota, count, &plan->tables) ? SPACE_OK : SPACE_NO_MEMORY;
}

/** Drops @plan; nothing has changed. */
void space_cancel(struct space *space, struct space_plan *plan)
{
	page_pool_cancel(space->pool, &plan->tables);
}

/* ---- commit ------------------------------------------------------------------------------------- */

/* Input addresses whose entries were hidden: [first, end). */
struct hidden_range {
	uint64_t first;
	uint64_t end;
};

/** The leaf, or nothing, that the plan wants at the walk's place. */
static uint64_t wanted_entry(const struct space *space, const struct walk *walk, unsigned map)
{
	return (map & ACCESS) == 0 ? 0 : arch_pte_leaf(space->kind, walk->level, paddr(walk->at), map);
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
	for (size_t i = 0; i < ENTRY_COUNT; i++) {
		if (table[i] != arch_pte_hide(table[i])) {
			return false;
		}
	}
	return true;
}

/**
 * Breaks: hides every live entry that the plan changes, with the tables that nothing is left in. What
 * was hidden can still be read by make_range().
 */
static struct hidden_range hide_range(const struct space *space, const struct space_plan *plan)
{
	struct walk walk = walk_start(space, map_world(plan->map), plan->range.base.pa, page_range_end(plan->range));
	struct hidden_range hidden = { 0 };

	while (walk.at < walk.end) {
		uint64_t *entry = walk_entry(&walk);
		bool whole = walk_leaf_fits(&walk);

		if (!whole && arch_pte_is_table(*entry, walk.level)) {
			walk_down(&walk, next_table(*entry, walk.level), 0);
			continue;
		}
		if (*entry != 0 && (whole ? *entry != wanted_entry(space, &walk, plan->map)
					  : !is_as_wanted(space, *entry, walk.level, plan->map))) {
			hide(&walk, entry, &hidden);
		}

		walk_next(&walk);
		while (walk_is_past(&walk)) {
			const uint64_t *table = walk.table[walk.level];
			uint64_t *above = walk_up(&walk);

			if ((plan->map & ACCESS) == 0 && table_is_empty(table)) {
				arch_pte_write(above, arch_pte_hide(*above));
			}
		}
	}
	return hidden;
}

/** Gives back the tables that the hidden entry @pte of @level leads to. No walk of any PE uses them. */
static void free_tables(const struct space *space, uint64_t pte, unsigned level)
{
	uint64_t *table[LEVEL_COUNT] = { 0 };
	size_t next[LEVEL_COUNT] = { 0 };
	unsigned top = level + 1;

	table[top] = next_table(pte, level);
	for (level = top; level >= top;) {
		uint64_t below;

		if (next[level] == ENTRY_COUNT) {
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

/** A new table that maps as the leaf @pte of the walk's level does, or nothing when that is 0. */
static uint64_t *new_table(const struct space *space, const struct walk *walk, uint64_t pte, struct space_plan *plan)
{
	uint64_t *table = page_reservation_take(&plan->tables);
	unsigned level = walk->level + 1;

	if (pte != 0) {
		unsigned map = arch_pte_map(space->kind, pte, walk->level);
		uint64_t base = arch_pte_address(pte, walk->level).pa;

		for (size_t i = 0; i < ENTRY_COUNT; i++) {
			paddr_t address = paddr(base + i * level_size(level));

			table[i] = arch_pte_leaf(space->kind, level, address, map);
		}
	}
	return table;
}

/** Gives the entry under the walk its final value. It is not live: hidden and invalidated, or never was. */
static void make_entry(const struct space *space, struct walk *walk, struct space_plan *plan)
{
	uint64_t *entry = walk_entry(walk);
	uint64_t old = arch_pte_reveal(*entry);
	bool is_table = arch_pte_is_table(old, walk->level);

	if (!walk_leaf_fits(walk) && !is_table && !is_as_wanted(space, old, walk->level, plan->map)) {
		uint64_t *table = new_table(space, walk, old, plan);

		walk_down(walk, table, arch_pte_table(arch_address(table)));
		return;
	}
	if (is_table) {
		free_tables(space, old, walk->level);
	}
	if (is_table || walk_leaf_fits(walk)) {
		arch_pte_write(entry, wanted_entry(space, walk, plan->map));
	}
	walk_next(walk);
}

/** Makes: writes what the plan wants. Whatever is live already stays untouched. */
static void make_range(const struct space *space, struct space_plan *plan)
{
	struct walk walk = walk_start(space, map_world(plan->map), plan->range.base.pa, page_range_end(plan->range));

	while (walk.at < walk.end) {
		uint64_t entry = *walk_entry(&walk);
		/* In a table that is not linked yet, nothing is live. */
		bool live = walk.link[walk.level] == 0 && entry != arch_pte_hide(entry);

		if (live && arch_pte_is_table(entry, walk.level)) {
			walk_down(&walk, next_table(entry, walk.level), 0);
			continue;
		}
		if (live) {
			walk_next(&walk);
		} else {
			make_entry(space, &walk, plan);
		}

		while (walk_is_past(&walk)) {
			uint64_t link = walk.link[walk.level];
			uint64_t *above = walk_up(&walk);

			if (link != 0) {
				arch_pte_publish(); /* the table's content before the entry that leads to it */
				arch_pte_write(above, link);
			}
		}
	}
	arch_pte_publish();
}

/** Carries @plan out. Cannot fail: the tables were reserved and nothing has changed since. */
void space_commit(struct space *space, struct space_plan *plan)
{
	struct hidden_range hidden;

	arch_space_edit_begin(&space->root);
	hidden = hide_range(space, plan);
	if (hidden.end != 0) {
		arch_tlb_invalidate(&space->root, ipaddr(hidden.first), (hidden.end - hidden.first) >> PAGE_SHIFT,
				    map_world(plan->map));
	}
	make_range(space, plan);
	arch_space_edit_end(&space->root);

	debug_check(plan->tables.count == 0);
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
uint64_t space_extent(const struct space *space, ipaddr_t address, enum world world, uint64_t limit, unsigned *map)
{
	uint64_t input_end = level_size(arch_space_first_level()) * ENTRY_COUNT;
	struct walk walk;
	bool found = false;

	if (address.ipa >= input_end) {
		return 0;
	}
	if (limit > (input_end - address.ipa) >> PAGE_SHIFT) {
		limit = (input_end - address.ipa) >> PAGE_SHIFT;
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

/** See space.h; false for an empty range. */
bool space_lookup(const struct space *space, struct page_range range, enum world world, unsigned *map)
{
	return range.page_count != 0 &&
	       space_extent(space, ipaddr(range.base.pa), world, range.page_count, map) == range.page_count;
}

/**
 * Prepares a space in which nothing is mapped.
 *
 * @kind   stage 2: two first tables; stage 1: one.
 * @quota  pays for the tables, now and later; stays where it is, as @pool does.
 * @id     VMID or ASID, not 0 and no other space's.
 *
 * Returns false when @quota or @pool have no pages for the first tables; nothing has changed then.
 */
bool space_init(struct space *space, enum arch_space_kind kind, struct page_pool *pool, struct quota *quota,
		uint16_t id)
{
	struct page_reservation tables;
	paddr_t secure, non_secure;

	if (!page_pool_reserve(pool, quota, kind == ARCH_SPACE_STAGE2 ? 2 : 1, &tables)) {
		return false;
	}

	lock_init(&space->lock, RANK_SPACE);
	space->kind = kind;
	space->pool = pool;
	space->quota = quota;
	space->table[WORLD_SECURE] = page_reservation_take(&tables);
	space->table[WORLD_NON_SECURE] =
		kind == ARCH_SPACE_STAGE2 ? page_reservation_take(&tables) : space->table[WORLD_SECURE];
	arch_pte_publish();

	secure = arch_address(space->table[WORLD_SECURE]);
	non_secure = arch_address(space->table[WORLD_NON_SECURE]);
	arch_space_root_init(&space->root, kind, secure, non_secure, id);
	return true;
}
