/* SPDX-License-Identifier: BSD-3-Clause */
/* The record of what of the normal world's memory is not free. */
#include "core/ns_record.h"

#include "tests/unit/core/space_fixture.h"

static struct fixture f;

static void empty_record(void)
{
	fixture_init(&f, ARCH_SPACE_RECORD, 1, 100);
}

static enum ns_record_result take(uint64_t base, uint64_t size)
{
	struct page_range range = range_of(base, size);

	return ns_record_take(&f.space, &range, 1);
}

static void give(uint64_t base, uint64_t size)
{
	struct page_range range = range_of(base, size);

	ns_record_give(&f.space, &range, 1);
}

static bool is_taken(uint64_t address)
{
	unsigned map = mapped(&f, address, WORLD_SECURE);

	CHECK(map == 0 || map == NS_RECORD_TAKEN);
	return map != 0;
}

TEST(what_is_taken_is_not_free_until_it_is_given)
{
	empty_record();
	CHECK_EQUAL(take(GIB, PAGE_SIZE), NS_RECORD_OK);
	CHECK(is_taken(GIB));
	CHECK(!is_taken(GIB - PAGE_SIZE) && !is_taken(GIB + PAGE_SIZE));
	CHECK_EQUAL(take(GIB, PAGE_SIZE), NS_RECORD_NOT_FREE);
	give(GIB, PAGE_SIZE);
	CHECK(!is_taken(GIB));
	CHECK_EQUAL(take(GIB, PAGE_SIZE), NS_RECORD_OK);
}

TEST(ranges_that_overlap_what_is_taken_are_not_free)
{
	empty_record();
	CHECK_EQUAL(take(GIB + 4 * PAGE_SIZE, 4 * PAGE_SIZE), NS_RECORD_OK);
	CHECK_EQUAL(take(GIB + 3 * PAGE_SIZE, 2 * PAGE_SIZE), NS_RECORD_NOT_FREE);
	CHECK_EQUAL(take(GIB + 7 * PAGE_SIZE, 2 * PAGE_SIZE), NS_RECORD_NOT_FREE);
	CHECK_EQUAL(take(GIB, 16 * PAGE_SIZE), NS_RECORD_NOT_FREE);
	CHECK_EQUAL(take(GIB + 5 * PAGE_SIZE, PAGE_SIZE), NS_RECORD_NOT_FREE);
	CHECK_EQUAL(take(0, 4 * GIB), NS_RECORD_NOT_FREE);
	CHECK_EQUAL(take(GIB, 4 * PAGE_SIZE), NS_RECORD_OK);
	CHECK_EQUAL(take(GIB + 8 * PAGE_SIZE, 4 * PAGE_SIZE), NS_RECORD_OK);
	CHECK(is_taken(GIB) && is_taken(GIB + 11 * PAGE_SIZE) && !is_taken(GIB + 12 * PAGE_SIZE));
}

TEST(all_ranges_are_taken_or_none)
{
	struct page_range ranges[3];
	uint32_t tables;

	empty_record();
	CHECK_EQUAL(take(3 * GIB, PAGE_SIZE), NS_RECORD_OK);
	tables = fixture_tables(&f);
	ranges[0] = range_of(GIB, PAGE_SIZE);
	ranges[1] = range_of(2 * GIB + 8 * MIB, 3 * PAGE_SIZE);
	ranges[2] = range_of(3 * GIB, PAGE_SIZE);
	CHECK_EQUAL(ns_record_take(&f.space, ranges, 3), NS_RECORD_NOT_FREE);
	CHECK(!is_taken(GIB) && !is_taken(2 * GIB + 8 * MIB) && is_taken(3 * GIB));
	CHECK_EQUAL(fixture_tables(&f), tables);
	CHECK_EQUAL(ns_record_take(&f.space, ranges, 2), NS_RECORD_OK);
	CHECK(is_taken(GIB) && is_taken(2 * GIB + 8 * MIB + 2 * PAGE_SIZE));
	ns_record_give(&f.space, ranges, 2);
	CHECK_EQUAL(fixture_tables(&f), tables);
}

TEST(large_ranges_need_no_more_tables_than_their_ends)
{
	empty_record();
	CHECK_EQUAL(take(GIB, 16 * GIB), NS_RECORD_OK);
	CHECK(is_taken(GIB) && is_taken(17 * GIB - PAGE_SIZE) && !is_taken(17 * GIB));
	CHECK(fixture_tables(&f) <= 3);
	give(GIB, 16 * GIB);
	CHECK(!is_taken(GIB) && !is_taken(17 * GIB - PAGE_SIZE));
}

TEST(without_tables_nothing_is_taken)
{
	uint32_t tables;

	empty_record();
	tables = fixture_tables(&f);
	f.quota.limit_pages = tables;
	CHECK_EQUAL(take(GIB, PAGE_SIZE), NS_RECORD_NO_MEMORY);
	CHECK(!is_taken(GIB));
	CHECK_EQUAL(fixture_tables(&f), tables);
	f.quota.limit_pages = tables + 1; /* one of two */
	CHECK_EQUAL(take(GIB, PAGE_SIZE), NS_RECORD_NO_MEMORY);
	CHECK_EQUAL(fixture_tables(&f), tables);
	f.quota.limit_pages = tables + 2;
	CHECK_EQUAL(take(GIB, PAGE_SIZE), NS_RECORD_OK);
}

TEST(what_lies_beyond_all_addresses_is_not_free)
{
	empty_record();
	CHECK_EQUAL(take(UINT64_C(1) << 52, PAGE_SIZE), NS_RECORD_NOT_FREE);
	CHECK_EQUAL(take(UINT64_C(0xFFFFFFFFFFFFF000), PAGE_SIZE), NS_RECORD_NOT_FREE);
}

TEST(no_pe_is_told_of_the_record)
{
	empty_record();
	fixture_forget(&f);
	CHECK_EQUAL(take(GIB, 3 * PAGE_SIZE), NS_RECORD_OK);
	give(GIB, 3 * PAGE_SIZE);
	CHECK_EQUAL(f.invalidate_count, 0);
}
