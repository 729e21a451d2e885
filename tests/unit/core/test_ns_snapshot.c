/* SPDX-License-Identifier: BSD-3-Clause */
/* Entries and pages of snapshots of the normal world's memory. */
#include "core/ns_snapshot.h"

#include "arch/host/host.h"
#include "tests/unit/unit.h"

enum {
	PAGE_COUNT = NS_SNAPSHOT_PAGES_MAX + 2,
	MOST = NS_SNAPSHOT_PAGES_MAX * NS_SNAPSHOT_PAGE_ENTRIES,
};

static struct page_pool pool;
static struct quota quota;
static struct ns_snapshot snapshot;
static _Alignas(4096) uint8_t pages[PAGE_COUNT][4096];
static const struct ffa_ns_range plain = { .permissions = 0x30, .endpoint = 0x8001 };

/** No snapshot; it may have @limit pages. Its lock is held until the test ends. */
static void no_snapshot(uint32_t limit) NO_THREAD_SAFETY
{
	host_reset();
	memset(pages, 0xa5, sizeof(pages));
	memset(&snapshot, 0, sizeof(snapshot));
	page_pool_init(&pool);
	page_pool_add(&pool, pages, PAGE_COUNT);
	quota = (struct quota){ .limit_pages = limit };
	ns_snapshot_init(&snapshot, &pool, &quota);
}

static bool add(uint64_t page, uint64_t count, struct ffa_ns_range how) NO_THREAD_SAFETY
{
	struct page_range range = { .base = paddr(page << PAGE_SHIFT), .page_count = count };
	bool added;

	lock_acquire(&snapshot.lock);
	added = ns_snapshot_add(&snapshot, range, how);
	lock_release(&snapshot.lock);
	return added;
}

static bool begin(void)
{
	bool begun;

	lock_acquire(&snapshot.lock);
	begun = ns_snapshot_begin(&snapshot);
	lock_release(&snapshot.lock);
	return begun;
}

static void drop(void)
{
	lock_acquire(&snapshot.lock);
	ns_snapshot_drop(&snapshot);
	lock_release(&snapshot.lock);
}

static struct ffa_ns_range next(void)
{
	struct ffa_ns_range entry;

	lock_acquire(&snapshot.lock);
	entry = ns_snapshot_next(&snapshot);
	lock_release(&snapshot.lock);
	return entry;
}

static void check_next(uint64_t page, uint32_t count, struct ffa_ns_range how)
{
	struct ffa_ns_range entry = next();

	how.address = page << PAGE_SHIFT;
	how.page_count = count;
	CHECK_BYTES(&entry, &how, sizeof(entry));
}

TEST(neighbours_that_are_alike_are_one_entry)
{
	struct ffa_ns_range other = plain;

	no_snapshot(1);
	CHECK(begin());
	CHECK(add(10, 1, plain));
	CHECK(add(11, 4, plain));
	CHECK(add(16, 1, plain)); /* a gap */
	other.permissions = 0x10;
	CHECK(add(17, 1, other));
	other.flags = 1;
	CHECK(add(18, 1, other));
	other.endpoint = 0x8002;
	CHECK(add(19, 1, other));
	CHECK(add(20, 1, other));
	CHECK_EQUAL(ns_snapshot_left(&snapshot), 5);

	check_next(10, 5, plain);
	check_next(16, 1, plain);
	other = (struct ffa_ns_range){ .permissions = 0x10, .endpoint = 0x8001 };
	check_next(17, 1, other);
	other.flags = 1;
	check_next(18, 1, other);
	other.endpoint = 0x8002;
	check_next(19, 2, other);
	CHECK_EQUAL(ns_snapshot_left(&snapshot), 0);
}

TEST(a_range_of_more_pages_than_an_entry_can_say_is_several)
{
	no_snapshot(1);
	CHECK(begin());
	CHECK(add(1, UINT64_C(0x100000003), plain));
	CHECK(add(UINT64_C(0x100000004), 2, plain));

	check_next(1, UINT32_MAX, plain);
	check_next(UINT64_C(0x100000000), 6, plain);
	CHECK_EQUAL(ns_snapshot_left(&snapshot), 0);
}

TEST(pages_are_paid_for_one_by_one_and_given_back_as_they_are_read)
{
	no_snapshot(PAGE_COUNT);
	CHECK(begin());
	for (uint64_t i = 0; i < 600; i++) {
		CHECK(add(2 * i, 1, plain));
	}
	CHECK_EQUAL(quota_used(&quota), 3);
	for (uint32_t i = 0; i < 600; i++) {
		check_next(UINT64_C(2) * i, 1, plain);
		CHECK_EQUAL(quota_used(&quota), 3 - i / NS_SNAPSHOT_PAGE_ENTRIES);
	}
	drop();
	CHECK_EQUAL(quota_used(&quota), 0);
	CHECK(!ns_snapshot_exists(&snapshot));
	drop();
	CHECK_EQUAL(pool.free_count, PAGE_COUNT);
}

TEST(a_snapshot_ends_at_its_limit)
{
	no_snapshot(PAGE_COUNT);
	CHECK(begin());
	for (uint64_t i = 0; i < MOST; i++) {
		CHECK(add(2 * i, 1, plain));
	}
	CHECK(!add(2 * MOST, 1, plain));
	CHECK(add(2 * MOST - 1, 1, plain)); /* part of the last one */
	CHECK_EQUAL(quota_used(&quota), NS_SNAPSHOT_PAGES_MAX);
	drop();
	CHECK_EQUAL(pool.free_count, PAGE_COUNT);
}

TEST(a_snapshot_ends_with_its_owners_quota)
{
	no_snapshot(2);
	CHECK(begin());
	for (uint64_t i = 0; i < UINT64_C(2) * NS_SNAPSHOT_PAGE_ENTRIES; i++) {
		CHECK(add(2 * i, 1, plain));
	}
	CHECK(!add(5000, 1, plain));
	drop();
	CHECK_EQUAL(pool.free_count, PAGE_COUNT);

	no_snapshot(0);
	CHECK(!begin());
	CHECK(!ns_snapshot_exists(&snapshot));
}

TEST(one_that_begins_takes_the_place_of_the_one_before)
{
	no_snapshot(3);
	CHECK(begin());
	for (uint64_t i = 0; i < 600; i++) {
		CHECK(add(2 * i, 1, plain));
	}
	(void)next();
	CHECK(begin());
	CHECK_EQUAL(quota_used(&quota), 1);
	CHECK_EQUAL(ns_snapshot_left(&snapshot), 0);
	CHECK(add(7, 1, plain));
	check_next(7, 1, plain);
}
