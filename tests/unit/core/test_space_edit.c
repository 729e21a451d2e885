/* SPDX-License-Identifier: BSD-3-Clause */
/* Edits of many ranges at once: preparing, looking, setting, hiding, clearing, pruning. */
#include "core/space_edit.h"

#include "tests/unit/core/space_fixture.h"

enum {
	SHARED = ARCH_MAP_SHARED,
	BORROWED = ARCH_MAP_BORROWED,
};

static struct fixture f;
static struct space_edit edit;

static void stage2_space(void)
{
	fixture_init(&f, ARCH_SPACE_STAGE2, 1, 100);
}

static void begin(enum world world) NO_THREAD_SAFETY
{
	lock_acquire(&f.space.lock);
	edit = space_edit_begin(&f.space, world);
}

static void end(void) NO_THREAD_SAFETY
{
	space_edit_end(&edit);
	CHECK_EQUAL(f.space.root.edits % 2, 0);
	CHECK(!f.broke);
	lock_release(&f.space.lock);
}

static void prepare(uint64_t base, uint64_t size)
{
	CHECK_EQUAL(space_edit_prepare(&edit, range_of(base, size)), SPACE_OK);
}

/** An edit that maps [@base, @base + @size) as @map. */
static void set(uint64_t base, uint64_t size, unsigned map)
{
	begin((map & NS) != 0 ? WORLD_NON_SECURE : WORLD_SECURE);
	prepare(base, size);
	space_edit_set(&edit, range_of(base, size), map);
	end();
}

/** How the prepared [@base, @base + @size) is mapped in an edit of its own. False: not alike. */
static bool alike(uint64_t base, uint64_t size, unsigned *attributes)
{
	bool same;

	begin(WORLD_SECURE);
	prepare(base, size);
	same = space_edit_alike(&edit, range_of(base, size), attributes);
	space_edit_prune(&edit, range_of(base, size));
	end();
	return same;
}

/* ---- preparing ---------------------------------------------------------------------------------- */

TEST(preparing_changes_no_mapping)
{
	stage2_space();
	map(&f, GIB, GIB, R | W | X);
	begin(WORLD_SECURE);
	prepare(GIB + 3 * PAGE_SIZE, 2 * PAGE_SIZE);
	end();
	CHECK_EQUAL(mapped(&f, GIB, WORLD_SECURE), R | W | X);
	CHECK_EQUAL(mapped(&f, GIB + 3 * PAGE_SIZE, WORLD_SECURE), R | W | X);
	CHECK_EQUAL(mapped(&f, 2 * GIB - PAGE_SIZE, WORLD_SECURE), R | W | X);
	CHECK_EQUAL(mapped(&f, 2 * GIB, WORLD_SECURE), 0);
}

TEST(what_was_prepared_in_vain_is_pruned)
{
	uint32_t tables;

	stage2_space();
	tables = fixture_tables(&f);
	begin(WORLD_SECURE);
	prepare(5 * GIB + PAGE_SIZE, PAGE_SIZE);
	prepare(7 * GIB - PAGE_SIZE, 2 * PAGE_SIZE);
	space_edit_prune(&edit, range_of(5 * GIB + PAGE_SIZE, PAGE_SIZE));
	space_edit_prune(&edit, range_of(7 * GIB - PAGE_SIZE, 2 * PAGE_SIZE));
	end();
	CHECK_EQUAL(fixture_tables(&f), tables);
}

TEST(a_block_that_lies_inside_is_not_split)
{
	uint32_t tables;

	stage2_space();
	map(&f, GIB, 16 * MIB, R | W);
	tables = fixture_tables(&f);
	begin(WORLD_SECURE);
	prepare(GIB + 2 * MIB, 4 * MIB);
	end();
	CHECK_EQUAL(fixture_tables(&f), tables);
	begin(WORLD_SECURE);
	prepare(GIB + 3 * MIB, 4 * MIB); /* out of both sides of blocks */
	end();
	CHECK_EQUAL(fixture_tables(&f), tables + 2);
}

TEST(without_a_table_nothing_is_prepared_and_nothing_changes)
{
	uint32_t tables;

	stage2_space();
	map(&f, GIB, 4 * MIB, R | W);
	tables = fixture_tables(&f);
	f.quota.limit_pages = tables;
	begin(WORLD_SECURE);
	CHECK_EQUAL(space_edit_prepare(&edit, range_of(GIB + MIB, PAGE_SIZE)), SPACE_NO_MEMORY);
	CHECK_EQUAL(space_edit_prepare(&edit, range_of(3 * GIB, PAGE_SIZE)), SPACE_NO_MEMORY);
	end();
	CHECK_EQUAL(fixture_tables(&f), tables);
	CHECK_EQUAL(mapped(&f, GIB + MIB, WORLD_SECURE), R | W);
}

TEST(addresses_beyond_the_tables_are_outside)
{
	stage2_space();
	begin(WORLD_SECURE);
	CHECK_EQUAL(space_edit_prepare(&edit, range_of(UINT64_C(1) << 52, PAGE_SIZE)),
		    SPACE_OUTSIDE);
	CHECK_EQUAL(space_edit_prepare(&edit, range_of(UINT64_C(0xFFFFFFFFFFFFF000), PAGE_SIZE)),
		    SPACE_OUTSIDE);
	CHECK_EQUAL(space_edit_prepare(&edit,
				       (struct page_range){ .base = paddr(GIB),
							    .page_count = UINT64_C(1) << 50 }),
		    SPACE_OUTSIDE);
	end();
}

/* ---- looking ------------------------------------------------------------------------------------ */

TEST(pages_that_are_mapped_alike_are_alike)
{
	unsigned attributes = 0;

	stage2_space();
	map(&f, GIB, 8 * MIB, R | W | X);
	map(&f, GIB + 8 * MIB, PAGE_SIZE, R | W);
	CHECK(alike(GIB, 8 * MIB, &attributes));
	CHECK_EQUAL(attributes, R | W | X);
	CHECK(alike(GIB + PAGE_SIZE, 3 * MIB, &attributes));
	CHECK_EQUAL(attributes, R | W | X);
	CHECK(!alike(GIB + 8 * MIB - PAGE_SIZE, 2 * PAGE_SIZE, &attributes));
	CHECK(!alike(GIB + 8 * MIB, 2 * PAGE_SIZE, &attributes)); /* and a hole */
	CHECK(!alike(GIB - PAGE_SIZE, 2 * PAGE_SIZE, &attributes));
	CHECK(alike(GIB + 8 * MIB, PAGE_SIZE, &attributes));
	CHECK_EQUAL(attributes, R | W);
}

TEST(pages_that_are_not_mapped_are_alike_too)
{
	unsigned attributes = 77;

	stage2_space();
	CHECK(alike(GIB, 3 * GIB, &attributes));
	CHECK_EQUAL(attributes, 0);
	CHECK(alike(GIB + PAGE_SIZE, PAGE_SIZE, &attributes));
	CHECK_EQUAL(attributes, 0);
}

TEST(what_only_software_sees_makes_a_difference)
{
	unsigned attributes = 0;

	stage2_space();
	set(GIB, PAGE_SIZE, R | W);
	set(GIB + PAGE_SIZE, PAGE_SIZE, R | W | SHARED);
	set(GIB + 2 * PAGE_SIZE, PAGE_SIZE, R | W | BORROWED);
	CHECK(!alike(GIB, 2 * PAGE_SIZE, &attributes));
	CHECK(!alike(GIB + PAGE_SIZE, 2 * PAGE_SIZE, &attributes));
	CHECK(alike(GIB + PAGE_SIZE, PAGE_SIZE, &attributes));
	CHECK_EQUAL(attributes, R | W | SHARED);
	CHECK(alike(GIB + 2 * PAGE_SIZE, PAGE_SIZE, &attributes));
	CHECK_EQUAL(attributes, R | W | BORROWED);
}

/* ---- setting ------------------------------------------------------------------------------------ */

TEST(a_range_is_mapped_as_asked_and_its_neighbours_are_not)
{
	stage2_space();
	set(GIB + 5 * PAGE_SIZE, 3 * PAGE_SIZE, R | W);
	CHECK_EQUAL(mapped(&f, GIB + 4 * PAGE_SIZE, WORLD_SECURE), 0);
	CHECK_EQUAL(mapped(&f, GIB + 5 * PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(mapped(&f, GIB + 7 * PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(mapped(&f, GIB + 8 * PAGE_SIZE, WORLD_SECURE), 0);
	CHECK_EQUAL(mapped(&f, GIB + 5 * PAGE_SIZE, WORLD_NON_SECURE), 0);
}

TEST(the_normal_worlds_memory_has_a_space_of_its_own)
{
	stage2_space();
	set(GIB, PAGE_SIZE, R | W | NS);
	CHECK_EQUAL(mapped(&f, GIB, WORLD_NON_SECURE), R | W | NS);
	CHECK_EQUAL(mapped(&f, GIB, WORLD_SECURE), 0);
}

TEST(large_ranges_are_mapped_by_blocks)
{
	uint32_t tables;

	stage2_space();
	tables = fixture_tables(&f);
	set(GIB, 4 * GIB, R | W);
	CHECK(fixture_tables(&f) <= tables + 4);
	CHECK_EQUAL(mapped(&f, 5 * GIB - PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(mapped(&f, 5 * GIB, WORLD_SECURE), 0);
}

TEST(stage_1_is_edited_as_stage_2_is)
{
	fixture_init(&f, ARCH_SPACE_STAGE1, 1, 100);
	set(GIB, 2 * PAGE_SIZE, R | W);
	set(GIB + 4 * PAGE_SIZE, PAGE_SIZE, R | W | NS);
	CHECK_EQUAL(mapped(&f, GIB + PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(mapped(&f, GIB + 4 * PAGE_SIZE, WORLD_NON_SECURE), R | W | NS);
	CHECK_EQUAL(mapped(&f, GIB + 4 * PAGE_SIZE, WORLD_SECURE), 0);
}

/* ---- hiding and clearing ------------------------------------------------------------------------ */

TEST(what_is_hidden_is_not_reached_and_not_free)
{
	unsigned attributes = 0;

	stage2_space();
	set(GIB, 4 * PAGE_SIZE, R | W);
	fixture_forget(&f);
	begin(WORLD_SECURE);
	prepare(GIB + PAGE_SIZE, 2 * PAGE_SIZE);
	space_edit_hide(&edit, range_of(GIB + PAGE_SIZE, 2 * PAGE_SIZE));
	end();
	CHECK_EQUAL(mapped(&f, GIB + PAGE_SIZE, WORLD_SECURE), 0);
	CHECK_EQUAL(mapped(&f, GIB, WORLD_SECURE), R | W);
	CHECK_EQUAL(mapped(&f, GIB + 3 * PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK(f.invalidate_count > 0);
	CHECK(!alike(GIB + PAGE_SIZE, PAGE_SIZE, &attributes) || attributes != 0);
}

TEST(what_is_hidden_comes_back_without_memory)
{
	uint32_t tables;

	stage2_space();
	set(GIB, 4 * PAGE_SIZE, R | W);
	begin(WORLD_SECURE);
	prepare(GIB, 2 * PAGE_SIZE);
	space_edit_hide(&edit, range_of(GIB, 2 * PAGE_SIZE));
	end();
	tables = fixture_tables(&f);
	f.quota.limit_pages = 0;
	begin(WORLD_SECURE);
	space_edit_set(&edit, range_of(GIB, 2 * PAGE_SIZE), R | W);
	end();
	CHECK_EQUAL(mapped(&f, GIB + PAGE_SIZE, WORLD_SECURE), R | W);
	CHECK_EQUAL(fixture_tables(&f), tables);
}

TEST(what_is_cleared_is_gone_and_so_are_its_tables)
{
	uint32_t tables;

	stage2_space();
	tables = fixture_tables(&f);
	set(GIB + PAGE_SIZE, 3 * PAGE_SIZE, R | W);
	begin(WORLD_SECURE);
	space_edit_clear(&edit, range_of(GIB + PAGE_SIZE, 3 * PAGE_SIZE));
	space_edit_prune(&edit, range_of(GIB + PAGE_SIZE, 3 * PAGE_SIZE));
	end();
	CHECK_EQUAL(mapped(&f, GIB + PAGE_SIZE, WORLD_SECURE), 0);
	CHECK_EQUAL(fixture_tables(&f), tables);
	set(GIB + PAGE_SIZE, PAGE_SIZE, R); /* and it is free again */
	CHECK_EQUAL(mapped(&f, GIB + PAGE_SIZE, WORLD_SECURE), R);
}

/** Prunes [@base, @base + @size), which is mapped and then cleared: no table is left. */
static void check_pruned(uint64_t base, uint64_t size)
{
	uint32_t tables;

	stage2_space();
	tables = fixture_tables(&f);
	set(base, size, R | W);
	begin(WORLD_SECURE);
	space_edit_clear(&edit, range_of(base, size));
	space_edit_prune(&edit, range_of(base, size));
	end();
	CHECK_EQUAL(fixture_tables(&f), tables);
}

TEST(tables_in_front_of_and_behind_blocks_are_pruned_as_well)
{
	check_pruned(2 * GIB, 2 * MIB + PAGE_SIZE);
	check_pruned(2 * GIB - PAGE_SIZE, 2 * MIB + 2 * PAGE_SIZE);
	check_pruned(2 * GIB, 4 * GIB + 2 * MIB + PAGE_SIZE);
	check_pruned(2 * GIB - 2 * MIB - PAGE_SIZE, 4 * GIB);
	check_pruned(2 * GIB + 2 * MIB, 6 * MIB + PAGE_SIZE);
	check_pruned(PAGE_SIZE, 8 * GIB);
}

TEST(a_table_that_is_still_needed_is_not_pruned)
{
	stage2_space();
	set(GIB + PAGE_SIZE, PAGE_SIZE, R | W);
	set(GIB + 9 * PAGE_SIZE, PAGE_SIZE, R | W);
	begin(WORLD_SECURE);
	space_edit_clear(&edit, range_of(GIB + PAGE_SIZE, PAGE_SIZE));
	space_edit_prune(&edit, range_of(GIB + PAGE_SIZE, PAGE_SIZE));
	end();
	CHECK_EQUAL(mapped(&f, GIB + PAGE_SIZE, WORLD_SECURE), 0);
	CHECK_EQUAL(mapped(&f, GIB + 9 * PAGE_SIZE, WORLD_SECURE), R | W);
}

TEST(scattered_ranges_are_cleared_with_one_invalidation)
{
	stage2_space();
	begin(WORLD_SECURE);
	for (unsigned i = 0; i < 50; i++) {
		prepare(GIB + 2 * i * PAGE_SIZE, PAGE_SIZE);
	}
	for (unsigned i = 0; i < 50; i++) {
		space_edit_set(&edit, range_of(GIB + 2 * i * PAGE_SIZE, PAGE_SIZE), R | W);
	}
	end();
	fixture_forget(&f);
	begin(WORLD_SECURE);
	for (unsigned i = 0; i < 50; i++) {
		space_edit_clear(&edit, range_of(GIB + 2 * i * PAGE_SIZE, PAGE_SIZE));
	}
	space_edit_prune(&edit, range_of(GIB, 100 * PAGE_SIZE));
	end();
	CHECK_EQUAL(f.invalidate_count, 1);
	for (unsigned i = 0; i < 100; i++) {
		CHECK_EQUAL(mapped(&f, GIB + i * PAGE_SIZE, WORLD_SECURE), 0);
	}
}

TEST(setting_what_was_free_invalidates_nothing)
{
	stage2_space();
	fixture_forget(&f);
	set(GIB, 64 * PAGE_SIZE, R | W);
	CHECK_EQUAL(f.invalidate_count, 0);
}
