/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the tests of core/space.c share: a space with its pool and quota, and an observer of every edit of
 * live tables that knows the rules of break-before-make.
 */
#ifndef TESTS_UNIT_CORE_SPACE_FIXTURE_H
#define TESTS_UNIT_CORE_SPACE_FIXTURE_H

#include "arch/host/host.h"
#include "core/space.h"
#include "tests/unit/unit.h"

enum {
	R = ARCH_MAP_READ,
	W = ARCH_MAP_WRITE,
	X = ARCH_MAP_EXECUTE,
	NS = ARCH_MAP_NON_SECURE,
	DEVICE = ARCH_MAP_DEVICE,
	SPACE_ID = 7,
};

#define MIB UINT64_C(0x100000)
#define GIB UINT64_C(0x40000000)

struct fixture {
	struct page_pool pool;
	struct quota quota;
	struct space space;
	unsigned write_count; /* entries of live tables written since the last fixture_forget() */
	unsigned invalidate_count;
	uint64_t invalidated_pages;
	bool broke; /* a live entry was broken and no invalidation came yet */
};

/** An empty space of @kind with tables from @first_level on and a quota of @limit pages. */
void fixture_init(struct fixture *f, enum arch_space_kind kind, unsigned first_level,
		  uint32_t limit);

/** Forgets what the observer has counted. */
void fixture_forget(struct fixture *f);

/** Tables in use, the first ones included. */
uint32_t fixture_tables(const struct fixture *f);

struct page_range range_of(uint64_t base, uint64_t size);

/** space_map() of [@base, @base + @size), which must succeed. */
void map(struct fixture *f, uint64_t base, uint64_t size, unsigned attributes);

/** How the page at @address is mapped in @world; 0: not. */
unsigned mapped(struct fixture *f, uint64_t address, enum world world);

#endif
