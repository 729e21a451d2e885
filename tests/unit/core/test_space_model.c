/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random edits of a space against a model that knows one byte for each page. Each edit is first refused for
 * every quota that does not do, and must then have changed nothing. SPACE_SEED=N repeats a run.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/core/space_fixture.h"
#include "tests/unit/core/table_shadow.h"

/* The addresses edited: a gigabyte with a piece of its neighbours, so that blocks of all sizes occur. */
#define AREA_BASE (2 * GIB - 16 * MIB)
#define AREA_SIZE (GIB + 32 * MIB)

enum {
	AREA_PAGES = AREA_SIZE >> PAGE_SHIFT,
	EDIT_COUNT = 600,
	PROBE_COUNT = 16,
	TABLE_LIMIT = 200,
};

static struct fixture f;
static uint8_t model[2][AREA_PAGES]; /* by world: enum arch_map; 0: not mapped */
static uint64_t random_state;

static uint64_t random_below(uint64_t limit)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (random_state >> 24) % limit;
}

/* ---- the model ---------------------------------------------------------------------------------- */

struct edit {
	uint64_t page; /* in the area */
	uint64_t page_count;
	unsigned map;
};

/** Ranges whose ends are multiples of a page, of 64 KiB, 2 MiB or 256 MiB, or next to one. */
static uint64_t random_page(void)
{
	static const unsigned shifts[] = { 0, 4, 9, 9, 16 };
	uint64_t page = random_below(AREA_PAGES) >> shifts[random_below(5)]
							    << shifts[random_below(5)];

	page += random_below(4) == 0 ? random_below(3) : 0;
	return page < AREA_PAGES ? page : AREA_PAGES - 1;
}

static struct edit random_edit(void)
{
	static const unsigned maps[] = {
		0, 0, 0, NS, NS, R, R | W, R | X, R | W | NS, R | NS, R | W | DEVICE
	};
	uint64_t from = random_page(), to = random_page();
	unsigned map = maps[random_below(sizeof(maps) / sizeof(maps[0]))];

	if (random_below(3) == 0) {
		to = from + random_below(8);
	}
	if (random_below(50) == 0) { /* the whole gigabyte */
		from = (2 * GIB - AREA_BASE) >> PAGE_SHIFT;
		to = from + (GIB >> PAGE_SHIFT) - 1;
	}
	to = to < AREA_PAGES ? to : AREA_PAGES - 1;
	return (struct edit){
		.page = from < to ? from : to,
		.page_count = (from < to ? to - from : from - to) + 1,
		.map = map,
	};
}

static void model_apply(const struct edit *edit)
{
	bool maps = (edit->map & (R | W | X)) != 0;
	enum world world = (edit->map & NS) != 0 ? WORLD_NON_SECURE : WORLD_SECURE;

	if (f.space.kind ==
	    ARCH_SPACE_STAGE1) { /* one space: the other world loses what this one gets */
		memset(&model[WORLD_SECURE][edit->page], 0, edit->page_count);
		memset(&model[WORLD_NON_SECURE][edit->page], 0, edit->page_count);
	}
	memset(&model[world][edit->page], maps ? (int)edit->map : 0, edit->page_count);
}

/** Compares all of the area with the model, in the extents that the space itself names. */
static void check_extents(enum world world)
{
	uint64_t page = 0;

	lock_acquire(&f.space.lock);
	while (page < AREA_PAGES) {
		const uint8_t *expected = &model[world][page];
		unsigned map = 0;
		uint64_t count = space_extent(&f.space, ipaddr(AREA_BASE + (page << PAGE_SHIFT)),
					      world, AREA_PAGES - page, &map);

		CHECK_EQUAL(count == 0 ? 0 : map, expected[0]);
		if (count == 0) { /* nothing there: up to where the model has something */
			count = 1;
			while (page + count < AREA_PAGES && expected[count] == 0 &&
			       count % 512 != 0) {
				count++;
			}
		}
		CHECK(count == 1 || memcmp(expected, expected + 1, count - 1) == 0);
		page += count;
	}
	lock_release(&f.space.lock);
}

/** Asks the walk of host_reach(), which knows nothing of core/space.c, about a few pages. */
static void check_probes(const struct edit *edit)
{
	for (unsigned i = 0; i < PROBE_COUNT; i++) {
		uint64_t page = i < 4 ? edit->page + random_below(edit->page_count)
				      : random_below(AREA_PAGES);
		uint64_t address = AREA_BASE + (page << PAGE_SHIFT) + random_below(PAGE_SIZE);

		for (unsigned access = R; access <= X; access <<= 1) {
			bool expected = (model[WORLD_SECURE][page] & access) != 0;
			const void *reached = host_reach(&f.space.root, address, WORLD_SECURE,
							 access);

			/* All RAM is secure: what stage 1 maps as non-secure is not there. */
			CHECK(reached == (expected ? host_ram(paddr(address)) : NULL));
		}
	}
}

/* ---- edits -------------------------------------------------------------------------------------- */

/** Plans with a quota, or with a pool, that has no more than @spare pages left. */
static enum space_result plan_with(const struct edit *edit, uint32_t spare, bool pool_is_short,
				   struct space_plan *plan)
{
	struct quota other = { .limit_pages = UINT32_MAX };
	struct page_reservation rest = { 0 };
	enum space_result result;

	f.quota.limit_pages = pool_is_short ? TABLE_LIMIT : f.quota.used_pages + spare;
	if (pool_is_short) {
		CHECK(page_pool_reserve(&f.pool, &other, f.pool.free_count - spare, &rest));
	}
	lock_acquire(&f.space.lock);
	result = space_plan(&f.space,
			    range_of(AREA_BASE + (edit->page << PAGE_SHIFT),
				     edit->page_count << PAGE_SHIFT),
			    edit->map, plan);
	lock_release(&f.space.lock);
	page_pool_cancel(&f.pool, &rest);
	return result;
}

/** Tries the edit with 0, 1, 2 ... spare pages until one suffices; refusals change nothing. */
static void plan_and_commit(const struct edit *edit)
{
	bool pool_is_short = random_below(4) == 0;
	uint64_t before = shadow_fingerprint();
	uint64_t events = shadow_events();
	uint32_t used = f.quota.used_pages;
	struct space_plan plan;
	uint32_t spare = 0;

	while (plan_with(edit, spare, pool_is_short, &plan) != SPACE_OK) {
		CHECK_EQUAL(f.quota.used_pages, used);
		CHECK_EQUAL(shadow_fingerprint(), before);
		spare++;
		CHECK(spare <= 6); /* two ends, three levels at most */
	}
	CHECK_EQUAL(plan.tables.count, spare); /* it asks for no more than it needs */
	CHECK_EQUAL(shadow_events(), events);

	lock_acquire(&f.space.lock);
	space_commit(&f.space, &plan);
	lock_release(&f.space.lock);
	CHECK_EQUAL(plan.tables.count, 0);
}

static void run_model(enum arch_space_kind kind, unsigned first_level, uint64_t seed)
{
	const char *wanted = getenv("SPACE_SEED");

	random_state = wanted != NULL ? strtoull(wanted, NULL, 0) : seed;
	fixture_init(&f, kind, first_level, TABLE_LIMIT);
	host_memory_add(range_of(AREA_BASE, AREA_SIZE), WORLD_SECURE);
	shadow_start(&f.space);
	for (unsigned i = 0; i < EDIT_COUNT; i++) {
		struct edit edit = random_edit();

		plan_and_commit(&edit);
		model_apply(&edit);
		shadow_check();
		check_extents(WORLD_SECURE);
		check_extents(WORLD_NON_SECURE);
		check_probes(&edit);
	}

	map(&f, AREA_BASE, AREA_SIZE, 0);
	map(&f, AREA_BASE, AREA_SIZE, NS);
	shadow_check();
	CHECK_EQUAL(fixture_tables(&f), kind == ARCH_SPACE_STAGE2 ? 2 : 1);
}

TEST(random_edits_of_stage_2_are_what_the_model_says)
{
	run_model(ARCH_SPACE_STAGE2, 1, 1);
}

TEST(random_edits_of_stage_2_from_level_0_are_what_the_model_says)
{
	run_model(ARCH_SPACE_STAGE2, 0, 2);
}

TEST(random_edits_of_stage_1_are_what_the_model_says)
{
	run_model(ARCH_SPACE_STAGE1, 1, 3);
}

TEST(random_edits_of_stage_1_from_level_0_are_what_the_model_says)
{
	run_model(ARCH_SPACE_STAGE1, 0, 4);
}
