/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages and entries of a snapshot. What belongs into one is ffa/'s business. Locks: RANK_POOL. */
#include "core/ns_snapshot.h"

void ns_snapshot_init(struct ns_snapshot *snapshot, struct page_pool *pool, struct quota *quota)
{
	lock_init(&snapshot->lock, RANK_NS_SNAPSHOT);
	snapshot->pool = pool;
	snapshot->quota = quota;
}

/** Appends a page. False: none to be had, or too many. */
static bool add_page(struct ns_snapshot *snapshot) REQUIRES(snapshot -> lock)
{
	struct page_reservation reservation;
	struct ns_snapshot_page *page;

	if (snapshot->page_count == NS_SNAPSHOT_PAGES_MAX ||
	    !page_pool_reserve(snapshot->pool, snapshot->quota, 1, &reservation)) {
		return false;
	}
	page = page_reservation_take_dirty(&reservation);
	page->next = NULL;
	if (snapshot->last == NULL) {
		snapshot->first = page;
	} else {
		snapshot->last->next = page;
	}
	snapshot->last = page;
	snapshot->page_count++;
	return true;
}

bool ns_snapshot_begin(struct ns_snapshot *snapshot)
{
	ns_snapshot_drop(snapshot);
	return add_page(snapshot);
}

void ns_snapshot_drop(struct ns_snapshot *snapshot)
{
	while (snapshot->first != NULL) {
		struct ns_snapshot_page *page = snapshot->first;

		snapshot->first = page->next;
		page_pool_free(snapshot->pool, snapshot->quota, page);
	}
	snapshot->last = NULL;
	snapshot->page_count = 0;
	snapshot->count = 0;
	snapshot->read_count = 0;
}

/** The entry that was added last, or NULL. */
static struct ffa_ns_range *last_entry(const struct ns_snapshot *snapshot)
{
	return snapshot->count == 0
		       ? NULL
		       : &snapshot->last->entries[(snapshot->count - 1) % NS_SNAPSHOT_PAGE_ENTRIES];
}

/** Makes @range a part of @entry if it lies behind it and is reached in the same way. */
static bool extend(struct ffa_ns_range *entry, struct page_range range, struct ffa_ns_range how)
{
	if (entry == NULL ||
	    entry->address + ((uint64_t)entry->page_count << PAGE_SHIFT) != range.base.pa ||
	    entry->permissions != how.permissions || entry->endpoint != how.endpoint ||
	    entry->flags != how.flags || range.page_count > UINT32_MAX - entry->page_count) {
		return false;
	}
	entry->page_count += (uint32_t)range.page_count;
	return true;
}

static bool append(struct ns_snapshot *snapshot, struct ffa_ns_range entry)
	REQUIRES(snapshot -> lock)
{
	uint32_t at = snapshot->count % NS_SNAPSHOT_PAGE_ENTRIES;

	if (at == 0 && snapshot->count > 0 && !add_page(snapshot)) {
		return false;
	}
	snapshot->last->entries[at] = entry;
	snapshot->count++;
	return true;
}

bool ns_snapshot_add(struct ns_snapshot *snapshot, struct page_range range, struct ffa_ns_range how)
{
	bool added = extend(last_entry(snapshot), range, how);

	while (!added) {
		uint64_t count = range.page_count < UINT32_MAX ? range.page_count : UINT32_MAX;

		how.address = range.base.pa;
		how.page_count = (uint32_t)count;
		if (!append(snapshot, how)) {
			return false;
		}
		range.base.pa += count << PAGE_SHIFT;
		range.page_count -= count;
		added = range.page_count == 0;
	}
	return true;
}

struct ffa_ns_range ns_snapshot_next(struct ns_snapshot *snapshot)
{
	struct ns_snapshot_page *page = snapshot->first;
	uint32_t at = snapshot->read_count % NS_SNAPSHOT_PAGE_ENTRIES;

	if (at == 0 && snapshot->read_count > 0) {
		snapshot->first = page->next;
		page_pool_free(snapshot->pool, snapshot->quota, page);
		page = snapshot->first;
	}
	snapshot->read_count++;
	return page->entries[at];
}
