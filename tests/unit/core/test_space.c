/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/core/space_fixture.h"

static struct fixture f;

static void stage2_space(void)
{
	fixture_init(&f, ARCH_SPACE_STAGE2, 1, 100);
}

/** Plans, for tests that look at what a plan does. */
static enum space_result plan_only(uint64_t base, uint64_t size, unsigned attributes,
				   struct space_plan *plan)
{
	enum space_result result;

	lock_acquire(&f.space.lock);
	result = space_plan(&f.space, range_of(base, size), attributes, plan);
	lock_release(&f.space.lock);
	return result;
}

static void cancel(struct space_plan *plan)
{
	lock_acquire(&f.space.lock);
	space_cancel(&f.space, plan);
	lock_release(&f.space.lock);
}

/* ---- what is mapped ----------------------------------------------------------------------------- */

TEST(nothing_is_mapped_in_a_new_space)
{
	stage2_space();

	CHECK_EQUAL(mapped(&f, 0, WORLD_SECURE), 0);
	CHECK_EQUAL(mapped(&f, GIB, WORLD_NON_SECURE), 0);
	CHECK_EQUAL(fixture_tables(&f), 2);
}

TEST(a_page_is_mapped_as_asked_and_its_neighbours_are_not)
{
	stage2_space();
	map(&f, GIB + 5 * PAGE_SIZE, PAGE_SIZE, R | W);

	CHECK_EQUAL(mapped(&f, GIB + 5 * PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(mapped(&f, GIB + 4 * PAGE_SIZE, WORLD_SECURE), 0);
	CHECK_EQUAL(mapped(&f, GIB + 6 * PAGE_SIZE, WORLD_SECURE), 0);
}

TEST(the_two_worlds_of_stage_2_are_apart)
{
	stage2_space();
	map(&f, GIB, PAGE_SIZE, R | W | NS);

	CHECK_EQUAL(mapped(&f, GIB, WORLD_NON_SECURE), R | W | NS);
	CHECK_EQUAL(mapped(&f, GIB, WORLD_SECURE), 0);
	map(&f, GIB, PAGE_SIZE, 0);
	CHECK_EQUAL(mapped(&f, GIB, WORLD_NON_SECURE), R | W | NS);
	map(&f, GIB, PAGE_SIZE, NS);
	CHECK_EQUAL(mapped(&f, GIB, WORLD_NON_SECURE), 0);
}

TEST(stage_1_has_one_space_for_both_worlds)
{
	fixture_init(&f, ARCH_SPACE_STAGE1, 1, 100);
	map(&f, GIB, PAGE_SIZE, R | W | NS);

	CHECK_EQUAL(mapped(&f, GIB, WORLD_NON_SECURE), R | W | NS);
	CHECK_EQUAL(mapped(&f, GIB, WORLD_SECURE), 0);
	map(&f, GIB, PAGE_SIZE, R);
	CHECK_EQUAL(mapped(&f, GIB, WORLD_NON_SECURE), 0);
	CHECK_EQUAL(mapped(&f, GIB, WORLD_SECURE), R);
	map(&f, GIB, PAGE_SIZE, NS);
	CHECK_EQUAL(mapped(&f, GIB, WORLD_SECURE), 0);
	CHECK_EQUAL(fixture_tables(&f), 1);
}

TEST(non_secure_memory_is_mapped_without_execute)
{
	stage2_space();
	map(&f, GIB, PAGE_SIZE, R | X | NS);

	CHECK_EQUAL(mapped(&f, GIB, WORLD_NON_SECURE), R | NS);
}

TEST(device_memory_is_mapped_without_execute)
{
	stage2_space();
	map(&f, GIB, PAGE_SIZE, R | W | X | DEVICE);

	CHECK_EQUAL(mapped(&f, GIB, WORLD_SECURE), R | W | DEVICE);
}

TEST(a_table_walk_ends_in_the_memory_that_was_mapped)
{
	stage2_space();
	host_memory_add(range_of(GIB, 4 * MIB), WORLD_SECURE);
	map(&f, GIB, 4 * MIB, R);

	CHECK(host_reach(&f.space.root, GIB + 3 * MIB + 5, WORLD_SECURE, R) ==
	      host_ram(paddr(GIB + 3 * MIB + 5)));
	CHECK(host_reach(&f.space.root, GIB, WORLD_SECURE, W) == NULL);
	CHECK(host_reach(&f.space.root, GIB, WORLD_SECURE, X) == NULL);
	CHECK(host_reach(&f.space.root, GIB, WORLD_NON_SECURE, R) == NULL);
}

/* ---- cost --------------------------------------------------------------------------------------- */

TEST(an_aligned_gigabyte_costs_one_entry_and_no_table)
{
	stage2_space();
	map(&f, 2 * GIB, GIB, R | W);

	CHECK_EQUAL(f.write_count, 1);
	CHECK_EQUAL(f.invalidate_count, 0);
	CHECK_EQUAL(fixture_tables(&f), 2);
	CHECK_EQUAL(mapped(&f, 3 * GIB - PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(mapped(&f, 3 * GIB, WORLD_SECURE), 0);
}

TEST(an_unaligned_gigabyte_costs_entries_at_its_ends_only)
{
	stage2_space();
	map(&f, 2 * GIB + PAGE_SIZE, GIB, R | W);

	CHECK_EQUAL(f.write_count,
		    2); /* a table for each end, and one in it, filled before they are linked */
	CHECK_EQUAL(fixture_tables(&f), 2 + 4);
}

TEST(taking_an_aligned_gigabyte_away_costs_one_entry_and_one_invalidation)
{
	stage2_space();
	map(&f, 2 * GIB, GIB, R | W);
	fixture_forget(&f);
	map(&f, 2 * GIB, GIB, 0);

	CHECK_EQUAL(f.write_count, 2); /* hidden, then cleared */
	CHECK_EQUAL(f.invalidate_count, 1);
	CHECK_EQUAL(f.invalidated_pages, GIB >> PAGE_SHIFT);
}

TEST(mapping_what_is_mapped_alike_touches_nothing)
{
	stage2_space();
	map(&f, GIB, 4 * MIB, R | W);
	fixture_forget(&f);
	map(&f, GIB, 4 * MIB, R | W);
	map(&f, GIB + MIB, MIB, R | W);

	CHECK_EQUAL(f.write_count, 0);
	CHECK_EQUAL(f.invalidate_count, 0);
	CHECK_EQUAL(fixture_tables(&f), 2 + 1);
}

TEST(taking_away_what_is_not_there_touches_nothing)
{
	stage2_space();
	map(&f, GIB, PAGE_SIZE, R | W);
	fixture_forget(&f);
	map(&f, 2 * GIB + PAGE_SIZE, 5 * MIB, 0);
	map(&f, GIB + PAGE_SIZE, PAGE_SIZE, 0);

	CHECK_EQUAL(f.write_count, 0);
	CHECK_EQUAL(f.invalidate_count, 0);
	CHECK_EQUAL(fixture_tables(&f), 2 + 2);
}

TEST(one_page_out_of_many_is_invalidated_alone)
{
	size_t count;
	const struct host_table_event *log;

	stage2_space();
	map(&f, GIB, 16 * PAGE_SIZE, R | W);
	host_tlb_log_clear();
	map(&f, GIB + 3 * PAGE_SIZE, PAGE_SIZE, 0);

	log = host_tlb_log(&count);
	CHECK_EQUAL(count, 2);
	CHECK_EQUAL(log[0].page_count, 16); /* once: the hint that they are contiguous */
	CHECK_EQUAL(log[1].address, GIB + 3 * PAGE_SIZE);
	CHECK_EQUAL(log[1].page_count, 1);
	CHECK_EQUAL(log[1].world, WORLD_SECURE);
	CHECK_EQUAL(log[0].id, SPACE_ID);
}

TEST(non_secure_pages_are_invalidated_in_the_non_secure_space)
{
	size_t count;

	stage2_space();
	map(&f, GIB, PAGE_SIZE, R | NS);
	map(&f, GIB, PAGE_SIZE, NS);

	CHECK_EQUAL(host_tlb_log(&count)[0].world, WORLD_NON_SECURE);
	CHECK_EQUAL(count, 1);
}

TEST(a_whole_block_is_invalidated_when_it_is_split)
{
	size_t count;
	const struct host_table_event *log;

	stage2_space();
	map(&f, GIB, 2 * MIB, R | W);
	map(&f, GIB + MIB, PAGE_SIZE, R);

	log = host_tlb_log(&count);
	CHECK_EQUAL(count, 1);
	CHECK_EQUAL(log[0].address, GIB);
	CHECK_EQUAL(log[0].page_count, 512);
}

/* ---- blocks and tables -------------------------------------------------------------------------- */

TEST(a_block_that_is_split_keeps_what_was_not_changed)
{
	stage2_space();
	map(&f, GIB, GIB, R | W);
	map(&f, GIB + 10 * MIB, PAGE_SIZE, 0);

	CHECK_EQUAL(mapped(&f, GIB + 10 * MIB, WORLD_SECURE), 0);
	CHECK_EQUAL(mapped(&f, GIB + 10 * MIB - PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(mapped(&f, GIB + 10 * MIB + PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(mapped(&f, GIB, WORLD_SECURE), R | W);
	CHECK_EQUAL(mapped(&f, 2 * GIB - PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(fixture_tables(&f), 2 + 2);
}

TEST(the_only_block_of_a_table_keeps_what_was_not_taken_away)
{
	stage2_space();
	map(&f, GIB, 2 * MIB, R | W);
	map(&f, GIB + MIB, PAGE_SIZE, 0);

	CHECK_EQUAL(mapped(&f, GIB, WORLD_SECURE), R | W);
	CHECK_EQUAL(mapped(&f, GIB + MIB, WORLD_SECURE), 0);
	CHECK_EQUAL(fixture_tables(&f), 2 + 2);
}

TEST(a_range_over_the_border_of_two_blocks_splits_both)
{
	stage2_space();
	map(&f, GIB, 4 * MIB, R | W);
	map(&f, GIB + 2 * MIB - PAGE_SIZE, 2 * PAGE_SIZE, R);

	CHECK_EQUAL(mapped(&f, GIB + 2 * MIB - PAGE_SIZE, WORLD_SECURE), R);
	CHECK_EQUAL(mapped(&f, GIB + 2 * MIB, WORLD_SECURE), R);
	CHECK_EQUAL(mapped(&f, GIB + 2 * MIB - 2 * PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(mapped(&f, GIB + 2 * MIB + PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(fixture_tables(&f), 2 + 3);
}

TEST(both_ends_of_a_range_in_one_large_block_are_counted_once)
{
	struct space_plan plan;

	stage2_space();
	map(&f, GIB, GIB, R | W);
	CHECK_EQUAL(plan_only(GIB + PAGE_SIZE, 4 * MIB, R, &plan), SPACE_OK);
	CHECK_EQUAL(plan.tables.count, 3);
	cancel(&plan);
	CHECK_EQUAL(plan_only(GIB + PAGE_SIZE, PAGE_SIZE, R, &plan), SPACE_OK);
	CHECK_EQUAL(plan.tables.count, 2);
	cancel(&plan);
	CHECK_EQUAL(plan_only(GIB + 2 * MIB, 2 * MIB, R, &plan), SPACE_OK);
	CHECK_EQUAL(plan.tables.count, 1);
	cancel(&plan);
}

TEST(the_last_page_taken_away_gives_the_tables_back)
{
	stage2_space();
	map(&f, GIB + PAGE_SIZE, 2 * PAGE_SIZE, R | W);
	CHECK_EQUAL(fixture_tables(&f), 2 + 2);
	map(&f, GIB + PAGE_SIZE, PAGE_SIZE, 0);
	CHECK_EQUAL(fixture_tables(&f), 2 + 2);
	map(&f, GIB + 2 * PAGE_SIZE, PAGE_SIZE, 0);

	CHECK_EQUAL(fixture_tables(&f), 2);
	CHECK_EQUAL(mapped(&f, GIB + PAGE_SIZE, WORLD_SECURE), 0);
}

TEST(a_wider_range_taken_away_gives_all_tables_below_it_back)
{
	stage2_space();
	map(&f, GIB + PAGE_SIZE, GIB, R | W);
	map(&f, GIB, 3 * GIB, 0);

	CHECK_EQUAL(fixture_tables(&f), 2);
}

TEST(a_range_that_empties_tables_at_both_ends_gives_them_back)
{
	stage2_space();
	map(&f, 2 * GIB - PAGE_SIZE, 2 * PAGE_SIZE, R | W);
	CHECK_EQUAL(fixture_tables(&f), 2 + 4);
	map(&f, 2 * GIB - 3 * PAGE_SIZE, 6 * PAGE_SIZE, 0);

	CHECK_EQUAL(fixture_tables(&f), 2);
}

TEST(a_block_mapped_over_pages_gives_their_tables_back)
{
	stage2_space();
	map(&f, GIB + PAGE_SIZE, PAGE_SIZE, R);
	map(&f, GIB + 8 * MIB, PAGE_SIZE, R);
	map(&f, GIB, GIB, R | W);

	CHECK_EQUAL(fixture_tables(&f), 2);
	CHECK_EQUAL(mapped(&f, GIB + PAGE_SIZE, WORLD_SECURE), R | W);
}

TEST(tables_from_level_0_reach_48_bits)
{
	uint64_t high = UINT64_C(0xffff00000000);

	fixture_init(&f, ARCH_SPACE_STAGE2, 0, 100);
	map(&f, high, UINT64_C(1) << 32, R | W);
	CHECK_EQUAL(mapped(&f, UINT64_C(0xfffffffff000), WORLD_SECURE), R | W);
	CHECK_EQUAL(fixture_tables(&f), 2 + 1);

	map(&f, high + GIB, PAGE_SIZE, R);
	CHECK_EQUAL(fixture_tables(&f), 2 + 3);
	map(&f, 0, UINT64_C(1) << 48, 0);
	CHECK_EQUAL(fixture_tables(&f), 2);
}

TEST(a_range_over_more_than_512_gigabytes_is_made_of_blocks)
{
	fixture_init(&f, ARCH_SPACE_STAGE2, 0, 100);
	map(&f, GIB, 600 * GIB, R | W);

	CHECK_EQUAL(f.write_count, 2); /* two tables, filled before they are linked */
	CHECK_EQUAL(mapped(&f, 601 * GIB - PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(fixture_tables(&f), 2 + 2);
}

/* ---- refusals ----------------------------------------------------------------------------------- */

TEST(ranges_beyond_the_input_addresses_are_refused)
{
	struct space_plan plan;

	stage2_space();
	CHECK_EQUAL(plan_only(512 * GIB, PAGE_SIZE, R, &plan), SPACE_OUTSIDE);
	CHECK_EQUAL(plan_only(512 * GIB - PAGE_SIZE, 2 * PAGE_SIZE, R, &plan), SPACE_OUTSIDE);
	CHECK_EQUAL(plan_only(GIB, UINT64_MAX & ~PAGE_MASK, R, &plan), SPACE_OUTSIDE);
	CHECK_EQUAL(plan_only(UINT64_MAX & ~PAGE_MASK, PAGE_SIZE, R, &plan), SPACE_OUTSIDE);
	map(&f, 512 * GIB - PAGE_SIZE, PAGE_SIZE, R);
}

TEST(an_empty_range_is_fine_and_changes_nothing)
{
	stage2_space();
	map(&f, GIB, 0, R | W);

	CHECK_EQUAL(f.write_count, 0);
	CHECK_EQUAL(fixture_tables(&f), 2);
}

TEST(a_cancelled_plan_changes_nothing)
{
	struct space_plan plan;

	stage2_space();
	map(&f, GIB, 2 * MIB, R | W);
	fixture_forget(&f);
	CHECK_EQUAL(plan_only(GIB + PAGE_SIZE, PAGE_SIZE, R, &plan), SPACE_OK);
	CHECK_EQUAL(fixture_tables(&f), 2 + 1 + 1);
	cancel(&plan);

	CHECK_EQUAL(fixture_tables(&f), 2 + 1);
	CHECK_EQUAL(f.write_count, 0);
	CHECK_EQUAL(mapped(&f, GIB + PAGE_SIZE, WORLD_SECURE), R | W);
}

TEST(an_exhausted_quota_refuses_the_plan_and_changes_nothing)
{
	struct space_plan plan;

	fixture_init(&f, ARCH_SPACE_STAGE2, 1, 2 + 1);
	map(&f, GIB, 2 * MIB, R | W);
	fixture_forget(&f);

	CHECK_EQUAL(plan_only(GIB + PAGE_SIZE, PAGE_SIZE, R, &plan), SPACE_NO_MEMORY);
	CHECK_EQUAL(f.write_count, 0);
	CHECK_EQUAL(fixture_tables(&f), 2 + 1);
	CHECK_EQUAL(mapped(&f, GIB + PAGE_SIZE, WORLD_SECURE), R | W);
	map(&f, GIB, 2 * MIB, R); /* needs no table */
}

TEST(an_exhausted_pool_refuses_the_plan_whatever_the_quota)
{
	struct quota other = { .limit_pages = UINT32_MAX };
	struct page_reservation all;
	struct space_plan plan;

	stage2_space();
	CHECK(page_pool_reserve(&f.pool, &other, f.pool.free_count - 1, &all));
	CHECK_EQUAL(plan_only(GIB, PAGE_SIZE, R, &plan), SPACE_NO_MEMORY);
	CHECK_EQUAL(plan_only(GIB, 2 * MIB, R, &plan), SPACE_OK);
	cancel(&plan);
	page_pool_cancel(&f.pool, &all);
}

TEST(a_space_needs_pages_for_its_first_tables)
{
	struct quota poor = { .limit_pages = 1 };
	struct space space;

	stage2_space();
	CHECK(!space_init(&space, ARCH_SPACE_STAGE2, &f.pool, &poor, 9));
	CHECK_EQUAL(poor.used_pages, 0);
	CHECK(space_init(&space, ARCH_SPACE_STAGE1, &f.pool, &poor, 9));
	CHECK_EQUAL(poor.used_pages, 1);
}
