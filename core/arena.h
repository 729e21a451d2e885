/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory for what lives as long as the SPMC: arrays sized by the manifest, carved at boot from given
 * ranges one behind the other, never given back. Boot only: no lock.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stddef.h>
#include <stdint.h>

enum { ARENA_RANGE_MAX = 8 };

struct arena_range {
	uint8_t *next; /* first byte not yet taken */
	uint8_t *end;
};

struct arena {
	struct arena_range ranges[ARENA_RANGE_MAX];
	unsigned range_count;
	size_t taken_size; /* bytes handed out, for the boot log */
};

/** Adds [@pointer, @pointer + @size); ranges beyond ARENA_RANGE_MAX are ignored. */
void arena_add(struct arena *arena, void *pointer, size_t size);

/** @size zeroed bytes at a multiple of @alignment (a power of two); NULL: no range has room. */
void *arena_take(struct arena *arena, size_t size, size_t alignment);

/** Takes all whole pages left in one range (NULL: none): what the page pool gets after the boot. */
void *arena_take_pages(struct arena *arena, uint64_t *page_count);

#endif
