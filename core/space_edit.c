/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Edits of many ranges at once: preparing, looking, writing, pruning. A table that was unlinked is freed
 * when no walk of any PE can use it any more, at the end.
 * Locks: the caller holds RANK_SPACE from begin to end; RANK_POOL is taken for tables.
 */
#include "core/space_edit.h"

#include "core/space_group.h"
#include "core/space_walk.h"

enum {
	LAST_TABLE_LEVEL = SPACE_LAST_LEVEL - 1, /* of the entry that leads to a last-level table */
	NO_TABLE = 1, /* no table begins there */
};

static bool is_walked(const struct space *space)
{
	return space->kind != ARCH_SPACE_RECORD;
}

static uint64_t table_base_of(uint64_t address)
{
	return address & ~SPACE_EDIT_TABLE_MASK;
}

struct space_edit space_edit_begin(struct space *space, enum world world)
{
	if (is_walked(space)) {
		arch_space_edit_begin(&space->root);
	}
	return (struct space_edit){
		.space = space, .world = world, .table_base = NO_TABLE, .first = UINT64_MAX
	};
}

/** The last-level @table, around @address, is the one in use. */
static void use_table(struct space_edit *edit, uint64_t *table, uint64_t address)
{
	edit->table = table;
	edit->table_base = table_base_of(address);
}

static void include(struct space_edit *edit, uint64_t first, uint64_t end)
{
	edit->first = first < edit->first ? first : edit->first;
	edit->end = end > edit->end ? end : edit->end;
}

/* ---- tables that are empty ------------------------------------------------------------------------ */

static bool is_empty(const uint64_t *table)
{
	for (size_t i = 0; i < SPACE_ENTRY_COUNT; i += 4) {
		if ((table[i] | table[i + 1] | table[i + 2] | table[i + 3]) != 0) {
			return false;
		}
	}
	return true;
}

/** Keeps @table for the end; what it holds stays invalid for walks that still know of it. */
static void unlink_table(struct space_edit *edit, uint64_t *entry, uint64_t *table)
{
	arch_pte_write(entry, 0);
	table[0] = (uint64_t)(uintptr_t)edit->unlinked; /* aligned: bit 0 is clear */
	edit->unlinked = table;
	if (edit->table == table) {
		edit->table_base = NO_TABLE;
	}
}

/**
 * How many entries from @entry, that of @at, on are in its table and lead to no other one, up to @end of the
 * prepared range.
 */
static size_t run_length(const uint64_t *entry, uint64_t at, uint64_t end, unsigned level)
{
	size_t in_table = SPACE_ENTRY_COUNT - entry_index(at, level);
	uint64_t in_range = (end - at) >> level_shift(level);
	size_t limit = in_range < in_table ? (size_t)in_range : in_table;
	size_t count = 1;

	if (level == SPACE_LAST_LEVEL) {
		return limit;
	}
	while (count < limit && !arch_pte_is_table(entry[count], level)) {
		count++;
	}
	return count;
}

/** The first address behind @address, whose way ends in @table, that is on the way to another table; or @end. */
static uint64_t next_way(const uint64_t *table, unsigned level, uint64_t address, uint64_t end)
{
	uint64_t at = address & ~(level_size(level) - 1);

	return at +
	       (run_length(&table[entry_index(at, level)], at, end, level) << level_shift(level));
}

/**
 * Unlinks the empty tables of levels behind @top on the way to @address; returns the first address behind it
 * that is on the way to another table.
 */
static uint64_t prune_way(struct space_edit *edit, uint64_t address, uint64_t end, unsigned top)
{
	uint64_t *tables[SPACE_LEVEL_COUNT] = { 0 };
	unsigned first = arch_space_first_level();
	unsigned level = first;
	uint64_t next;

	tables[level] = first_table(edit->space, edit->world);
	while (level < SPACE_LAST_LEVEL) {
		uint64_t pte = tables[level][entry_index(address, level)];

		if (!arch_pte_is_table(pte, level)) {
			break;
		}
		tables[level + 1] = next_table(pte, level);
		level++;
	}
	next = next_way(tables[level], level, address, end);
	for (; level > top && is_empty(tables[level]); level--) {
		uint64_t base = address & ~(level_size(level - 1) - 1);

		unlink_table(edit, &tables[level - 1][entry_index(address, level - 1)],
			     tables[level]);
		include(edit, base, base + level_size(level - 1));
	}
	return next;
}

/** What was removed so far is gone from the TLBs. */
static void invalidate(struct space_edit *edit)
{
	if (edit->end != 0 && is_walked(edit->space)) {
		arch_tlb_invalidate(&edit->space->root, ipaddr(edit->first),
				    (edit->end - edit->first) >> PAGE_SHIFT, edit->world);
	}
	edit->first = UINT64_MAX;
	edit->end = 0;
}

/* ---- preparing ---------------------------------------------------------------------------------- */

/** Puts a table in the place of @entry, a leaf or nothing, at @level, to be cut at @address; NULL: no memory. */
static uint64_t *add_table(struct space_edit *edit, uint64_t *entry, unsigned level,
			   uint64_t address)
{
	struct space *space = edit->space;
	struct page_reservation reservation;
	uint64_t pte;
	uint64_t *table;

	if (!page_pool_reserve(space->pool, space->quota, 1, &reservation)) {
		return NULL;
	}
	if ((*entry & ARCH_PTE_CONTIGUOUS) != 0) {
		space_group_break(space, edit->world, entry, level, address);
	}
	pte = *entry;
	table = page_reservation_take(&reservation);
	if (pte != 0) {
		space_group_fill(space, table, pte, level);
		space_group_trim(table, level + 1, address);
	}
	if (arch_pte_is_leaf(pte, level)) {
		arch_pte_write(entry, arch_pte_hide(pte)); /* break before make */
		if (is_walked(space)) {
			arch_tlb_invalidate(&space->root,
					    ipaddr(address & ~(level_size(level) - 1)),
					    level_size(level) >> PAGE_SHIFT, edit->world);
		}
	}
	arch_pte_publish(); /* the table's content before the entry that leads to it */
	arch_pte_write(entry, arch_pte_table(arch_address(table)));
	return table;
}

/** Makes sure that no entry lies on both sides of @address. False: no memory. */
static bool cut(struct space_edit *edit, uint64_t address)
{
	uint64_t *table = first_table(edit->space, edit->world);

	for (unsigned level = arch_space_first_level();
	     level < SPACE_FIRST_BLOCK_LEVEL || (address & (level_size(level) - 1)) != 0; level++) {
		uint64_t *entry = &table[entry_index(address, level)];

		table = arch_pte_is_table(*entry, level) ? next_table(*entry, level)
							 : add_table(edit, entry, level, address);
		if (table == NULL) {
			return false;
		}
		if (level == LAST_TABLE_LEVEL) {
			use_table(edit, table, address);
		}
	}
	return true;
}

/** The entry for @at of a prepared range, which it does not stick out of. */
static uint64_t *entry_at(struct space_edit *edit, uint64_t at, unsigned *level)
{
	uint64_t *table = first_table(edit->space, edit->world);
	uint64_t *entry = space_edit_entry(edit, at);

	if (entry != NULL) {
		*level = SPACE_LAST_LEVEL;
		return entry;
	}
	*level = arch_space_first_level();
	while (*level < SPACE_LAST_LEVEL &&
	       arch_pte_is_table(table[entry_index(at, *level)], *level)) {
		table = next_table(table[entry_index(at, *level)], *level);
		(*level)++;
		if (*level == SPACE_LAST_LEVEL) {
			use_table(edit, table, at);
		}
	}
	return &table[entry_index(at, *level)];
}

/** Takes the hint off the group of @at, an end of the range to be prepared, if it lies on both sides of @edge. */
static void separate(struct space_edit *edit, uint64_t at, uint64_t edge)
{
	unsigned level;
	uint64_t *entry = entry_at(edit, at, &level);

	if (group_sticks_out(*entry, level, edge)) {
		space_group_break(edit->space, edit->world, entry, level, at);
	}
}

static void separate_ends(struct space_edit *edit, struct page_range range)
{
	uint64_t end = page_range_end(range);

	if (is_walked(edit->space)) {
		separate(edit, range.base.pa, range.base.pa);
		separate(edit, end - 1, end);
	}
}

enum space_result space_edit_prepare(struct space_edit *edit, struct page_range range)
{
	uint64_t end = page_range_end(range);
	uint64_t block = level_size(SPACE_FIRST_BLOCK_LEVEL) * SPACE_ENTRY_COUNT;

	if (space_edit_entry(edit, range.base.pa) != NULL &&
	    space_edit_entry(edit, end - 1) != NULL) {
		separate_ends(edit, range);
		return SPACE_OK;
	}
	if (range.base.pa >= input_end() ||
	    range.page_count > (input_end() - range.base.pa) >> PAGE_SHIFT) {
		return SPACE_OUTSIDE;
	}
	for (uint64_t at = range.base.pa; range.page_count >= SPACE_ENTRY_COUNT && at < end;) {
		/* A block is better than an empty table. */
		at = prune_way(edit, at, end, LAST_TABLE_LEVEL);
	}
	invalidate(edit); /* break before make */
	for (uint64_t at = range.base.pa; at < end; at = (at | (block - 1)) + 1) {
		if (!cut(edit, at)) {
			return SPACE_NO_MEMORY;
		}
	}
	if ((end & (level_size(SPACE_FIRST_BLOCK_LEVEL) - 1)) != 0 && !cut(edit, end)) {
		return SPACE_NO_MEMORY;
	}
	separate_ends(edit, range);
	return SPACE_OK;
}

/* ---- entries of a prepared range ---------------------------------------------------------------- */

uint64_t space_edit_leaf(const struct space *space, unsigned map)
{
	return map == 0 ? 0 : arch_pte_leaf(space->kind, SPACE_LAST_LEVEL, paddr(0), map);
}

bool space_edit_alike(struct space_edit *edit, struct page_range range, unsigned *map)
{
	uint64_t end = page_range_end(range);
	uint64_t at = range.base.pa;
	unsigned first_level;
	uint64_t first = *entry_at(edit, at, &first_level);

	*map = first == 0 ? 0 : arch_pte_map(edit->space->kind, first, first_level);
	while (at < end) {
		unsigned level;
		const uint64_t *entry = entry_at(edit, at, &level);
		uint64_t expected =
			*map == 0 ? 0 : arch_pte_leaf(edit->space->kind, level, paddr(at), *map);
		uint64_t step = *map == 0 ? 0 : level_size(level);
		size_t count = run_length(entry, at, end, level);

		for (size_t i = 0; i < count; i++, expected += step) {
			if ((entry[i] & ~ARCH_PTE_CONTIGUOUS) != expected) {
				return false;
			}
		}
		at += count << level_shift(level);
	}
	return true;
}

/**
 * The hint for @entry, the first of a group, and for the rest of the group: when it has it already, and when
 * all of it, that is within @count entries, is to be mapped now.
 */
static uint64_t group_hint(const struct space_edit *edit, const uint64_t *entry, size_t count,
			   unsigned level)
{
	bool live = *entry != arch_pte_hide(*entry);

	return count >= ARCH_PTE_GROUP && has_groups(edit->space, level) &&
			       (!live || (*entry & ARCH_PTE_CONTIGUOUS) != 0)
		       ? ARCH_PTE_CONTIGUOUS
		       : 0;
}

/** Writes @leaf, and those of the memory behind it, to @count entries from @entry on, that of @at. */
static void set_run(const struct space_edit *edit, uint64_t *entry, size_t count, unsigned level,
		    uint64_t at, uint64_t leaf)
{
	size_t place = entry_index(at, level);
	uint64_t hint = 0; /* a group that begins in front of the range has none */

	for (size_t i = 0; i < count; i++, leaf += level_size(level)) {
		if ((place + i) % ARCH_PTE_GROUP == 0) {
			hint = group_hint(edit, &entry[i], count - i, level);
		}
		arch_pte_write(&entry[i], leaf | hint);
	}
}

void space_edit_set(struct space_edit *edit, struct page_range range, unsigned map)
{
	uint64_t end = page_range_end(range);

	for (uint64_t at = range.base.pa; at < end;) {
		unsigned level;
		uint64_t *entry = entry_at(edit, at, &level);
		uint64_t leaf = arch_pte_leaf(edit->space->kind, level, paddr(at), map);
		size_t count = run_length(entry, at, end, level);

		set_run(edit, entry, count, level, at, leaf);
		at += count << level_shift(level);
	}
}

/** Writes @keep of each entry, hidden, to all of @range: its entry, or nothing. */
static void remove(struct space_edit *edit, struct page_range range, uint64_t keep)
{
	uint64_t end = page_range_end(range);

	include(edit, range.base.pa, end);
	for (uint64_t at = range.base.pa; at < end;) {
		unsigned level;
		uint64_t *entry = entry_at(edit, at, &level);
		size_t count = run_length(entry, at, end, level);

		for (size_t i = 0; i < count; i++) {
			arch_pte_write(&entry[i], arch_pte_hide(entry[i] & keep));
		}
		at += count << level_shift(level);
	}
}

void space_edit_hide(struct space_edit *edit, struct page_range range)
{
	remove(edit, range, UINT64_MAX);
}

/* ---- the end ------------------------------------------------------------------------------------ */

/** Read without its lock: a moment ago is good enough. */
static bool is_within_reserve(const struct quota *quota)
{
	return quota_used(quota) <= quota->reserved_pages;
}

void space_edit_prune(struct space_edit *edit, struct page_range range)
{
	uint64_t end = page_range_end(range);

	end = end < input_end()
		      ? end
		      : input_end(); /* what lies outside was refused: no table is for it */
	if (is_within_reserve(edit->space->quota)) {
		return;
	}
	for (uint64_t at = range.base.pa; at < end;) {
		at = prune_way(edit, at, end, arch_space_first_level());
	}
}

/** Another table is used next: what was cleared page by page in this one may have emptied it. */
static void leave_table(struct space_edit *edit)
{
	struct page_range page = { .base = paddr(edit->table_base), .page_count = 1 };

	if (edit->emptied) {
		edit->emptied = false;
		space_edit_prune(edit, page);
	}
}

void space_edit_clear(struct space_edit *edit, struct page_range range)
{
	if (range.page_count == 1 && space_edit_page_clear(edit, range.base.pa)) {
		return;
	}
	leave_table(edit);
	remove(edit, range, 0);
	space_edit_prune(edit, range);
}

void space_edit_end(struct space_edit *edit)
{
	struct space *space = edit->space;

	leave_table(edit);
	if (is_walked(space)) {
		arch_pte_publish();
		invalidate(edit);
		arch_space_edit_end(&space->root);
	}
	while (edit->unlinked != NULL) {
		uint64_t *table = edit->unlinked;

		edit->unlinked = (uint64_t *)(uintptr_t)table[0];
		page_pool_free(space->pool, space->quota, table);
	}
}
