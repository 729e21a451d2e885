/* SPDX-License-Identifier: BSD-3-Clause */
/* Slots, handles, pages and constituents of memory transactions. */
#include "core/transaction.h"

#include "arch/host/host.h"
#include "tests/unit/unit.h"

enum {
	PAGE_COUNT = 40,
	ARENA_SIZE = TRANSACTION_SLOTS * sizeof(struct transaction_slot) + 64,
};

static struct page_pool pool;
static struct transaction_table table;
static struct arena arena;
static struct quota quota;
static _Alignas(4096) uint8_t pages[PAGE_COUNT][4096];
static _Alignas(4096) uint8_t arena_memory[(ARENA_SIZE + 4095) / 4096 * 4096];

/** A table without transactions; its owner may have all PAGE_COUNT dirty pages. */
static void empty_table(void)
{
	host_reset();
	memset(pages, 0xa5, sizeof(pages));
	page_pool_init(&pool);
	page_pool_add(&pool, pages, PAGE_COUNT);
	quota = (struct quota){ .limit_pages = PAGE_COUNT };
	memset(&arena, 0, sizeof(arena));
	memset(arena_memory, 0, sizeof(arena_memory));
	memset(&table, 0, sizeof(table));
	arena_add(&arena, arena_memory, sizeof(arena_memory));
	CHECK(transaction_table_init(&table, &arena, &pool));
}

/** A new transaction, unlocked. Returns its handle. */
static uint64_t create(void)
{
	struct transaction_slot *slot = transaction_create(&table, &quota);
	uint64_t handle = slot == NULL ? UINT64_MAX : slot->transaction->handle;

	CHECK(slot != NULL);
	transaction_leave(slot);
	return handle;
}

static void destroy(uint64_t handle)
{
	struct transaction_slot *slot = transaction_find(&table, handle);

	CHECK(slot != NULL);
	transaction_destroy(&table, slot);
}

static bool exists(uint64_t handle)
{
	struct transaction_slot *slot = transaction_find(&table, handle);

	if (slot == NULL) {
		return false;
	}
	CHECK_EQUAL(slot->transaction->handle, handle);
	transaction_leave(slot);
	return true;
}

/* ---- slots and handles -------------------------------------------------------------------------- */

TEST(a_new_transaction_is_empty_whatever_its_page_held)
{
	struct transaction_slot *slot;
	struct transaction *transaction;

	empty_table();
	slot = transaction_create(&table, &quota);
	transaction = slot->transaction;

	CHECK_EQUAL(transaction->borrower_count, 0);
	CHECK_EQUAL(transaction->received_count, 0);
	CHECK_EQUAL(transaction->received_pages, 0);
	CHECK(!transaction->complete && !transaction->orphaned && !transaction->zero);
	CHECK(!transaction->hypervisor_retrieving);
	CHECK(transaction->further == NULL && transaction->last == NULL);
	CHECK(transaction->quota == &quota);
	CHECK(!transaction_is_held(transaction));
	CHECK_EQUAL(quota.used_pages, 1);
	transaction_leave(slot);
}

TEST(a_handle_finds_its_transaction_until_that_is_destroyed)
{
	uint64_t first, second;

	empty_table();
	first = create();
	second = create();
	CHECK(first != second);
	CHECK(exists(first) && exists(second));
	destroy(first);
	CHECK(!exists(first) && exists(second));
	destroy(second);
	CHECK(!exists(second));
	CHECK_EQUAL(quota.used_pages, 0);
	CHECK_EQUAL(pool.free_count, PAGE_COUNT);
}

TEST(a_handle_that_died_is_not_taken_for_a_later_one)
{
	uint64_t first, second;

	empty_table();
	first = create();
	destroy(first);
	second = create();
	CHECK_EQUAL((uint32_t)first, (uint32_t)second); /* the same slot */
	CHECK(first != second);
	CHECK(!exists(first) && exists(second));
}

TEST(handles_that_nobody_has_had_find_nothing)
{
	empty_table();
	CHECK(!exists(0));
	CHECK(!exists(1));
	CHECK(!exists(UINT64_MAX));
	CHECK(!exists(TRANSACTION_SLOTS));
	CHECK(!exists((UINT64_C(1) << 32) | TRANSACTION_SLOTS));
	CHECK(!exists(create() | UINT64_C(1) << 63));
	CHECK(!exists(create() + (UINT64_C(1) << 32)));
}

TEST(generations_wrap_without_bit_63_and_without_all_ones)
{
	uint64_t handle;

	empty_table();
	table.slots[0].generation = 0x7FFFFFFE;
	handle = create();
	CHECK_EQUAL(handle, UINT64_C(0x7FFFFFFF00000000));
	destroy(handle);
	handle = create();
	CHECK_EQUAL(handle, 0);
	CHECK(exists(handle));
	destroy(handle);
	CHECK_EQUAL(create(), UINT64_C(1) << 32);
}

TEST(slots_with_a_transaction_are_found_by_number)
{
	uint64_t handle;
	struct transaction_slot *slot;

	empty_table();
	create();
	handle = create();
	CHECK(transaction_at(&table, 2) == NULL);
	slot = transaction_at(&table, 1);
	CHECK_EQUAL(slot->transaction->handle, handle);
	transaction_leave(slot);
	destroy(handle);
	CHECK(transaction_at(&table, 1) == NULL);
}

TEST(without_a_page_no_slot_is_taken)
{
	empty_table();
	quota.limit_pages = 1;
	create();
	CHECK(transaction_create(&table, &quota) == NULL);
	CHECK_EQUAL(quota.used_pages, 1);
	quota.limit_pages = 2;
	CHECK_EQUAL((uint32_t)create(), 1);
}

TEST(without_a_slot_no_page_is_taken)
{
	empty_table();
	memset(table.free, 0, sizeof(table.free));
	CHECK(transaction_create(&table, &quota) == NULL);
	CHECK_EQUAL(quota.used_pages, 0);
	CHECK_EQUAL(pool.free_count, PAGE_COUNT);
	table.free[TRANSACTION_SLOTS / 64 - 1] = UINT64_C(1) << 63;
	CHECK_EQUAL((uint32_t)create(), TRANSACTION_SLOTS - 1);
	CHECK(transaction_create(&table, &quota) == NULL);
}

/* ---- constituents ------------------------------------------------------------------------------- */

/** Adds constituents 0... up to @total, @step at a time. */
static void add(struct transaction *transaction, uint32_t total, uint32_t step)
{
	while (transaction->received_count < total) {
		uint32_t left = total - transaction->received_count;
		uint32_t count;
		struct constituent *room = transaction_extend(&table, transaction,
							      left < step ? left : step, &count);

		CHECK(room != NULL && count > 0 && count <= step);
		for (uint32_t i = 0; i < count; i++) {
			room[i] = (struct constituent){ .address = transaction->received_count + i,
							.page_count = 1 };
		}
		transaction->received_count += count;
	}
}

/** All constituents of @transaction from @first on are there, in order. */
static void check_walk(const struct transaction *transaction, uint32_t first)
{
	struct constituent_walk walk = transaction_walk(transaction, first);
	const struct constituent *constituent;

	for (uint32_t n = first; n < transaction->received_count; n++) {
		constituent = constituent_next(&walk);
		CHECK_EQUAL(constituent == NULL ? UINT64_MAX : constituent->address, n);
	}
	CHECK(constituent_next(&walk) == NULL);
}

/** @total constituents, @step at a time, need @more pages. */
static void check_constituents(uint32_t total, uint32_t step, uint32_t more)
{
	struct transaction_slot *slot;

	empty_table();
	slot = transaction_create(&table, &quota);
	add(slot->transaction, total, step);
	CHECK_EQUAL(quota.used_pages, 1 + more);
	check_walk(slot->transaction, 0);
	check_walk(slot->transaction, total);
	check_walk(slot->transaction, total - 1);
	check_walk(slot->transaction, total / 2);
	transaction_destroy(&table, slot);
	CHECK_EQUAL(quota.used_pages, 0);
	CHECK_EQUAL(pool.free_count, PAGE_COUNT);
}

TEST(constituents_are_walked_as_they_came)
{
	check_constituents(1, 1, 0);
	check_constituents(TRANSACTION_INSIDE_MAX, 1000, 0);
	check_constituents(TRANSACTION_INSIDE_MAX + 1, 1000, 1);
	check_constituents(TRANSACTION_INSIDE_MAX + 1, 1, 1);
	check_constituents(TRANSACTION_INSIDE_MAX + TRANSACTION_PAGE_MAX, 7, 1);
	check_constituents(TRANSACTION_INSIDE_MAX + TRANSACTION_PAGE_MAX + 1, 7, 2);
	check_constituents(TRANSACTION_INSIDE_MAX + 30 * TRANSACTION_PAGE_MAX, 100000, 30);
}

TEST(a_walk_may_begin_at_any_constituent)
{
	struct transaction_slot *slot;

	empty_table();
	slot = transaction_create(&table, &quota);
	add(slot->transaction, TRANSACTION_INSIDE_MAX + 2 * TRANSACTION_PAGE_MAX + 9, 64);
	for (uint32_t first = 0; first <= slot->transaction->received_count; first++) {
		check_walk(slot->transaction, first);
	}
	transaction_leave(slot);
}

TEST(without_a_page_there_is_no_room_for_more)
{
	struct transaction_slot *slot;
	uint32_t count;

	empty_table();
	quota.limit_pages = 2;
	slot = transaction_create(&table, &quota);
	add(slot->transaction, TRANSACTION_INSIDE_MAX + TRANSACTION_PAGE_MAX, 64);
	CHECK(transaction_extend(&table, slot->transaction, 1, &count) == NULL);
	check_walk(slot->transaction, 0);
	transaction_destroy(&table, slot);
	CHECK_EQUAL(quota.used_pages, 0);
}

/* ---- borrowers ---------------------------------------------------------------------------------- */

TEST(borrowers_are_found_by_id_and_hold_what_they_have_retrieved)
{
	struct transaction_slot *slot;
	struct transaction *transaction;

	empty_table();
	slot = transaction_create(&table, &quota);
	transaction = slot->transaction;
	transaction->borrower_count = 2;
	transaction->borrowers[0] = (struct borrower){ .id = 0x8002 };
	transaction->borrowers[1] = (struct borrower){ .id = 0x8005 };
	transaction->borrowers[2] = (struct borrower){ .id = 0x8006, .retrieved = true };

	CHECK(transaction_borrower(transaction, 0x8005) == &transaction->borrowers[1]);
	CHECK(transaction_borrower(transaction, 0x8002) == &transaction->borrowers[0]);
	CHECK(transaction_borrower(transaction, 0x8006) == NULL);
	CHECK(!transaction_is_held(transaction));
	transaction->borrowers[1].retrieved = true;
	CHECK(transaction_is_held(transaction));
	transaction_leave(slot);
}
