/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transactions as objects: slots, handles, pages. What may be sent and retrieved is ffa/'s business.
 *
 * A handle names a slot and a generation of it, so that one that has died is not taken for a later one. It
 * is never all ones, and its bit 63 is clear: the SPMC allocated it.
 * Locks: RANK_TRANSACTION_TABLE to take and give back slots, with RANK_TRANSACTION held; RANK_POOL.
 */
#include "core/transaction.h"

#include "core/assert.h"

enum {
	WORD_BITS = 64,
	GENERATION_BITS = 31,
};

#define GENERATION_MASK ((UINT32_C(1) << GENERATION_BITS) - 1)
#define HANDLE_GENERATION_SHIFT 32

bool transaction_table_init(struct transaction_table *table, struct arena *arena,
			    struct page_pool *pool)
{
	table->slots = arena_take(arena, TRANSACTION_SLOTS * sizeof(struct transaction_slot),
				  _Alignof(struct transaction_slot));
	if (table->slots == NULL) {
		return false;
	}
	lock_init(&table->lock, RANK_TRANSACTION_TABLE);
	table->pool = pool;
	for (unsigned i = 0; i < TRANSACTION_SLOTS; i++) {
		lock_init(&table->slots[i].lock, RANK_TRANSACTION);
		table->free[i / WORD_BITS] |= UINT64_C(1) << i % WORD_BITS;
	}
	return true;
}

/* ---- slots -------------------------------------------------------------------------------------- */

/** Takes a free slot; NULL: there is none. */
static struct transaction_slot *take_slot(struct transaction_table *table)
{
	struct transaction_slot *slot = NULL;

	lock_acquire(&table->lock);
	for (unsigned i = 0; i < TRANSACTION_SLOTS / WORD_BITS && slot == NULL; i++) {
		if (table->free[i] != 0) {
			unsigned bit = (unsigned)__builtin_ctzll(table->free[i]);

			table->free[i] &= table->free[i] - 1;
			slot = &table->slots[i * WORD_BITS + bit];
		}
	}
	lock_release(&table->lock);
	return slot;
}

static void give_slot(struct transaction_table *table, const struct transaction_slot *slot)
{
	unsigned n = (unsigned)(slot - table->slots);

	lock_acquire(&table->lock);
	table->free[n / WORD_BITS] |= UINT64_C(1) << n % WORD_BITS;
	lock_release(&table->lock);
}

struct transaction_slot *transaction_create(struct transaction_table *table, struct quota *quota)
	NO_THREAD_SAFETY
{
	struct page_reservation reservation;
	struct transaction_slot *slot;
	struct transaction *transaction;

	if (!page_pool_reserve(table->pool, quota, 1, &reservation)) {
		return NULL;
	}
	slot = take_slot(table);
	if (slot == NULL) {
		page_pool_cancel(table->pool, &reservation);
		return NULL;
	}
	transaction = page_reservation_take_dirty(&reservation);

	lock_acquire(&slot->lock);
	slot->generation = (slot->generation + 1) & GENERATION_MASK;
	slot->transaction = transaction;
	__builtin_memset(transaction, 0, offsetof(struct transaction, borrowers));
	transaction->handle = (uint64_t)slot->generation << HANDLE_GENERATION_SHIFT |
			      (uint64_t)(slot - table->slots);
	transaction->quota = quota;
	return slot;
}

struct transaction_slot *transaction_at(struct transaction_table *table, unsigned n)
	NO_THREAD_SAFETY
{
	struct transaction_slot *slot = &table->slots[n];

	lock_acquire(&slot->lock);
	if (slot->transaction != NULL) {
		return slot;
	}
	lock_release(&slot->lock);
	return NULL;
}

struct transaction_slot *transaction_find(struct transaction_table *table, uint64_t handle)
	NO_THREAD_SAFETY
{
	struct transaction_slot *slot;

	if ((uint32_t)handle >= TRANSACTION_SLOTS) {
		return NULL;
	}
	slot = transaction_at(table, (unsigned)handle);
	if (slot == NULL || slot->transaction->handle == handle) {
		return slot;
	}
	lock_release(&slot->lock);
	return NULL;
}

void transaction_leave(struct transaction_slot *slot) NO_THREAD_SAFETY
{
	lock_release(&slot->lock);
}

void transaction_destroy(struct transaction_table *table, struct transaction_slot *slot)
	NO_THREAD_SAFETY
{
	struct transaction *transaction = slot->transaction;
	struct constituent_page *page = transaction->further;

	while (page != NULL) {
		struct constituent_page *next = page->next;

		page_pool_free(table->pool, transaction->quota, page);
		page = next;
	}
	page_pool_free(table->pool, transaction->quota, transaction);
	slot->transaction = NULL;
	give_slot(table, slot);
	lock_release(&slot->lock);
}

/* ---- constituents ------------------------------------------------------------------------------- */

/** Adds a page for more constituents; false: no memory. */
static bool add_page(struct transaction_table *table, struct transaction *transaction)
{
	struct page_reservation reservation;
	struct constituent_page *page;

	if (!page_pool_reserve(table->pool, transaction->quota, 1, &reservation)) {
		return false;
	}
	page = page_reservation_take_dirty(&reservation);
	page->next = NULL;
	if (transaction->last == NULL) {
		transaction->further = page;
	} else {
		transaction->last->next = page;
	}
	transaction->last = page;
	return true;
}

struct constituent *transaction_extend(struct transaction_table *table,
				       struct transaction *transaction, uint32_t wanted,
				       uint32_t *count)
{
	uint32_t at = transaction->received_count;
	uint32_t in_page, room;

	if (at < TRANSACTION_INSIDE_MAX) {
		room = TRANSACTION_INSIDE_MAX - at;
		*count = wanted < room ? wanted : room;
		return &transaction->inside[at];
	}
	in_page = (at - TRANSACTION_INSIDE_MAX) % TRANSACTION_PAGE_MAX;
	if (in_page == 0 && !add_page(table, transaction)) {
		return NULL;
	}
	room = TRANSACTION_PAGE_MAX - in_page;
	*count = wanted < room ? wanted : room;
	return &transaction->last->constituents[in_page];
}

struct constituent_walk transaction_walk(const struct transaction *transaction, uint32_t first)
{
	const struct constituent *at = &transaction->inside[first];
	uint32_t room = first < TRANSACTION_INSIDE_MAX ? TRANSACTION_INSIDE_MAX - first : 0;
	uint32_t left = transaction->received_count - first;
	struct constituent_walk walk = { .page = transaction->further };

	if (room == 0) {
		uint32_t before = first - TRANSACTION_INSIDE_MAX;

		for (; before >= TRANSACTION_PAGE_MAX && walk.page != NULL;
		     before -= TRANSACTION_PAGE_MAX) {
			walk.page = walk.page->next;
		}
		if (walk.page == NULL) {
			return walk; /* nothing is left there */
		}
		at = &walk.page->constituents[before];
		room = TRANSACTION_PAGE_MAX - before;
		walk.page = walk.page->next;
	}
	walk.at = at;
	walk.end = at + (left < room ? left : room);
	walk.left = left < room ? 0 : left - room;
	return walk;
}

/* ---- borrowers ---------------------------------------------------------------------------------- */

struct borrower *transaction_borrower(struct transaction *transaction, uint16_t id)
{
	for (unsigned i = 0; i < transaction->borrower_count; i++) {
		if (transaction->borrowers[i].id == id) {
			return &transaction->borrowers[i];
		}
	}
	return NULL;
}

bool transaction_is_held(const struct transaction *transaction)
{
	for (unsigned i = 0; i < transaction->borrower_count; i++) {
		if (transaction->borrowers[i].retrieved) {
			return true;
		}
	}
	return false;
}
