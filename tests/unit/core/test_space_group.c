/* SPDX-License-Identifier: BSD-3-Clause */
/* The contiguous hint: which entries have it, and that it is gone before one of them changes. */
#include "core/space_edit.h"
#include "core/space_walk.h"

#include "tests/unit/core/space_fixture.h"

enum {
	PAGE = PAGE_SIZE,
	GROUP = 16 * PAGE_SIZE,
};

#define BLOCK_GROUP (32 * MIB)

static struct fixture f;
static struct space_edit edit;

static void stage2_space(void)
{
	fixture_init(&f, ARCH_SPACE_STAGE2, 1, 100);
	host_memory_add(range_of(GIB, GIB), WORLD_SECURE);
}

/** The entry that maps @address in the secure space. */
static uint64_t *entry_of(uint64_t address)
{
	uint64_t *table = f.space.table[WORLD_SECURE];

	for (unsigned level = arch_space_first_level();; level++) {
		uint64_t *entry = &table[entry_index(address, level)];

		if (!arch_pte_is_table(*entry, level)) {
			return entry;
		}
		table = next_table(*entry, level);
	}
}

/** True when the entry for @address has the hint, which is right: the walk of a PE says so. */
static bool hinted(uint64_t address)
{
	(void)host_reach(&f.space.root, address, WORLD_SECURE, R);
	return (*entry_of(address) & ARCH_PTE_CONTIGUOUS) != 0;
}

static bool reached(uint64_t address)
{
	return host_reach(&f.space.root, address, WORLD_SECURE, R) != NULL;
}

static void begin(void) NO_THREAD_SAFETY
{
	lock_acquire(&f.space.lock);
	edit = space_edit_begin(&f.space, WORLD_SECURE);
}

static void prepare(uint64_t base, uint64_t size)
{
	CHECK_EQUAL(space_edit_prepare(&edit, range_of(base, size)), SPACE_OK);
}

static void end(void) NO_THREAD_SAFETY
{
	space_edit_end(&edit);
	CHECK(!f.broke);
	lock_release(&f.space.lock);
}

static void set(uint64_t base, uint64_t size, unsigned map)
{
	begin();
	prepare(base, size);
	space_edit_set(&edit, range_of(base, size), map);
	end();
}

/* ---- who has it --------------------------------------------------------------------------------- */

TEST(whole_groups_of_pages_have_the_hint_and_the_rest_has_not)
{
	stage2_space();
	map(&f, GIB + PAGE, 2 * GROUP, R | W);

	CHECK(!hinted(GIB + PAGE));
	CHECK(!hinted(GIB + GROUP - PAGE));
	CHECK(hinted(GIB + GROUP));
	CHECK(hinted(GIB + 2 * GROUP - PAGE));
	CHECK(!hinted(GIB + 2 * GROUP));
}

TEST(whole_groups_of_blocks_have_the_hint_and_the_rest_has_not)
{
	stage2_space();
	map(&f, GIB + 2 * MIB, 2 * BLOCK_GROUP, R | W);

	CHECK(!hinted(GIB + 2 * MIB));
	CHECK(hinted(GIB + BLOCK_GROUP));
	CHECK(hinted(GIB + 2 * BLOCK_GROUP - PAGE));
	CHECK(!hinted(GIB + 2 * BLOCK_GROUP));
}

TEST(stage_1_has_it_as_well)
{
	fixture_init(&f, ARCH_SPACE_STAGE1, 1, 100);
	map(&f, GIB, GROUP, R | W);
	CHECK(hinted(GIB));
	map(&f, GIB + PAGE, PAGE, R);
	CHECK(!hinted(GIB));
}

TEST(a_group_of_which_a_part_was_there_has_no_hint)
{
	stage2_space();
	map(&f, GIB + 3 * PAGE, PAGE, R | W);
	map(&f, GIB, 2 * GROUP, R | W);

	CHECK(!hinted(GIB));
	CHECK(!hinted(GIB + 3 * PAGE));
	CHECK(hinted(GIB + GROUP));
}

TEST(a_group_that_changes_as_a_whole_has_it_again)
{
	stage2_space();
	map(&f, GIB, GROUP, R | W);
	map(&f, GIB + PAGE, PAGE, R);
	map(&f, GIB, GROUP, R);
	CHECK(!hinted(GIB)); /* one of it was as it should be */
	map(&f, GIB, GROUP, R | W);
	CHECK(hinted(GIB));
}

/* ---- who loses it ------------------------------------------------------------------------------- */

TEST(the_hint_is_taken_off_before_one_of_the_group_changes)
{
	stage2_space();
	map(&f, GIB, 3 * GROUP, R | W);
	fixture_forget(&f);
	map(&f, GIB + GROUP + PAGE, PAGE, 0);

	CHECK(hinted(GIB));
	CHECK(!hinted(GIB + GROUP));
	CHECK(!reached(GIB + GROUP + PAGE));
	CHECK(reached(GIB + 2 * GROUP - PAGE));
	CHECK(!hinted(GIB + 2 * GROUP - PAGE));
	CHECK(hinted(GIB + 2 * GROUP));
	CHECK_EQUAL(f.invalidated_pages, 17);
}

TEST(groups_at_both_ends_of_a_range_lose_it)
{
	stage2_space();
	map(&f, GIB, 5 * GROUP, R | W);
	map(&f, GIB + GROUP + PAGE, 2 * GROUP, R);

	CHECK(hinted(GIB));
	CHECK(!hinted(GIB + GROUP));
	CHECK(hinted(GIB + 2 * GROUP));
	CHECK(!hinted(GIB + 3 * GROUP));
	CHECK(!hinted(GIB + 4 * GROUP - PAGE));
	CHECK(hinted(GIB + 4 * GROUP));
}

TEST(what_is_as_wanted_keeps_it)
{
	stage2_space();
	map(&f, GIB, GROUP, R | W);
	fixture_forget(&f);
	map(&f, GIB + PAGE, 2 * PAGE, R | W);
	map(&f, GIB, GROUP, R | W);

	CHECK(hinted(GIB));
	CHECK_EQUAL(f.write_count, 0);
}

TEST(a_block_that_is_split_leaves_the_hint_to_all_groups_but_one)
{
	stage2_space();
	map(&f, GIB, 2 * BLOCK_GROUP, R | W);
	map(&f, GIB + 2 * GROUP + PAGE, PAGE, R);

	CHECK(hinted(GIB + GROUP)); /* of its pages */
	CHECK(!hinted(GIB + 2 * GROUP));
	CHECK(hinted(GIB + 3 * GROUP));
	CHECK(!hinted(GIB + 2 * MIB)); /* of its neighbours */
	CHECK(hinted(GIB + BLOCK_GROUP));
	CHECK(reached(GIB + 2 * MIB));
}

/* ---- edits -------------------------------------------------------------------------------------- */

TEST(an_edit_gives_the_hint_to_whole_groups)
{
	stage2_space();
	set(GIB + PAGE, 2 * GROUP, R | W | ARCH_MAP_BORROWED);
	set(2 * GIB - BLOCK_GROUP, BLOCK_GROUP, R | W);

	CHECK(!hinted(GIB + PAGE));
	CHECK(hinted(GIB + GROUP));
	CHECK(!hinted(GIB + 2 * GROUP));
	CHECK(hinted(2 * GIB - BLOCK_GROUP));
	CHECK(hinted(2 * GIB - 2 * MIB));
}

TEST(what_only_software_sees_leaves_a_whole_groups_hint)
{
	size_t count;

	stage2_space();
	map(&f, GIB, GROUP, R | W);
	host_tlb_log_clear();
	host_table_hook(NULL, NULL); /* which knows no software */
	set(GIB, GROUP, R | W | ARCH_MAP_SHARED);

	CHECK(hinted(GIB));
	CHECK_EQUAL(mapped(&f, GIB, WORLD_SECURE), R | W | ARCH_MAP_SHARED);
	(void)host_tlb_log(&count);
	CHECK_EQUAL(count, 0);
}

TEST(preparing_a_part_of_a_group_takes_its_hint_off)
{
	unsigned attributes;

	stage2_space();
	map(&f, GIB, 3 * GROUP, R | W);
	begin();
	prepare(GIB + PAGE, GROUP);
	CHECK(space_edit_alike(&edit, range_of(GIB + PAGE, GROUP), &attributes));
	CHECK_EQUAL(attributes, R | W);
	end();

	CHECK(!hinted(GIB));
	CHECK(!hinted(GIB + GROUP));
	CHECK(hinted(GIB + 2 * GROUP));
	CHECK(reached(GIB + PAGE));
}

TEST(preparing_a_part_of_a_group_in_the_same_table_takes_its_hint_off)
{
	stage2_space();
	map(&f, GIB, 3 * GROUP, R | W);
	begin();
	prepare(GIB, GROUP); /* makes the table the one in use */
	prepare(GIB + GROUP, PAGE);
	prepare(GIB + 3 * GROUP - PAGE, PAGE);
	end();

	CHECK(hinted(GIB));
	CHECK(!hinted(GIB + GROUP));
	CHECK(!hinted(GIB + 2 * GROUP));
}

TEST(preparing_a_part_of_a_block_leaves_the_hint_to_the_groups_around)
{
	stage2_space();
	map(&f, GIB, 2 * BLOCK_GROUP, R | W);
	begin();
	prepare(GIB + PAGE, GROUP);
	end();

	CHECK(!hinted(GIB));
	CHECK(!hinted(GIB + GROUP));
	CHECK(hinted(GIB + 2 * GROUP));
	CHECK(!hinted(GIB + 2 * MIB));
	CHECK(hinted(GIB + BLOCK_GROUP));
}

TEST(a_group_that_is_lent_and_comes_back_has_the_hint)
{
	stage2_space();
	map(&f, GIB, GROUP, R | W);
	begin();
	prepare(GIB, GROUP);
	space_edit_hide(&edit, range_of(GIB, GROUP));
	end();
	CHECK(!hinted(GIB));
	CHECK(!reached(GIB));
	set(GIB, GROUP, R | W);
	CHECK(hinted(GIB));
}

TEST(pages_that_are_set_one_by_one_have_no_hint)
{
	stage2_space();
	for (unsigned i = 0; i < 16; i++) {
		set(GIB + i * PAGE, PAGE, R | W);
	}
	CHECK(!hinted(GIB));
	CHECK(!hinted(GIB + GROUP - PAGE));
}

/* ---- the check itself --------------------------------------------------------------------------- */

static void walk_to(void *address)
{
	(void)host_reach(&f.space.root, *(uint64_t *)address, WORLD_SECURE, R);
}

/** @address is in a group that is not right. */
static void check_stops(uint64_t address)
{
	CHECK_STOPS(walk_to, &address, "contiguous hint");
}

static void group(void)
{
	stage2_space();
	host_table_hook(NULL, NULL);
	map(&f, GIB, GROUP, R | W);
}

TEST(a_hint_with_an_entry_that_is_not_there_stops)
{
	group();
	*entry_of(GIB + PAGE) = 0;
	check_stops(GIB);
}

TEST(a_hint_with_an_entry_that_has_none_stops)
{
	group();
	*entry_of(GIB + PAGE) &= ~ARCH_PTE_CONTIGUOUS;
	check_stops(GIB);
}

TEST(a_hint_with_an_entry_of_other_rights_stops)
{
	group();
	*entry_of(GIB + PAGE) &= ~(UINT64_C(1) << 7);
	check_stops(GIB);
}

TEST(a_hint_with_an_entry_of_other_memory_stops)
{
	group();
	*entry_of(GIB + PAGE) += PAGE;
	check_stops(GIB);
}
