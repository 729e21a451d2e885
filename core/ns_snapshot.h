/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A list of who reaches which memory of the normal world, as it was at one moment, on its way to the normal
 * world. It lies in pages of the pool that the normal world's quota pays for.
 */
#ifndef CORE_NS_SNAPSHOT_H
#define CORE_NS_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/ffa_ns_res_info.h"
#include "core/address.h"
#include "core/lock.h"
#include "core/pool.h"

enum {
	NS_SNAPSHOT_PAGES_MAX = 64,
	NS_SNAPSHOT_PAGE_ENTRIES = 255,
};

struct ns_snapshot_page {
	struct ns_snapshot_page *next;
	uint64_t reserved;
	struct ffa_ns_range entries[NS_SNAPSHOT_PAGE_ENTRIES];
};

_Static_assert(sizeof(struct ns_snapshot_page) == PAGE_SIZE, "a page of the pool");

struct ns_snapshot {
	struct page_pool *pool; /* immutable */
	struct quota *quota; /* immutable; of the normal world */

	struct lock lock; /* RANK_NS_SNAPSHOT; guards all below */
	struct ns_snapshot_page *first, *last; /* NULL: there is none */
	uint32_t page_count;
	uint32_t count; /* of entries */
	uint32_t read_count; /* entries that were read; all pages before theirs are free again */
};

/** There is none yet. @pool and @quota stay where they are. Boot only. */
void ns_snapshot_init(struct ns_snapshot *snapshot, struct page_pool *pool, struct quota *quota);

/** Begins an empty one in place of what was there. False: no page for it, and there is none then. */
bool ns_snapshot_begin(struct ns_snapshot *snapshot) REQUIRES(snapshot -> lock);

/**
 * Adds @range, reached as the other fields of @how say; it may become part of the entry before. False: no page
 * for it, or too many.
 */
bool ns_snapshot_add(struct ns_snapshot *snapshot, struct page_range range, struct ffa_ns_range how)
	REQUIRES(snapshot -> lock);

/** The next entry; there is one. */
struct ffa_ns_range ns_snapshot_next(struct ns_snapshot *snapshot) REQUIRES(snapshot -> lock);

static inline bool ns_snapshot_exists(const struct ns_snapshot *snapshot)
{
	return snapshot->first != NULL;
}

/** Entries that are still to be read. */
static inline uint32_t ns_snapshot_left(const struct ns_snapshot *snapshot)
{
	return snapshot->count - snapshot->read_count;
}

/** Gives all pages back. There need be none. */
void ns_snapshot_drop(struct ns_snapshot *snapshot) REQUIRES(snapshot -> lock);

#endif
