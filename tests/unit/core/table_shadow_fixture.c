/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * See table_shadow.h. The rules (Arm ARM, D8.16.1): a live entry only becomes invalid; what was live
 * becomes live again, in whatever form, only after the TLBs have forgotten it; a table can be linked only
 * when it is complete, and is not changed unseen afterwards.
 */
#include "tests/unit/core/table_shadow.h"

#include <stdlib.h>

#include "arch/host/host.h"
#include "tests/unit/unit.h"

enum {
	LEVEL_LAST = 3,
	ENTRIES = 512,
	BROKEN_MAX = 4096,
	WORDS = HOST_POOL_PAGES * ENTRIES,
};

/* A page of the pool: a table while it is live. */
struct page {
	bool live;
	enum world world;
	unsigned level;
	uint64_t base; /* first address that the table maps */
};

/* An entry that was broken: the TLBs may still know it. */
struct broken {
	const uint64_t *entry;
	uint64_t address;
	uint64_t size;
	enum world world;
	bool any_part; /* an empty table: any invalidation within makes walks forget it */
};

static struct {
	const struct space *space;
	uint64_t *pool;
	uint64_t words[WORDS];
	struct page pages[HOST_POOL_PAGES];
	struct broken broken[BROKEN_MAX];
	unsigned broken_count;
	uint64_t events;
} shadow;

static uint64_t span(unsigned level)
{
	return UINT64_C(1) << (12 + 9 * (LEVEL_LAST - level));
}

/** The page of the pool that the entry @pte points to as a table, or NULL. */
static struct page *pointed_to(uint64_t pte, unsigned level)
{
	uint64_t first = arch_image_pool().base.pa;
	uint64_t address = pte & UINT64_C(0xfffffffff000);

	if (level == LEVEL_LAST || (pte & 3) != 3) {
		return NULL;
	}
	CHECK(address >= first && address < first + HOST_POOL_PAGES * PAGE_SIZE);
	return &shadow.pages[(address - first) >> PAGE_SHIFT];
}

static uint64_t *words_of(const struct page *page)
{
	return &shadow.words[(size_t)(page - shadow.pages) * ENTRIES];
}

static const uint64_t *memory_of(const struct page *page)
{
	return &shadow.pool[(size_t)(page - shadow.pages) * ENTRIES];
}

/** Takes a table that was just linked, and all below it, into the books. */
static void adopt(struct page *page, enum world world, unsigned level, uint64_t base)
{
	uint64_t *words = words_of(page);

	CHECK(!page->live);
	*page = (struct page){ .live = true, .world = world, .level = level, .base = base };
	memcpy(words, memory_of(page), PAGE_SIZE);
	for (unsigned i = 0; i < ENTRIES; i++) {
		struct page *below = pointed_to(words[i], level);

		if (below != NULL) {
			adopt(below, world, level + 1, base + i * span(level));
		}
	}
}

/** A table that nothing points to any more, and all below it. */
static void abandon(struct page *page)
{
	CHECK(page->live);
	page->live = false;
	for (unsigned i = 0; i < ENTRIES; i++) {
		struct page *below = pointed_to(words_of(page)[i], page->level);

		if (below != NULL) {
			abandon(below);
		}
	}
}

static bool is_empty(const struct page *page)
{
	for (unsigned i = 0; i < ENTRIES; i++) {
		if ((words_of(page)[i] & 1) != 0) {
			return false;
		}
	}
	return true;
}

static void entry_breaks(const uint64_t *entry, const struct page *page, unsigned index,
			 uint64_t before)
{
	struct page *below = pointed_to(before, page->level);

	CHECK(shadow.broken_count < BROKEN_MAX);
	shadow.broken[shadow.broken_count++] = (struct broken){
		.entry = entry,
		.address = page->base + index * span(page->level),
		.size = span(page->level),
		.world = page->world,
		.any_part = below != NULL && is_empty(below),
	};
	if (below != NULL) {
		abandon(below);
	}
}

static void entry_written(const struct host_table_event *event)
{
	size_t word = (size_t)(event->entry - shadow.pool);
	struct page *page = &shadow.pages[word / ENTRIES];
	unsigned index = (unsigned)(word % ENTRIES);
	bool was_valid = (event->before & 1) != 0;
	bool is_valid = (event->after & 1) != 0;

	CHECK(word < WORDS);
	CHECK(page->live); /* others are written without a word */
	CHECK(!(was_valid && is_valid)); /* break before make */
	for (unsigned i = 0; i < shadow.broken_count; i++) {
		CHECK(shadow.broken[i].entry != event->entry); /* invalidate before make */
	}
	if (was_valid) {
		entry_breaks(event->entry, page, index, event->before);
	}
	words_of(page)[index] = event->after;
	if (is_valid && pointed_to(event->after, page->level) != NULL) {
		adopt(pointed_to(event->after, page->level), page->world, page->level + 1,
		      page->base + index * span(page->level));
	}
}

static bool is_forgotten(const struct broken *broken, const struct host_table_event *event)
{
	uint64_t end = event->address + (event->page_count << PAGE_SHIFT);
	bool overlaps = broken->address < end && event->address < broken->address + broken->size;
	bool covers = event->address <= broken->address && broken->address + broken->size <= end;

	if (broken->world != event->world && shadow.space->kind == ARCH_SPACE_STAGE2) {
		return false;
	}
	return broken->any_part ? overlaps : covers;
}

static void invalidated(const struct host_table_event *event)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < shadow.broken_count; i++) {
		if (!is_forgotten(&shadow.broken[i], event)) {
			shadow.broken[kept++] = shadow.broken[i];
		}
	}
	shadow.broken_count = kept;
}

static void follow(const struct host_table_event *event, void *argument)
{
	switch (event->kind) {
	case HOST_TABLE_WRITE:
		shadow.events++;
		entry_written(event);
		break;
	case HOST_TABLE_INVALIDATE:
		shadow.events++;
		invalidated(event);
		break;
	case HOST_TABLE_PUBLISH:
		break;
	}
}

static struct page *page_of(const uint64_t *table)
{
	return &shadow.pages[(size_t)(table - shadow.pool) / ENTRIES];
}

void shadow_start(const struct space *space)
{
	unsigned first = arch_space_first_level();

	memset(&shadow, 0, sizeof(shadow));
	shadow.space = space;
	shadow.pool = arch_pointer(arch_image_pool().base);
	adopt(page_of(space->table[WORLD_SECURE]), WORLD_SECURE, first, 0);
	if (space->kind == ARCH_SPACE_STAGE2) {
		adopt(page_of(space->table[WORLD_NON_SECURE]), WORLD_NON_SECURE, first, 0);
	}
	host_table_hook(follow, NULL);
}

void shadow_check(void)
{
	uint32_t live = 0;

	CHECK_EQUAL(shadow.broken_count, 0);
	for (unsigned i = 0; i < HOST_POOL_PAGES; i++) {
		struct page *page = &shadow.pages[i];

		if (!page->live) {
			continue;
		}
		live++;
		CHECK_BYTES(words_of(page), memory_of(page), PAGE_SIZE);
		CHECK(page->level == arch_space_first_level() || !is_empty(page));
		for (unsigned word = 0; page->level >= 2 && word < ENTRIES; word++) {
			CHECK((memory_of(page)[word] & 1) == 0 ||
			      host_contiguous_is_right(memory_of(page), word, page->level));
		}
	}
	CHECK_EQUAL(live, shadow.space->quota->used_pages);
}

uint64_t shadow_events(void)
{
	return shadow.events;
}

uint64_t shadow_fingerprint(void)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < HOST_POOL_PAGES; i++) {
		for (unsigned word = 0; shadow.pages[i].live && word < ENTRIES; word++) {
			sum = (sum ^ memory_of(&shadow.pages[i])[word]) * UINT64_C(0x100000001b3);
		}
	}
	return sum;
}
