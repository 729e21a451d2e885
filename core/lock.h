/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Spin locks with ranks. A PE takes locks only in rising rank; the ranks are the order, and there is no
 * other list of it. clang checks who needs which lock (-Wthread-safety); debug builds check the order.
 * Every critical section is bounded: no lock is held across arch_run() or a loop over outside input.
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

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
void lock_acquire(struct lock *lock) ACQUIRE(lock);
void lock_release(struct lock *lock) RELEASE(lock);

/** True when this PE holds no lock, as debug builds know; others say so always. For debug_check(). */
bool lock_none_held(void);

#endif
