/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The page pool: whole pages of EL2 memory for translation tables and the like, taken by reservation so
 * that a plan can promise what its commit will need. Knows nothing of what the pages are used for.
 * Locks: RANK_POOL, for a time bounded by the pages asked for.
 */
#include "core/pool.h"

#include "arch/arch.h"
#include "core/assert.h"

/* A free page holds the link to the next one. */
struct free_page {
	struct free_page *next;
};

/** Makes @pool empty. Boot only. */
void page_pool_init(struct page_pool *pool)
{
	lock_init(&pool->lock, RANK_POOL);
	pool->free = NULL;
	pool->free_count = 0;
	pool->total_count = 0;
	pool->promised_count = 0;
}

/**
 * Gives pages to @pool for good.
 *
 * @pointer     page-aligned memory that EL2 has mapped for good; need not be zero.
 * @page_count  number of pages there.
 */
void page_pool_add(struct page_pool *pool, void *pointer, uint64_t page_count)
{
	uint8_t *page = pointer;

	assert(page_aligned((uintptr_t)pointer));

	lock_acquire(&pool->lock);
	for (uint64_t i = 0; i < page_count; i++) {
		/* From the end, so that pages are handed out by rising address. */
		struct free_page *last = (void *)(page + ((page_count - 1 - i) << PAGE_SHIFT));

		last->next = pool->free;
		pool->free = last;
	}
	pool->free_count += (uint32_t)page_count;
	pool->total_count += (uint32_t)page_count;
	lock_release(&pool->lock);
}

/** What is left of the reserve of @quota. */
static uint32_t promised_left(const struct quota *quota)
{
	uint32_t used = quota_used(quota);

	return used < quota->reserved_pages ? quota->reserved_pages - used : 0;
}

void page_pool_promise(struct page_pool *pool, struct quota *quota, uint32_t pages, uint32_t limit)
{
	lock_acquire(&pool->lock);
	pool->promised_count -= promised_left(quota);
	quota->limit_pages = limit;
	quota->reserved_pages = pages < limit ? pages : limit;
	pool->promised_count += promised_left(quota);
	lock_release(&pool->lock);
}

/** Nobody gets what was promised to others, as far as there is that much. */
static bool can_reserve(const struct page_pool *pool, const struct quota *quota, uint32_t count)
{
	uint32_t for_others = pool->promised_count - promised_left(quota);
	uint32_t used = quota_used(quota);

	return count <= pool->free_count && for_others <= pool->free_count - count &&
	       used <= quota->limit_pages && count <= quota->limit_pages - used;
}

/** Changes what the owner of @quota has by @count pages. */
static void charge(struct page_pool *pool, struct quota *quota, int64_t count)
{
	pool->promised_count -= promised_left(quota);
	atomic_store_explicit(&quota->used_pages, (uint32_t)(quota_used(quota) + count),
			      memory_order_relaxed);
	pool->promised_count += promised_left(quota);
}

/**
 * Takes @count pages (0 is fine) for the owner of @quota, all or none.
 *
 * @reservation  filled in; to be consumed with page_reservation_take() and given back with
 *               page_pool_cancel().
 *
 * Returns false when the quota or the pool does not have that many; nothing has changed then, and
 * @reservation is empty.
 */
bool page_pool_reserve(struct page_pool *pool, struct quota *quota, uint32_t count,
		       struct page_reservation *reservation)
{
	bool granted;

	*reservation = (struct page_reservation){ .quota = quota };
	if (count == 0) {
		return true;
	}

	lock_acquire(&pool->lock);
	granted = can_reserve(pool, quota, count);
	if (granted) {
		struct free_page *last = pool->free;

		reservation->pages = pool->free;
		reservation->count = count;
		for (uint32_t i = 1; i < count; i++) {
			last = last->next;
		}
		pool->free = last->next;
		last->next = NULL;
		pool->free_count -= count;
		charge(pool, quota, count);
	}
	lock_release(&pool->lock);
	return granted;
}

/** Takes one page out of @reservation as it is. Cannot fail: its count is not 0. */
void *page_reservation_take_dirty(struct page_reservation *reservation)
{
	struct free_page *page = reservation->pages;

	assert(reservation->count > 0);

	reservation->pages = page->next;
	reservation->count--;
	return page;
}

/** As above, zeroed. */
void *page_reservation_take(struct page_reservation *reservation)
{
	void *page = page_reservation_take_dirty(reservation);

	arch_clear_page(page);
	return page;
}

/** Gives the pages back that were not taken out of @reservation; it is empty afterwards. */
void page_pool_cancel(struct page_pool *pool, struct page_reservation *reservation)
{
	while (reservation->count > 0) {
		struct free_page *page = reservation->pages;

		reservation->pages = page->next;
		reservation->count--;
		page_pool_free(pool, reservation->quota, page);
	}
}

/**
 * Gives @page back.
 *
 * @quota  the one it was reserved with.
 * @page   taken from a reservation of @pool; nobody uses it any more, no translation table walk either.
 */
void page_pool_free(struct page_pool *pool, struct quota *quota, void *page)
{
	struct free_page *link = page;

	lock_acquire(&pool->lock);
	assert(quota_used(quota) > 0);
	charge(pool, quota, -1);
	link->next = pool->free;
	pool->free = link;
	pool->free_count++;
	lock_release(&pool->lock);
}
