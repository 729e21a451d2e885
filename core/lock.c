/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ticket locks: first come, first served, so that no PE starves. Debug builds keep the ranks that each PE
 * holds and stop at the first lock that is taken out of order.
 */
#include "core/lock.h"

#include "arch/arch.h"
#include "core/assert.h"
#include "core/build_config.h"
#include "core/partition_config.h"

enum { HELD_MAX = 8 };

/* Ranks that a PE holds, in the order of taking. Only the PE itself touches its own. */
struct held_ranks {
	uint8_t count;
	uint8_t rank[HELD_MAX];
};

static struct held_ranks held_ranks[CONFIG_DEBUG ? CONFIG_CPU_MAX : 1];

void lock_note_acquire(enum lock_rank rank)
{
	struct held_ranks *held = &held_ranks[arch_pe_index()];

	if (held->count > 0 && held->rank[held->count - 1] >= rank) {
		arch_stop("lock taken out of order");
	}
	assert(held->count < HELD_MAX);
	held->rank[held->count++] = (uint8_t)rank;
}

/** Locks may be released in any order. */
void lock_note_release(enum lock_rank rank)
{
	struct held_ranks *held = &held_ranks[arch_pe_index()];
	unsigned at = held->count;

	while (at > 0 && held->rank[at - 1] != rank) {
		at--;
	}
	if (at == 0) {
		arch_stop("lock released that was not held");
	}
	for (; at < held->count; at++) {
		held->rank[at - 1] = held->rank[at];
	}
	held->count--;
}

/** Makes @lock free, with its place in the order. */
void lock_init(struct lock *lock, enum lock_rank rank)
{
	atomic_init(&lock->next, 0);
	atomic_init(&lock->serving, 0);
	lock->rank = rank;
}

/** See the header: what must hold wherever a PE leaves the SPMC. */
bool lock_none_held(void)
{
	return !CONFIG_DEBUG || held_ranks[arch_pe_index()].count == 0;
}
