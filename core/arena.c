/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The boot arena: a bump allocator over a few ranges. First range with room wins; nothing is given back.
 * Takes no locks: only the boot PE is there.
 */
#include "core/arena.h"

#include "core/address.h"
#include "core/assert.h"
#include "lib/string.h"

/** Bytes from @range->next on that lie before the next multiple of @alignment. */
static size_t padding(const struct arena_range *range, size_t alignment)
{
	return (size_t)(-(uintptr_t)range->next & (alignment - 1));
}

static size_t room(const struct arena_range *range)
{
	return (size_t)(range->end - range->next);
}

/**
 * Adds a range to carve from.
 *
 * @arena    zeroed before the first range.
 * @pointer  memory that EL2 has mapped for good; need not be zero.
 */
void arena_add(struct arena *arena, void *pointer, size_t size)
{
	struct arena_range *range;

	if (arena->range_count == ARENA_RANGE_MAX) {
		return;
	}
	range = &arena->ranges[arena->range_count++];
	range->next = pointer;
	range->end = range->next + size;
}

/**
 * Carves @size bytes.
 *
 * @alignment  power of two.
 *
 * Returns zeroed memory, or NULL when no range has room; nothing has changed then.
 */
void *arena_take(struct arena *arena, size_t size, size_t alignment)
{
	assert(alignment != 0 && (alignment & (alignment - 1)) == 0);

	for (unsigned i = 0; i < arena->range_count; i++) {
		struct arena_range *range = &arena->ranges[i];
		size_t skip = padding(range, alignment);

		if (skip <= room(range) && size <= room(range) - skip) {
			void *taken = range->next + skip;

			range->next += skip + size;
			arena->taken_size += size;
			return memset(taken, 0, size);
		}
	}
	return NULL;
}

/**
 * Takes what is left of one range, as whole pages that are not zeroed. Called until it returns NULL, it
 * empties the arena but for less than a page at the ends of each range.
 *
 * @page_count  set when pages are returned.
 */
void *arena_take_pages(struct arena *arena, uint64_t *page_count)
{
	for (unsigned i = 0; i < arena->range_count; i++) {
		struct arena_range *range = &arena->ranges[i];
		size_t skip = padding(range, PAGE_SIZE);

		if (skip < room(range) && room(range) - skip >= PAGE_SIZE) {
			void *pages = range->next + skip;

			*page_count = (room(range) - skip) >> PAGE_SHIFT;
			range->next += skip + (*page_count << PAGE_SHIFT);
			return pages;
		}
	}
	return NULL;
}
