/* SPDX-License-Identifier: BSD-3-Clause */
/* Edits of many ranges: the tables that they add and those that go again. */
#include "core/space_edit.h"

#include "tests/unit/core/space_fixture.h"

static struct fixture f;

/** Prepares @range in vain: the edit ends without a mapping. */
static enum space_result prepare_in_vain(struct page_range range)
{
	struct space_edit edit;
	enum space_result result;

	lock_acquire(&f.space.lock);
	edit = space_edit_begin(&f.space, WORLD_SECURE);
	result = space_edit_prepare(&edit, range);
	space_edit_prune(&edit, range);
	space_edit_end(&edit);
	lock_release(&f.space.lock);
	return result;
}

static void map_and_clear(struct page_range range)
{
	struct space_edit edit;

	lock_acquire(&f.space.lock);
	edit = space_edit_begin(&f.space, WORLD_SECURE);
	CHECK_EQUAL(space_edit_prepare(&edit, range), SPACE_OK);
	space_edit_set(&edit, range, R | W);
	space_edit_end(&edit);

	edit = space_edit_begin(&f.space, WORLD_SECURE);
	space_edit_clear(&edit, range);
	space_edit_end(&edit);
	lock_release(&f.space.lock);
}

TEST(tables_at_both_ends_of_a_range_go_when_it_does)
{
	uint32_t tables;

	fixture_init(&f, ARCH_SPACE_STAGE2, 1,
		     100); /* nothing is reserved: no empty table may stay */
	tables = fixture_tables(&f);

	/* A block, then a page in a table of its own. */
	map_and_clear(range_of(GIB, 2 * MIB + PAGE_SIZE));
	CHECK_EQUAL(fixture_tables(&f), tables);
	map_and_clear(range_of(GIB, GIB + PAGE_SIZE));
	CHECK_EQUAL(fixture_tables(&f), tables);
	map_and_clear(range_of(GIB - PAGE_SIZE, 2 * GIB + 2 * PAGE_SIZE));
	CHECK_EQUAL(fixture_tables(&f), tables);
}

TEST(tables_that_were_prepared_in_vain_go)
{
	uint32_t tables;

	fixture_init(&f, ARCH_SPACE_STAGE2, 1, 100);
	tables = fixture_tables(&f);

	CHECK_EQUAL(prepare_in_vain(range_of(GIB, 4 * MIB + PAGE_SIZE)), SPACE_OK);
	CHECK_EQUAL(fixture_tables(&f), tables);
}

/** An empty table that was left within the reserve. */
static void leave_an_empty_table(uint64_t address)
{
	page_pool_promise(&f.pool, &f.quota, 50, 100);
	map_and_clear(range_of(address, PAGE_SIZE));
	page_pool_promise(&f.pool, &f.quota, 0, 100);
}

TEST(what_lies_outside_is_not_taken_for_what_lies_inside)
{
	uint32_t tables;

	fixture_init(&f, ARCH_SPACE_STAGE2, 1, 100);
	leave_an_empty_table(GIB);
	tables = fixture_tables(&f);
	fixture_forget(&f);

	CHECK_EQUAL(prepare_in_vain(range_of(512 * GIB + GIB, PAGE_SIZE)), SPACE_OUTSIDE);
	CHECK_EQUAL(fixture_tables(&f), tables);
	CHECK_EQUAL(f.write_count, 0);
}
