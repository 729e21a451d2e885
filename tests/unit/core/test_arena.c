/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/arena.h"

#include "arch/host/host.h"
#include "core/address.h"
#include "tests/unit/unit.h"

static struct arena arena;
static _Alignas(4096) uint8_t first[3 * 4096], second[4096];

static void two_ranges(void)
{
	memset(&arena, 0, sizeof(arena));
	memset(first, 0xa5, sizeof(first));
	memset(second, 0xa5, sizeof(second));
	arena_add(&arena, first, sizeof(first));
	arena_add(&arena, second, sizeof(second));
}

static void take_with_odd_alignment(void *argument)
{
	arena_take(&arena, 1, 3);
}

TEST(what_is_taken_is_aligned_zeroed_and_apart)
{
	uint8_t *a, *b;

	two_ranges();
	a = arena_take(&arena, 3, 1);
	b = arena_take(&arena, 100, 64);

	CHECK(a == first);
	CHECK(b == first + 64);
	CHECK_EQUAL(a[0] | a[1] | a[2], 0);
	CHECK_EQUAL(a[3], 0xa5);
	CHECK_EQUAL(b[0] | b[99], 0);
	CHECK_EQUAL(b[100], 0xa5);
	CHECK_EQUAL(arena.taken_size, 103);
}

TEST(a_range_can_be_used_up_to_its_last_byte)
{
	two_ranges();
	CHECK(arena_take(&arena, sizeof(first), 1) == first);
	CHECK(arena_take(&arena, sizeof(second), 1) == second);
	CHECK(arena_take(&arena, 1, 1) == NULL);
}

TEST(what_does_not_fit_the_first_range_comes_from_the_next)
{
	two_ranges();
	CHECK(arena_take(&arena, sizeof(first) - 8, 1) == first);
	CHECK(arena_take(&arena, 16, 1) == second);
	CHECK(arena_take(&arena, 8, 1) == first + sizeof(first) - 8);
}

TEST(alignment_counts_when_room_is_short)
{
	two_ranges();
	arena_take(&arena, 1, 1);
	CHECK(arena_take(&arena, 2 * 4096 + 1, 4096) == NULL);
	CHECK(arena_take(&arena, 2 * 4096, 4096) == first + 4096);
}

TEST(a_size_that_would_wrap_is_refused)
{
	two_ranges();
	CHECK(arena_take(&arena, SIZE_MAX, 1) == NULL);
	CHECK(arena_take(&arena, SIZE_MAX - 4, 64) == NULL);
	CHECK_EQUAL(arena.taken_size, 0);
}

TEST(an_empty_arena_gives_nothing)
{
	uint64_t page_count;

	memset(&arena, 0, sizeof(arena));
	CHECK(arena_take(&arena, 1, 1) == NULL);
	CHECK(arena_take_pages(&arena, &page_count) == NULL);
}

TEST(what_is_left_comes_out_as_whole_pages)
{
	uint64_t page_count = 0;

	two_ranges();
	arena_take(&arena, 10, 1);

	CHECK(arena_take_pages(&arena, &page_count) == first + 4096);
	CHECK_EQUAL(page_count, 2);
	CHECK(arena_take_pages(&arena, &page_count) == second);
	CHECK_EQUAL(page_count, 1);
	CHECK(arena_take_pages(&arena, &page_count) == NULL);
}

TEST(ranges_beyond_the_limit_are_left_out)
{
	memset(&arena, 0, sizeof(arena));
	for (unsigned i = 0; i <= ARENA_RANGE_MAX; i++) {
		arena_add(&arena, first + i, 1);
	}
	CHECK_EQUAL(arena.range_count, ARENA_RANGE_MAX);
}

TEST(an_alignment_that_is_no_power_of_two_stops)
{
	two_ranges();
	CHECK_STOPS(take_with_odd_alignment, NULL, "alignment");
}
