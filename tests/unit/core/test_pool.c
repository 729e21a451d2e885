/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/pool.h"

#include "arch/host/host.h"
#include "tests/unit/unit.h"

enum { PAGE_COUNT = 8 };

static struct page_pool pool;
static _Alignas(4096) uint8_t pages[PAGE_COUNT][4096];

/** A pool of PAGE_COUNT dirty pages. */
static void full_pool(void)
{
	host_reset();
	memset(pages, 0xa5, sizeof(pages));
	page_pool_init(&pool);
	page_pool_add(&pool, pages, PAGE_COUNT);
}

static void take_from_nothing(void *reservation)
{
	page_reservation_take(reservation);
}

static void free_too_much(void *argument)
{
	struct quota quota = { .limit_pages = 1 };

	page_pool_free(&pool, &quota, pages[0]);
}

static bool is_zero(const uint8_t *page)
{
	for (size_t i = 0; i < PAGE_SIZE; i++) {
		if (page[i] != 0) {
			return false;
		}
	}
	return true;
}

TEST(pages_taken_are_zeroed_and_handed_out_by_rising_address)
{
	struct quota quota = { .limit_pages = 3 };
	struct page_reservation reservation;
	uint8_t *taken;

	full_pool();
	CHECK(page_pool_reserve(&pool, &quota, 2, &reservation));

	taken = page_reservation_take(&reservation);
	CHECK(taken == pages[0]);
	CHECK(is_zero(taken));
	taken = page_reservation_take(&reservation);
	CHECK(taken == pages[1]);
	CHECK(is_zero(taken));
	CHECK_EQUAL(reservation.count, 0);
}

TEST(a_reservation_counts_at_once_against_pool_and_quota)
{
	struct quota quota = { .limit_pages = 3 };
	struct page_reservation reservation;

	full_pool();
	CHECK(page_pool_reserve(&pool, &quota, 3, &reservation));

	CHECK_EQUAL(pool.free_count, PAGE_COUNT - 3);
	CHECK_EQUAL(quota.used_pages, 3);
}

TEST(more_than_the_quota_is_refused_and_changes_nothing)
{
	struct quota quota = { .limit_pages = 3, .used_pages = 1 };
	struct page_reservation reservation;

	full_pool();
	CHECK(!page_pool_reserve(&pool, &quota, 3, &reservation));

	CHECK_EQUAL(pool.free_count, PAGE_COUNT);
	CHECK_EQUAL(quota.used_pages, 1);
	CHECK_EQUAL(reservation.count, 0);
}

TEST(a_quota_that_was_lowered_below_its_use_grants_nothing)
{
	struct quota quota = { .limit_pages = 3, .used_pages = 5 };
	struct page_reservation reservation;

	full_pool();
	CHECK(!page_pool_reserve(&pool, &quota, 1, &reservation));
	CHECK_EQUAL(pool.free_count, PAGE_COUNT);
}

TEST(more_than_the_pool_has_is_refused_and_changes_nothing)
{
	struct quota quota = { .limit_pages = 100 };
	struct page_reservation reservation;

	full_pool();
	CHECK(!page_pool_reserve(&pool, &quota, PAGE_COUNT + 1, &reservation));

	CHECK_EQUAL(pool.free_count, PAGE_COUNT);
	CHECK_EQUAL(quota.used_pages, 0);
}

TEST(the_last_page_can_be_taken)
{
	struct quota quota = { .limit_pages = PAGE_COUNT };
	struct page_reservation reservation;

	full_pool();
	CHECK(page_pool_reserve(&pool, &quota, PAGE_COUNT, &reservation));
	CHECK_EQUAL(pool.free_count, 0);
	CHECK(!page_pool_reserve(&pool, &quota, 1, &(struct page_reservation){ 0 }));
}

TEST(nothing_can_be_reserved_from_an_empty_pool)
{
	struct quota quota = { .limit_pages = 0 };
	struct page_reservation reservation;

	host_reset();
	page_pool_init(&pool);
	CHECK(page_pool_reserve(&pool, &quota, 0, &reservation));
	CHECK_EQUAL(reservation.count, 0);
	page_pool_cancel(&pool, &reservation);
}

TEST(a_cancelled_reservation_gives_back_what_was_not_taken)
{
	struct quota quota = { .limit_pages = 5 };
	struct page_reservation reservation;

	full_pool();
	CHECK(page_pool_reserve(&pool, &quota, 5, &reservation));
	page_reservation_take(&reservation);
	page_pool_cancel(&pool, &reservation);

	CHECK_EQUAL(pool.free_count, PAGE_COUNT - 1);
	CHECK_EQUAL(quota.used_pages, 1);
	CHECK_EQUAL(reservation.count, 0);
}

TEST(a_freed_page_can_be_taken_again_by_another_owner)
{
	struct quota first = { .limit_pages = PAGE_COUNT }, second = { .limit_pages = 1 };
	struct page_reservation reservation;
	void *page;

	full_pool();
	CHECK(page_pool_reserve(&pool, &first, PAGE_COUNT, &reservation));
	page = page_reservation_take(&reservation);
	memset(page, 0x5a, PAGE_SIZE);
	page_pool_free(&pool, &first, page);
	CHECK(page_pool_reserve(&pool, &second, 1, &reservation));

	CHECK(page_reservation_take(&reservation) == page);
	CHECK(is_zero(page));
	CHECK_EQUAL(first.used_pages, PAGE_COUNT - 1);
	CHECK_EQUAL(second.used_pages, 1);
}

/* ---- promises ----------------------------------------------------------------------------------- */

/** @quota takes @count pages; false: it does not get them. */
static bool take(struct quota *quota, uint32_t count)
{
	struct page_reservation reservation;
	bool granted = page_pool_reserve(&pool, quota, count, &reservation);

	while (reservation.count > 0) {
		page_reservation_take_dirty(&reservation);
	}
	return granted;
}

TEST(what_was_promised_to_one_no_other_gets)
{
	struct quota promised = { 0 }, other = { 0 };

	full_pool();
	page_pool_promise(&pool, &promised, 3, PAGE_COUNT);
	page_pool_promise(&pool, &other, 0, PAGE_COUNT);
	CHECK(!take(&other, PAGE_COUNT - 2));
	CHECK(take(&other, PAGE_COUNT - 3));
	CHECK(!take(&other, 1));
	CHECK(take(&promised, 3));
	CHECK(!take(&promised, 1));
	CHECK_EQUAL(pool.free_count, 0);
}

TEST(a_promise_is_used_up_by_what_its_owner_has)
{
	struct quota promised = { 0 }, other = { 0 };

	full_pool();
	page_pool_promise(&pool, &promised, 3, PAGE_COUNT);
	page_pool_promise(&pool, &other, 0, PAGE_COUNT);
	CHECK(take(&promised, 2));
	CHECK_EQUAL(pool.promised_count, 1);
	CHECK(take(&promised, 2)); /* one of them beyond the promise */
	CHECK_EQUAL(pool.promised_count, 0);
	CHECK(take(&other, PAGE_COUNT - 4));
	CHECK(!take(&other, 1));
}

TEST(a_promise_is_back_when_its_owner_gives_pages_back)
{
	struct quota promised = { 0 }, other = { 0 };
	struct page_reservation reservation;
	void *page;

	full_pool();
	page_pool_promise(&pool, &promised, 1, PAGE_COUNT);
	page_pool_promise(&pool, &other, 0, PAGE_COUNT);
	CHECK(page_pool_reserve(&pool, &promised, 1, &reservation));
	page = page_reservation_take_dirty(&reservation);
	CHECK(take(&other, PAGE_COUNT - 1));
	page_pool_free(&pool, &promised, page);
	CHECK(!take(&other, 1));
	CHECK(page_pool_reserve(&pool, &promised, 1, &reservation));
	page_pool_cancel(&pool, &reservation);
	CHECK_EQUAL(pool.promised_count, 1);
	CHECK(!take(&other, 1));
}

TEST(promises_to_several_add_up)
{
	struct quota first = { 0 }, second = { 0 };

	full_pool();
	page_pool_promise(&pool, &first, 2, PAGE_COUNT);
	page_pool_promise(&pool, &second, 5, PAGE_COUNT);
	CHECK_EQUAL(pool.promised_count, 7);
	CHECK(!take(&first, 4));
	CHECK(take(&first, 3));
	CHECK(!take(&first, 1));
	CHECK(take(&second, 5));
}

TEST(a_promise_is_not_more_than_the_limit)
{
	struct quota quota = { 0 };

	full_pool();
	page_pool_promise(&pool, &quota, 5, 2);
	CHECK_EQUAL(quota.reserved_pages, 2);
	CHECK_EQUAL(pool.promised_count, 2);
	CHECK(!take(&quota, 3));
	CHECK(take(&quota, 2));
}

TEST(a_later_promise_replaces_an_earlier_one)
{
	struct quota quota = { 0 };

	full_pool();
	page_pool_promise(&pool, &quota, 5, PAGE_COUNT);
	CHECK(take(&quota, 2));
	page_pool_promise(&pool, &quota, 3, PAGE_COUNT);
	CHECK_EQUAL(pool.promised_count, 1);
	page_pool_promise(&pool, &quota, 0, 1); /* below what it has */
	CHECK_EQUAL(pool.promised_count, 0);
	CHECK(!take(&quota, 1));
}

TEST(a_promise_beyond_the_pool_leaves_nothing_for_others)
{
	struct quota promised = { 0 }, other = { 0 };

	full_pool();
	page_pool_promise(&pool, &promised, 100, 100);
	page_pool_promise(&pool, &other, 0, PAGE_COUNT);
	CHECK(!take(&other, 1));
	CHECK(take(&promised, PAGE_COUNT));
	CHECK(!take(&promised, 1));
}

/* ---- our own mistakes --------------------------------------------------------------------------- */

TEST(taking_more_than_was_reserved_stops)
{
	struct page_reservation reservation = { 0 };

	full_pool();
	CHECK_STOPS(take_from_nothing, &reservation, "reservation->count > 0");
}

TEST(freeing_a_page_that_the_owner_does_not_have_stops)
{
	full_pool();
	CHECK_STOPS(free_too_much, NULL, "quota_used(quota) > 0");
}
