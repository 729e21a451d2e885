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

static void note_acquire(enum lock_rank rank)
{
	struct held_ranks *held = &held_ranks[arch_pe_index()];

	if (held->count > 0 && held->rank[held->count - 1] >= rank) {
		arch_stop("lock taken out of order");
	}
	assert(held->count < HELD_MAX);
	held->rank[held->count++] = (uint8_t)rank;
}

/** Locks may be released in any order. */
static void note_release(enum lock_rank rank)
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

/** Takes @lock, waiting for as long as others hold it. All locks this PE holds have a lower rank. */
void lock_acquire(struct lock *lock) NO_THREAD_SAFETY
{
	uint32_t ticket;

	if (CONFIG_DEBUG) {
		note_acquire(lock->rank);
	}

	ticket = atomic_fetch_add_explicit(&lock->next, 1, memory_order_relaxed);
	/* acquire: pairs with the release in lock_release() */
	if (atomic_load_explicit(&lock->serving, memory_order_acquire) != ticket) {
		arch_lock_wait(&lock->serving, ticket);
	}
}

/** Lets the next one in. This PE holds @lock. */
void lock_release(struct lock *lock) NO_THREAD_SAFETY
{
	uint32_t serving = atomic_load_explicit(&lock->serving, memory_order_relaxed);

	if (CONFIG_DEBUG) {
		note_release(lock->rank);
	}
	/* release: pairs with the acquire in lock_acquire(), here or on another PE */
	atomic_store_explicit(&lock->serving, serving + 1, memory_order_release);
}

/** See the header: what must hold wherever a PE leaves the SPMC. */
bool lock_none_held(void)
{
	return !CONFIG_DEBUG || held_ranks[arch_pe_index()].count == 0;
}
