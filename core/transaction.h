/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transactions (DEN0140): what an owner has sent, to whom, which of them holds it. A transaction
 * lives in a page of the pool that its sender's quota pays for, with further pages for constituents beyond
 * what fits there. It is found by its handle through a table of slots, whose lock guards it.
 *
 * Once all of it was sent a transaction is immutable, but for what its borrowers have of it.
 */
#ifndef CORE_TRANSACTION_H
#define CORE_TRANSACTION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "arch/arch.h"
#include "core/address.h"
#include "core/arena.h"
#include "core/lock.h"
#include "core/pool.h"

enum {
	TRANSACTION_BORROWERS_MAX = 32,
	TRANSACTION_SLOTS = 2048, /* at a time; pages of the pool run out before */
	TRANSACTION_INSIDE_MAX = 160, /* constituents in its own page */
	TRANSACTION_PAGE_MAX = 255, /* constituents in each further page */
};

enum transaction_kind {
	TRANSACTION_SHARE = 1, /* values of the flags field of descriptors */
	TRANSACTION_LEND = 2,
	TRANSACTION_DONATE = 3,
};

/** A range as descriptors hold it. */
struct constituent {
	uint64_t address;
	uint32_t page_count;
	uint32_t reserved;
};

struct constituent_page {
	struct constituent_page *next;
	uint64_t reserved;
	struct constituent constituents[TRANSACTION_PAGE_MAX];
};

_Static_assert(sizeof(struct constituent_page) == PAGE_SIZE, "a page of the pool");

struct borrower {
	uint16_t id;
	uint8_t permissions; /* as sent */
	uint8_t granted; /* as retrieved */
	bool has_value; /* implementation-defined values were sent */
	bool retrieved; /* has the memory */
	bool zero_after; /* wants it zeroed when it leaves */
	uint8_t attributes; /* as retrieved, without NS */
	uint64_t value[2];

	/* While a retrieve response is handed out in fragments: next constituent, bytes so far; else 0. */
	uint32_t next_constituent;
	uint32_t sent_bytes;
};

struct transaction {
	uint64_t handle;
	uint64_t tag;
	struct quota *quota; /* of the sender: pays for all pages */
	uint16_t sender;
	uint16_t kind; /* enum transaction_kind */
	uint16_t attributes; /* as sent */
	uint32_t flags; /* as sent */
	uint32_t sender_map; /* how the sender had it mapped (enum arch_map) */
	bool complete; /* all constituents were sent; the sender has given it away */
	bool orphaned; /* the sender is gone: nobody may retrieve it any more */
	bool zero; /* when the last borrower leaves: one of them has asked for it */
	bool hypervisor_retrieving;
	uint16_t borrower_count;

	uint32_t page_count; /* of all constituents, as announced */
	uint32_t constituent_count; /* as announced */
	uint32_t received_count; /* constituents so far */
	uint32_t received_bytes; /* of the descriptor, as its sender counts */
	uint64_t received_pages;

	/* Hypervisor retrieve in progress: as those of a borrower. */
	uint32_t hypervisor_next;
	uint32_t hypervisor_bytes;

	struct constituent_page *further, *last;
	struct borrower borrowers[TRANSACTION_BORROWERS_MAX];
	struct constituent inside[TRANSACTION_INSIDE_MAX];
};

_Static_assert(sizeof(struct transaction) <= PAGE_SIZE, "a page of the pool");

struct transaction_slot {
	struct lock lock; /* RANK_TRANSACTION; guards all below and the transaction */
	struct transaction *transaction; /* NULL: free */
	uint32_t generation; /* of the handles that this slot has had */
};

struct transaction_table {
	struct lock lock; /* RANK_TRANSACTION_TABLE; guards `free` */
	uint64_t free[TRANSACTION_SLOTS / 64]; /* bit n: slot n */
	struct transaction_slot *slots;
	struct page_pool *pool;
};

/** Carves the slots out of @arena. Boot only. False: no memory. */
bool transaction_table_init(struct transaction_table *table, struct arena *arena,
			    struct page_pool *pool);

/**
 * A new transaction, empty, paid for by @quota; its slot is locked. NULL: no page, or no slot.
 */
struct transaction_slot *transaction_create(struct transaction_table *table, struct quota *quota);

/** The slot of @handle, locked; NULL: there is no such transaction. */
struct transaction_slot *transaction_find(struct transaction_table *table, uint64_t handle);

/** Slot @n if it has a transaction, locked; else NULL. For those who look at all of them. */
struct transaction_slot *transaction_at(struct transaction_table *table, unsigned n);

/** Unlocks @slot. */
void transaction_leave(struct transaction_slot *slot);

/** Gives all pages of the transaction in @slot back and unlocks; the handle is dead. */
void transaction_destroy(struct transaction_table *table, struct transaction_slot *slot);

/**
 * Room for the next constituents: @*count of them, at most @wanted, at least one. NULL: no page.
 */
struct constituent *transaction_extend(struct transaction_table *table,
				       struct transaction *transaction, uint32_t wanted,
				       uint32_t *count);

/** Where a walk over the constituents stands. */
struct constituent_walk {
	const struct constituent *at, *end; /* of those that lie together */
	const struct constituent_page *page; /* the next one */
	uint32_t left; /* behind @end */
};

struct constituent_walk transaction_walk(const struct transaction *transaction, uint32_t first);

/** Goes on to the next page. False: there is none. */
static inline bool constituent_walk_on(struct constituent_walk *walk)
{
	uint32_t count = walk->left < TRANSACTION_PAGE_MAX ? walk->left : TRANSACTION_PAGE_MAX;

	if (count == 0) {
		return false;
	}
	walk->at = walk->page->constituents;
	walk->end = walk->at + count;
	walk->page = walk->page->next;
	walk->left -= count;
	return true;
}

/** Next constituent, or NULL. */
static inline const struct constituent *constituent_next(struct constituent_walk *walk)
{
	if (walk->at == walk->end && !constituent_walk_on(walk)) {
		return NULL;
	}
	return walk->at++;
}

static inline struct page_range constituent_range(const struct constituent *constituent)
{
	return (struct page_range){ .base = paddr(constituent->address),
				    .page_count = constituent->page_count };
}

/** The borrower with @id, or NULL. */
struct borrower *transaction_borrower(struct transaction *transaction, uint16_t id);

/** True when a borrower has the memory, or is still being told of it. */
bool transaction_is_held(const struct transaction *transaction);

/** The IPA space that the memory is in, once its sender has given it away. */
static inline enum world transaction_world(const struct transaction *transaction)
{
	return (transaction->sender_map & ARCH_MAP_NON_SECURE) != 0 ? WORLD_NON_SECURE
								    : WORLD_SECURE;
}

/** True when the owner may have the memory zeroed: it can write it, and it is no device. */
static inline bool transaction_can_be_zeroed(const struct transaction *transaction)
{
	return (transaction->sender_map & (ARCH_MAP_WRITE | ARCH_MAP_DEVICE)) == ARCH_MAP_WRITE;
}

#endif
