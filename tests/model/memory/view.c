/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading tables and transactions; nothing here relies on the code that edits them. */
#include "tests/model/memory/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/ffa_memory.h"
#include "core/space_walk.h"
#include "tests/unit/ffa/ffa_fixture.h"

enum {
	PARTITIONS = 8,
	SECURE_PAGES = 5 * 256, /* from the first partition's on */
	PAGES = SECURE_PAGES + NS_PAGES,
};

/* Who has an entry for a page: bits are positions of partitions. */
struct page {
	uint8_t alone, shared, hidden, borrowed;
	uint16_t map[PARTITIONS];
	bool recorded;
	bool buffer;
	uint8_t transactions;
};

static struct page pages[PAGES];
static uint32_t table_count;

void (*view_tell)(void);

_Noreturn void view_fail(const char *file, int line, const char *what)
{
	printf("%s:%d: %s\n", file, line, what);
	if (view_tell != NULL) {
		view_tell();
	}
	fflush(stdout);
	abort();
}

static struct page *page_at(uint64_t address)
{
	uint64_t first = base_of(SP1);

	if (address >= first && address < first + SECURE_PAGES * PAGE_SIZE) {
		return &pages[(address - first) >> PAGE_SHIFT];
	}
	if (address >= NS_BASE && address < NS_BASE + NS_PAGES * PAGE_SIZE) {
		return &pages[SECURE_PAGES + ((address - NS_BASE) >> PAGE_SHIFT)];
	}
	return NULL;
}

/* ---- single entries ----------------------------------------------------------------------------- */

static unsigned map_of_entry(const struct space *space, uint64_t pte, unsigned level)
{
	if (pte == 0) {
		return 0;
	}
	return arch_pte_map(space->kind, pte, level) |
	       (arch_pte_is_leaf(pte, level) ? 0 : VIEW_HIDDEN);
}

static unsigned find(const struct space *space, enum world world, uint64_t address)
{
	const uint64_t *table = space->table[world];
	unsigned level = arch_space_first_level();

	for (;; level++) {
		uint64_t pte = table[entry_index(address, level)];

		if (!arch_pte_is_table(pte, level)) {
			return map_of_entry(space, pte, level);
		}
		table = next_table(pte, level);
	}
}

unsigned view_map(uint16_t id, uint64_t address)
{
	const struct space *space = &partition_of(id)->space;
	unsigned secure = find(space, WORLD_SECURE, address);
	unsigned other = space->table[0] == space->table[1]
				 ? 0
				 : find(space, WORLD_NON_SECURE, address);

	REQUIRE(secure == 0 || other == 0);
	return secure | other;
}

unsigned view_record(uint64_t address)
{
	return find(&the_spmc()->ns_record, WORLD_SECURE, address);
}

/* ---- all tables --------------------------------------------------------------------------------- */

static void take_entry(unsigned n, uint64_t address, unsigned map)
{
	struct page *page = page_at(address);
	uint8_t bit = (uint8_t)(1U << n);

	REQUIRE(page != NULL); /* nobody has memory that there is not */
	REQUIRE(page->map[n] == 0);
	page->map[n] = (uint16_t)map;
	if ((map & VIEW_HIDDEN) != 0) {
		page->hidden |= bit;
	} else if ((map & ARCH_MAP_BORROWED) != 0) {
		page->borrowed |= bit;
	} else if ((map & ARCH_MAP_SHARED) != 0) {
		page->shared |= bit;
	} else {
		page->alone |= bit;
	}
}

/** Entry of the partition with number @n; PARTITIONS: of the record. */
static void take_leaf(unsigned n, uint64_t address, uint64_t size, unsigned map)
{
	for (uint64_t at = address; at < address + size; at += PAGE_SIZE) {
		if (n < PARTITIONS) {
			take_entry(n, at, map);
		} else {
			REQUIRE(page_at(at) != NULL && (map & VIEW_HIDDEN) == 0);
			page_at(at)->recorded = true;
		}
	}
}

static void walk(const struct space *space, unsigned n, const uint64_t *table, unsigned level,
		 uint64_t base)
{
	table_count++;
	for (size_t i = 0; i < SPACE_ENTRY_COUNT; i++) {
		uint64_t pte = table[i];

		if (pte == 0) {
			continue;
		}
		if (arch_pte_is_table(pte, level)) {
			walk(space, n, next_table(pte, level), level + 1,
			     base + i * level_size(level));
		} else {
			REQUIRE(host_contiguous_is_right(table, i, level));
			take_leaf(n, base + i * level_size(level), level_size(level),
				  map_of_entry(space, pte, level));
		}
	}
}

static void walk_space(const struct space *space, unsigned n)
{
	unsigned worlds = space->table[0] == space->table[1] ? 1 : 2;

	for (unsigned world = 0; world < worlds; world++) {
		if (space->table[world] != NULL) {
			walk(space, n, space->table[world], arch_space_first_level(), 0);
		}
	}
}

/** Those of a dead partition stay as they were. */
static void mark_buffers(const struct mailbox *mailbox, bool is_dead)
{
	for (unsigned i = 0; i < mailbox->tx.page_count && (mailbox->mapped || is_dead); i++) {
		page_at(mailbox->tx.base.pa + i * PAGE_SIZE)->buffer = true;
		page_at(mailbox->rx.base.pa + i * PAGE_SIZE)->buffer = true;
	}
}

/* ---- transactions ------------------------------------------------------------------------------- */

/** Position of partition @id; PARTITIONS: it is none. */
static unsigned position_of(uint16_t id)
{
	const struct partition *partition = spmc_partition(the_spmc(), id);

	return partition == NULL ? PARTITIONS : (unsigned)(partition - the_spmc()->partitions);
}

/** What the borrower may have of the page, and not more. */
static void check_borrower(const struct transaction *transaction, const struct borrower *borrower,
			   const struct page *page)
{
	unsigned n = position_of(borrower->id);
	unsigned map = n == PARTITIONS ? 0 : page->map[n];
	bool writable = (borrower->granted & FFA_MEMORY_DATA_MASK) == FFA_MEMORY_DATA_RW;

	if (n == PARTITIONS || transaction->kind == TRANSACTION_DONATE) {
		return;
	}
	if (!borrower->retrieved) {
		REQUIRE(map == 0);
		return;
	}
	REQUIRE((map & (ARCH_MAP_BORROWED | ARCH_MAP_SHARED | VIEW_HIDDEN)) == ARCH_MAP_BORROWED);
	REQUIRE(((map & ARCH_MAP_WRITE) != 0) == writable);
	REQUIRE(!writable || transaction->kind != TRANSACTION_DONATE);
	REQUIRE((borrower->granted & borrower->permissions & FFA_MEMORY_DATA_RW) ==
		(borrower->granted & FFA_MEMORY_DATA_RW));
	REQUIRE(((map ^ transaction->sender_map) & ARCH_MAP_NON_SECURE) == 0);
}

static void check_page(struct transaction *transaction, uint64_t address)
{
	struct page *page = page_at(address);
	unsigned n = position_of(transaction->sender);
	uint8_t allowed = 0;

	REQUIRE(page != NULL);
	page->transactions++;
	if (n == PARTITIONS) {
		REQUIRE(page->recorded);
	} else if (transaction->kind == TRANSACTION_SHARE) {
		REQUIRE(page->shared == 1U << n);
	} else {
		REQUIRE(page->hidden == 1U << n);
	}
	for (unsigned i = 0; i < transaction->borrower_count; i++) {
		const struct borrower *borrower = &transaction->borrowers[i];

		check_borrower(transaction, borrower, page);
		if (borrower->retrieved && position_of(borrower->id) < PARTITIONS) {
			allowed |= (uint8_t)(1U << position_of(borrower->id));
		}
	}
	REQUIRE((page->borrowed & ~allowed) == 0);
}

static void check_transaction(struct transaction *transaction)
{
	struct constituent_walk walk = transaction_walk(transaction, 0);
	const struct constituent *constituent;
	uint64_t count = 0;

	REQUIRE(transaction->received_count <= transaction->constituent_count);
	REQUIRE(transaction->complete ==
		(transaction->received_count == transaction->constituent_count));
	while (transaction->complete && (constituent = constituent_next(&walk)) != NULL) {
		count += constituent->page_count;
		for (unsigned i = 0; i < constituent->page_count; i++) {
			check_page(transaction, constituent->address + i * PAGE_SIZE);
		}
	}
	REQUIRE(!transaction->complete || count == transaction->page_count);
}

static uint32_t pages_of_transaction(const struct transaction *transaction)
{
	uint32_t count = 1;

	for (const struct constituent_page *page = transaction->further; page != NULL;
	     page = page->next) {
		count++;
	}
	return count;
}

/* ---- pages -------------------------------------------------------------------------------------- */

static bool is_one(unsigned bits)
{
	return (bits & (bits - 1)) == 0;
}

static void check_entries(const struct page *page, bool secure)
{
	unsigned owners = page->alone | page->shared | page->hidden;

	REQUIRE(page->transactions <= 1);
	REQUIRE(is_one(page->alone));
	if (page->borrowed != 0) {
		REQUIRE(page->transactions == 1);
	}
	if (page->transactions == 0) {
		REQUIRE(is_one(owners));
		REQUIRE(page->hidden == 0 && (page->shared == 0 || page->buffer));
	}
	if (page->alone != 0) { /* donated memory may be on its way out of its sender's tables */
		REQUIRE(page->borrowed == 0 && page->shared == 0);
		REQUIRE(page->hidden == 0 || page->transactions == 1);
	}
	if (!secure && (owners | page->borrowed) != 0) {
		REQUIRE(page->recorded);
	}
	for (unsigned i = 0; i < PARTITIONS; i++) {
		REQUIRE(page->map[i] == 0 ||
			((page->map[i] & ARCH_MAP_NON_SECURE) != 0) == !secure);
	}
}

static uint32_t used_pages(const struct spmc *spmc)
{
	uint32_t used = spmc->ns_quota.used_pages;

	for (unsigned i = 0; i < spmc->partition_count; i++) {
		used += spmc->partitions[i].quota.used_pages;
	}
	return used;
}

static void read_all(struct spmc *spmc)
{
	memset(pages, 0, sizeof(pages));
	table_count = 0;
	walk_space(&spmc->ns_record, PARTITIONS);
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		walk_space(&spmc->partitions[i].space, i);
		mark_buffers(&spmc->partitions[i].endpoint.mailbox,
			     partition_state(&spmc->partitions[i]) == PARTITION_ABORTED);
	}
	mark_buffers(&spmc->normal_world->mailbox, false);
}

void view_check(void)
{
	struct spmc *spmc = the_spmc();
	uint32_t used = 0;

	read_all(spmc);
	for (unsigned i = 0; i < TRANSACTION_SLOTS; i++) {
		struct transaction *transaction = spmc->transactions.slots[i].transaction;

		REQUIRE(spmc->transactions.slots[i].lock.next ==
			spmc->transactions.slots[i].lock.serving);
		REQUIRE((spmc->transactions.free[i / 64] >> i % 64 & 1) == (transaction == NULL));
		if (transaction != NULL) {
			check_transaction(transaction);
			used += pages_of_transaction(transaction);
		}
	}
	for (unsigned i = 0; i < PAGES; i++) {
		check_entries(&pages[i], i < SECURE_PAGES);
	}
	REQUIRE(used_pages(spmc) == used + table_count);
	REQUIRE(spmc->pool.free_count + used + table_count == spmc->pool.total_count);
}

unsigned view_transactions(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < TRANSACTION_SLOTS; i++) {
		count += the_spmc()->transactions.slots[i].transaction != NULL ? 1 : 0;
	}
	return count;
}

static uint64_t mix(uint64_t sum, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < size; i++) {
		sum = (sum ^ at[i]) * UINT64_C(0x100000001b3);
	}
	return sum;
}

uint64_t view_sum(void)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (unsigned i = 0; i < TRANSACTION_SLOTS / 64; i++) {
		for (uint64_t left = ~the_spmc()->transactions.free[i]; left != 0;
		     left &= left - 1) {
			unsigned n = i * 64 + (unsigned)__builtin_ctzll(left);
			const struct transaction *one =
				the_spmc()->transactions.slots[n].transaction;

			sum = mix(sum, one, offsetof(struct transaction, borrowers));
			sum = mix(sum, one->borrowers,
				  one->borrower_count * sizeof(one->borrowers[0]));
		}
	}
	return sum;
}
