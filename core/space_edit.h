/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Edits of many ranges of an address space at once, as memory transactions need them: all of it can be
 * refused before anything changes, and neither memory nor time is spent on what the ranges do not touch.
 *
 *   space_edit_begin
 *   space_edit_prepare   for each range: entries of their own. May fail, changes no mapping.
 *   space_edit_alike     for each range: how is it mapped?
 *   space_edit_set/clear for each range: cannot fail, needs no memory.
 *   space_edit_prune     for each range that was prepared in vain: tables without content go
 *   space_edit_end
 *
 * Scattered single pages are what takes long: where such a page lies in the same table as the one before,
 * the inline functions at the end do in a few instructions what else takes several calls.
 */
#ifndef CORE_SPACE_EDIT_H
#define CORE_SPACE_EDIT_H

#include "core/space.h"

/* What a last-level table maps, less one. */
#define SPACE_EDIT_TABLE_MASK ((UINT64_C(512) << PAGE_SHIFT) - 1)

struct space_edit {
	struct space *space;
	enum world world;

	/* Last-level table that was used last, and where it begins; 1: there is none. */
	uint64_t *table;
	uint64_t table_base;

	bool emptied; /* pages in it were cleared since */

	uint64_t first, end; /* hull of what was cleared; end 0: nothing, first is large then */
	uint64_t *unlinked; /* tables to be freed at the end: linked through their first entry */
};

struct space_edit space_edit_begin(struct space *space, enum world world) REQUIRES(space -> lock);

/**
 * Gives @range entries of its own: larger ones that stick out of it are split, missing tables are added.
 *
 * SPACE_NO_MEMORY, SPACE_OUTSIDE: as space_plan(). The mapping is the same in every case.
 */
enum space_result space_edit_prepare(struct space_edit *edit, struct page_range range);

/** True when all of the prepared @range is mapped alike, *@map tells how; or not at all: *@map = 0. */
bool space_edit_alike(struct space_edit *edit, struct page_range range, unsigned *map);

/**
 * Maps the prepared @range as @map says: where nothing is mapped, or where it changes only what the
 * hardware does not see.
 */
void space_edit_set(struct space_edit *edit, struct page_range range, unsigned map);

/**
 * Hides the prepared @range, which is mapped: nobody reaches it, it is not free either, and its entries stay,
 * so that space_edit_set() or space_edit_clear() end that state without memory.
 */
void space_edit_hide(struct space_edit *edit, struct page_range range);

/** Removes the mapping of the prepared @range, and tables in which nothing is left, as space_edit_prune(). */
void space_edit_clear(struct space_edit *edit, struct page_range range);

/**
 * Unlinks tables around @range in which nothing is left. They stay for the next time while their owner has
 * no more than the pool has promised to it: looking for them costs more than they do.
 */
void space_edit_prune(struct space_edit *edit, struct page_range range);

/** Makes everything visible, and what was cleared or unlinked invisible, to all PEs. */
void space_edit_end(struct space_edit *edit);

/* ---- single pages ------------------------------------------------------------------------------- */

/** Entry of the page at address 0 mapped as @map says; that of another one is larger by its address. */
uint64_t space_edit_leaf(const struct space *space, unsigned map);

/** The entry of the page at @address if it is in the table that was used last; else NULL. */
static inline uint64_t *space_edit_entry(const struct space_edit *edit, uint64_t address)
{
	return edit->table_base == (address & ~SPACE_EDIT_TABLE_MASK)
		       ? &edit->table[(address & SPACE_EDIT_TABLE_MASK) >> PAGE_SHIFT]
		       : NULL;
}

/** True when nothing is mapped at @address, in the table that was used last. */
static inline bool space_edit_page_is_free(const struct space_edit *edit, uint64_t address)
{
	const uint64_t *entry = space_edit_entry(edit, address);

	return entry != NULL && *entry == 0;
}

/**
 * From the leaf @from to the leaf @to (of space_edit_leaf(); 0: nothing, @from only). False, and nothing has
 * happened, when that is not so simple.
 */
static inline bool space_edit_page_swap(struct space_edit *edit, uint64_t address, uint64_t from,
					uint64_t to)
{
	uint64_t *entry = space_edit_entry(edit, address);

	if (entry == NULL || *entry != (from == 0 ? 0 : from + address)) {
		return false;
	}
	arch_pte_write(entry, to + address);
	return true;
}

/** Clears the page at @address. False, and nothing has happened, when that is not so simple. */
static inline bool space_edit_page_clear(struct space_edit *edit, uint64_t address)
{
	uint64_t *entry = space_edit_entry(edit, address);

	if (entry == NULL) {
		return false;
	}
	arch_pte_write(entry, 0);
	edit->emptied = true;
	edit->first = address < edit->first ? address : edit->first;
	edit->end = address + PAGE_SIZE > edit->end ? address + PAGE_SIZE : edit->end;
	return true;
}

#endif
