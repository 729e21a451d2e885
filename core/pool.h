/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory of EL2 after boot: one pool of pages with a quota for each owner. There is no heap; what lives as
 * long as the SPMC comes from the boot arena (arena.h).
 */
#ifndef CORE_POOL_H
#define CORE_POOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/lock.h"

/**
 * How many pages of the pool one owner may hold, and how many it gets whatever others hold. Guarded by the
 * pool's lock.
 */
struct quota {
	uint32_t limit_pages;
	uint32_t reserved_pages; /* at most limit_pages */
	_Atomic uint32_t used_pages; /* read without the lock where an old value does no harm */
};

/** Pages that the owner of @quota holds, or held a moment ago. */
static inline uint32_t quota_used(const struct quota *quota)
{
	return atomic_load_explicit(&quota->used_pages, memory_order_relaxed);
}

struct page_pool {
	struct lock lock; /* RANK_POOL; guards all below and every quota */
	void *free; /* singly linked through the free pages */
	uint32_t free_count;
	uint32_t promised_count; /* of the free ones: what reserves of owners have left */
	uint32_t total_count;
};

/** Pages taken from the pool but not yet in use: what a plan reserves and its commit consumes. */
struct page_reservation {
	void *pages; /* singly linked */
	uint32_t count;
	struct quota *quota;
};

void page_pool_init(struct page_pool *pool);

/** Gives @range, mapped at @pointer, to @pool for good. */
void page_pool_add(struct page_pool *pool, void *pointer, uint64_t page_count);

/** Promises @pages of the pool to @quota, and allows it @limit. Boot only. */
void page_pool_promise(struct page_pool *pool, struct quota *quota, uint32_t pages, uint32_t limit);

/** Takes @count pages for the owner of @quota, or none at all (false: quota or pool exhausted). */
bool page_pool_reserve(struct page_pool *pool, struct quota *quota, uint32_t count,
		       struct page_reservation *reservation);

/** One zeroed page of @reservation; cannot fail while its count is not 0. */
void *page_reservation_take(struct page_reservation *reservation);

/** As page_reservation_take(), with whatever the page held before. */
void *page_reservation_take_dirty(struct page_reservation *reservation);

/** Gives back what is left of @reservation. */
void page_pool_cancel(struct page_pool *pool, struct page_reservation *reservation);

/** Gives back a page that was taken. */
void page_pool_free(struct page_pool *pool, struct quota *quota, void *page);

#endif
