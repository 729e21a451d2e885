/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Spin locks with ranks. A PE takes locks only in rising rank; the ranks are the order, and there is no
 * other list of it. clang checks who needs which lock (-Wthread-safety); debug builds check the order.
 * Every critical section is bounded: no lock is held across arch_run() or a loop over outside input.
 * Inline, waiting included: who takes a free lock calls nobody, which most calls do several times.
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "arch/arch.h"
#include "core/build_config.h"

#if defined(__clang__)
#define THREAD_ANNOTATION(x) __attribute__((x))
#else
#define THREAD_ANNOTATION(x)
#endif
#define CAPABILITY(x) THREAD_ANNOTATION(capability(x))
#define GUARDED_BY(x) THREAD_ANNOTATION(guarded_by(x))
#define REQUIRES(...) THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define ACQUIRE(...) THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define RELEASE(...) THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define EXCLUDES(...) THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define NO_THREAD_SAFETY THREAD_ANNOTATION(no_thread_safety_analysis)

/** Order in which locks may be taken: a higher rank while holding a lower one, never the other way. */
enum lock_rank {
	RANK_NS_SNAPSHOT = 1, /* what the normal world is told of its memory */
	RANK_FREEZE, /* nothing changes in who reaches which memory */
	RANK_EL3, /* the list of EL3's partitions */
	RANK_VM_TABLE, /* the normal world's endpoints */
	RANK_TX, /* an endpoint's TX buffer */
	RANK_RX, /* an endpoint's RX buffer */
	RANK_TRANSACTION, /* a memory transaction */
	RANK_TRANSACTION_TABLE, /* which slots of transactions are free */
	RANK_NOTIF_SET, /* a receiver's notifications */
	RANK_INTERRUPT, /* how the interrupt controller is configured */
	RANK_TIMER_NODE, /* one thing that is to happen at a time */
	RANK_TIMER_QUEUE, /* those of a PE */
	RANK_SPACE, /* a partition's translation tables */
	RANK_POOL, /* the page pool and the quotas */
	RANK_CONSOLE, /* the log */
	RANK_CONSOLE_QUOTA, /* a partition's share of it */
};

struct CAPABILITY("lock") lock {
	_Atomic uint32_t next; /* ticket to hand out */
	_Atomic uint32_t serving; /* ticket that holds the lock */
	enum lock_rank rank;
};

void lock_init(struct lock *lock, enum lock_rank rank);

/* Debug builds: what this PE holds, and in which order it took it. */
void lock_note_acquire(enum lock_rank rank);
void lock_note_release(enum lock_rank rank);

/** Takes @lock, waiting for as long as others hold it. All locks this PE holds have a lower rank. */
static inline void lock_acquire(struct lock *lock) ACQUIRE(lock) NO_THREAD_SAFETY
{
	uint32_t ticket;

	if (CONFIG_DEBUG) {
		lock_note_acquire(lock->rank);
	}

	ticket = atomic_fetch_add_explicit(&lock->next, 1, memory_order_relaxed);
	/* acquire: pairs with the release in lock_release() */
	if (__builtin_expect(atomic_load_explicit(&lock->serving, memory_order_acquire) != ticket,
			     0)) {
		arch_lock_wait(&lock->serving, ticket);
	}
}

/** Lets the next one in. This PE holds @lock. */
static inline void lock_release(struct lock *lock) RELEASE(lock) NO_THREAD_SAFETY
{
	uint32_t serving = atomic_load_explicit(&lock->serving, memory_order_relaxed);

	if (CONFIG_DEBUG) {
		lock_note_release(lock->rank);
	}
	/* release: pairs with the acquire in lock_acquire(), here or on another PE */
	atomic_store_explicit(&lock->serving, serving + 1, memory_order_release);
}

/** True when this PE holds no lock, as debug builds know; others say so always. For debug_check(). */
bool lock_none_held(void);

#endif
