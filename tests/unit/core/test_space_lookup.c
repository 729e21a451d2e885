/* SPDX-License-Identifier: BSD-3-Clause */
/* What core/space.c says about what is mapped. */
#include "tests/unit/core/space_fixture.h"

static struct fixture f;

static void stage2_space(void)
{
	fixture_init(&f, ARCH_SPACE_STAGE2, 1, 100);
}

static uint64_t extent(uint64_t address, enum world world, uint64_t limit, unsigned *attributes)
{
	uint64_t count;

	lock_acquire(&f.space.lock);
	count = space_extent(&f.space, ipaddr(address), world, limit, attributes);
	lock_release(&f.space.lock);
	return count;
}

static bool lookup(uint64_t base, uint64_t size, enum world world, unsigned *attributes)
{
	bool found;

	lock_acquire(&f.space.lock);
	found = space_lookup(&f.space, range_of(base, size), world, attributes);
	lock_release(&f.space.lock);
	return found;
}

TEST(an_extent_ends_where_attributes_change)
{
	unsigned attributes = 0;

	stage2_space();
	map(&f, GIB, 4 * MIB, R | W);
	map(&f, GIB + 2 * MIB, PAGE_SIZE, R);

	CHECK_EQUAL(extent(GIB, WORLD_SECURE, UINT64_MAX, &attributes), 512);
	CHECK_EQUAL(attributes, R | W);
	CHECK_EQUAL(extent(GIB + 2 * MIB, WORLD_SECURE, UINT64_MAX, &attributes), 1);
	CHECK_EQUAL(attributes, R);
	CHECK_EQUAL(extent(GIB + 2 * MIB + PAGE_SIZE, WORLD_SECURE, UINT64_MAX, &attributes), 511);
	CHECK_EQUAL(attributes, R | W);
}

TEST(an_extent_goes_on_over_tables_and_blocks)
{
	unsigned attributes;

	stage2_space();
	map(&f, GIB - PAGE_SIZE, GIB + 2 * PAGE_SIZE, R);

	CHECK_EQUAL(extent(GIB - PAGE_SIZE, WORLD_SECURE, UINT64_MAX, &attributes),
		    (GIB >> PAGE_SHIFT) + 2);
	CHECK_EQUAL(extent(GIB - PAGE_SIZE, WORLD_SECURE, 5, &attributes), 5);
	CHECK_EQUAL(extent(GIB + 7 * PAGE_SIZE, WORLD_SECURE, 1, &attributes), 1);
}

TEST(an_extent_starts_only_where_something_is_mapped)
{
	unsigned attributes = 0x55;

	stage2_space();
	map(&f, GIB, PAGE_SIZE, R);

	CHECK_EQUAL(extent(GIB - PAGE_SIZE, WORLD_SECURE, 10, &attributes), 0);
	CHECK_EQUAL(extent(GIB, WORLD_SECURE, 0, &attributes), 0);
	CHECK_EQUAL(extent(UINT64_MAX & ~PAGE_MASK, WORLD_SECURE, 10, &attributes), 0);
	CHECK_EQUAL(attributes, 0x55);
}

TEST(an_extent_ends_with_the_input_addresses)
{
	unsigned attributes;

	stage2_space();
	map(&f, 511 * GIB, GIB, R);

	CHECK_EQUAL(extent(512 * GIB - PAGE_SIZE, WORLD_SECURE, UINT64_MAX, &attributes), 1);
	CHECK_EQUAL(extent(511 * GIB, WORLD_SECURE, UINT64_MAX, &attributes), GIB >> PAGE_SHIFT);
	CHECK_EQUAL(extent(512 * GIB, WORLD_SECURE, UINT64_MAX, &attributes), 0);
}

TEST(a_range_is_found_only_when_all_of_it_is_mapped_alike)
{
	unsigned attributes;

	stage2_space();
	map(&f, GIB, 3 * PAGE_SIZE, R | W);
	map(&f, GIB + 3 * PAGE_SIZE, PAGE_SIZE, R);

	CHECK(lookup(GIB, 3 * PAGE_SIZE, WORLD_SECURE, &attributes));
	CHECK_EQUAL(attributes, R | W);
	CHECK(!lookup(GIB, 4 * PAGE_SIZE, WORLD_SECURE, &attributes));
	CHECK(!lookup(GIB - PAGE_SIZE, 2 * PAGE_SIZE, WORLD_SECURE, &attributes));
	CHECK(!lookup(GIB, 0, WORLD_SECURE, &attributes));
}

/* ---- one extent after the other ------------------------------------------------------------------ */

static uint64_t next_extent(uint64_t *address, enum world world, unsigned *attributes)
{
	ipaddr_t at = ipaddr(*address);
	uint64_t count;

	lock_acquire(&f.space.lock);
	count = space_next_extent(&f.space, &at, world, attributes);
	lock_release(&f.space.lock);
	*address = at.ipa;
	return count;
}

/** The next extent from *@address on is that of @count pages at @base; then *@address is behind it. */
static void check_next_extent(uint64_t *address, enum world world, uint64_t base, uint64_t count,
			      unsigned attributes)
{
	unsigned found = 0;

	CHECK_EQUAL(next_extent(address, world, &found), count);
	CHECK_EQUAL(*address, base);
	CHECK_EQUAL(found, attributes);
	*address += count << PAGE_SHIFT;
}

TEST(extents_of_one_world_are_found_one_after_the_other)
{
	uint64_t at = 0;
	unsigned attributes;

	stage2_space();
	map(&f, 5 * PAGE_SIZE, PAGE_SIZE, R | W | NS);
	map(&f, 6 * PAGE_SIZE, PAGE_SIZE, R | NS);
	map(&f, GIB, PAGE_SIZE, R);
	map(&f, 3 * GIB - PAGE_SIZE, 2 * GIB, R | W | NS);
	map(&f, 511 * GIB, GIB, R | NS);

	check_next_extent(&at, WORLD_NON_SECURE, 5 * PAGE_SIZE, 1, R | W | NS);
	check_next_extent(&at, WORLD_NON_SECURE, 6 * PAGE_SIZE, 1, R | NS);
	check_next_extent(&at, WORLD_NON_SECURE, 3 * GIB - PAGE_SIZE, 2 * GIB >> PAGE_SHIFT,
			  R | W | NS);
	check_next_extent(&at, WORLD_NON_SECURE, 511 * GIB, GIB >> PAGE_SHIFT, R | NS);
	CHECK_EQUAL(next_extent(&at, WORLD_NON_SECURE, &attributes), 0);
	at = 0;
	check_next_extent(&at, WORLD_SECURE, GIB, 1, R);
	CHECK_EQUAL(next_extent(&at, WORLD_SECURE, &attributes), 0);
}

TEST(in_the_one_table_of_stage_1_the_other_world_is_passed_over)
{
	uint64_t at = 0;
	unsigned attributes;

	fixture_init(&f, ARCH_SPACE_STAGE1, 1, 100);
	map(&f, GIB, 2 * MIB, R);
	map(&f, GIB + 2 * MIB, PAGE_SIZE, R | NS);
	map(&f, GIB + 2 * MIB + PAGE_SIZE, PAGE_SIZE, R);

	check_next_extent(&at, WORLD_NON_SECURE, GIB + 2 * MIB, 1, R | NS);
	CHECK_EQUAL(next_extent(&at, WORLD_NON_SECURE, &attributes), 0);
	at = 0;
	check_next_extent(&at, WORLD_SECURE, GIB, 512, R);
	check_next_extent(&at, WORLD_SECURE, GIB + 2 * MIB + PAGE_SIZE, 1, R);
	CHECK_EQUAL(next_extent(&at, WORLD_SECURE, &attributes), 0);
}
