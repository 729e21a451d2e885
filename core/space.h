/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Address space of a partition: which pages it reaches and how. Hides whether that is a stage 2 (S-EL1)
 * or a stage 1 (S-EL0). Edits are planned (tables counted and reserved), then committed; a commit cannot
 * fail. Addresses are identical: IPA (or VA) = PA.
 */
#ifndef CORE_SPACE_H
#define CORE_SPACE_H

#include "arch/arch.h"
#include "core/lock.h"
#include "core/pool.h"

struct space {
	struct lock lock; /* RANK_SPACE; guards the tables */
	enum arch_space_kind kind;
	struct arch_space_root root;
	uint64_t *table
		[2]; /* first-level tables by enum world; stage 1 uses [WORLD_SECURE] for both */
	struct page_pool *pool;
	struct quota *quota;
};

/** An edit that was checked and for which all tables are reserved. */
struct space_plan {
	struct page_range range;
	unsigned map; /* enum arch_map */
	struct page_reservation tables;
};

enum space_result {
	SPACE_OK,
	SPACE_NO_MEMORY, /* quota or pool exhausted */
	SPACE_OUTSIDE, /* beyond the input addresses of the tables */
};

/** Prepares empty tables. @id: VMID or ASID, not 0. False: no memory for the first tables. */
bool space_init(struct space *space, enum arch_space_kind kind, struct page_pool *pool,
		struct quota *quota, uint16_t id);

/**
 * Plans to make @range appear as @map says, whatever is there now. Without any access (0, or
 * ARCH_MAP_NON_SECURE alone) it disappears: from the secure IPA space, or from the non-secure one.
 */
enum space_result space_plan(struct space *space, struct page_range range, unsigned map,
			     struct space_plan *plan) REQUIRES(space -> lock);

/** Carries @plan out: tables, break-before-make, invalidation. The lock was not released since the plan. */
void space_commit(struct space *space, struct space_plan *plan) REQUIRES(space -> lock);

/** Drops @plan; nothing has changed. */
void space_cancel(struct space *space, struct space_plan *plan) REQUIRES(space -> lock);

/** Plan and commit in one. */
enum space_result space_map(struct space *space, struct page_range range, unsigned map)
	EXCLUDES(space -> lock);

/**
 * True when every page of @range is mapped alike in @world; *@map tells how (enum arch_map with
 * NON_SECURE and DEVICE).
 */
bool space_lookup(const struct space *space, struct page_range range, enum world world,
		  unsigned *map) REQUIRES(space -> lock);

/**
 * The first pages from *@address on that are mapped in @world, alike: where they are and how many; 0: none are.
 */
uint64_t space_next_extent(const struct space *space, ipaddr_t *address, enum world world,
			   unsigned *map) REQUIRES(space -> lock);

/** How many pages from @address on are mapped as *@map, at most @limit; 0: not mapped. */
uint64_t space_extent(const struct space *space, ipaddr_t address, enum world world, uint64_t limit,
		      unsigned *map) REQUIRES(space -> lock);

#endif
