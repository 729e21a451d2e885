/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Notifications of one receiver (DEN0077A, "Notifications"): which are bound to whom, which are pending,
 * and of which the primary scheduler has yet to be told. Bitmaps throughout: nothing is counted, so
 * nothing can drift.
 *
 * A receiver has a place on the notice board of the SPMC: its bit is set, under its lock, exactly while
 * something of it is pending that FFA_NOTIFICATION_INFO_GET has not told.
 */
#ifndef CORE_NOTIF_SET_H
#define CORE_NOTIF_SET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/lock.h"

enum {
	NOTIF_COUNT = 64, /* of each class */
	NOTIF_VCPU_MAX = 64, /* of a receiver */
	NOTIF_BOARD_WORDS = 4,
	NOTIF_BOARD_MAX = NOTIF_BOARD_WORDS * 64, /* receivers */
};

/** Classes of senders; a receiver has 64 notifications of each. */
enum notif_class {
	NOTIF_FROM_PARTITIONS,
	NOTIF_FROM_VMS,
	NOTIF_CLASS_COUNT,
};

/* Framework notifications: the SPMC's in the low half, the hypervisor's in the high one. */
#define NOTIF_SPMC_RX_FULL (UINT64_C(1) << 0)
#define NOTIF_HYPERVISOR_RX_FULL (UINT64_C(1) << 32)
#define NOTIF_RX_FULL (NOTIF_SPMC_RX_FULL | NOTIF_HYPERVISOR_RX_FULL)

struct notif_board {
	_Atomic uint64_t word[NOTIF_BOARD_WORDS];
};

/** Guarded by the lock of the set it is part of. */
struct notif_class_state {
	uint64_t bound;
	uint64_t per_vcpu; /* of the bound ones: those that pend on one vCPU */
	uint64_t pending; /* global ones */
	uint64_t vcpus; /* those with pending ones of their own */
	uint64_t untold_vcpus; /* of these: not told of */
	uint64_t *vcpu_pending; /* one word for each vCPU */
	uint16_t sender[NOTIF_COUNT]; /* of bound ones */
};

/** In notif_set.receiver: who has this name has no notifications. */
#define NOTIF_NOBODY 0x10000U

struct notif_set {
	struct lock lock; /* RANK_NOTIF_SET; guards all below */
	_Atomic uint64_t *board; /* immutable; word of the board with the receiver's place */
	uint64_t place; /* immutable; bit of that word */

	/* ID of who has notifications here, with NOTIF_NOBODY while it has none; written under the lock. */
	_Atomic uint32_t receiver;
	uint16_t vcpu_count;
	uint64_t framework; /* pending */
	uint64_t
		untold_interrupts; /* vCPUs with interrupts that want cycles; of partitions, always */
	uint32_t
		untold; /* enum notif_fetch: of which something pends globally that was not told of */
	struct notif_class_state classes[NOTIF_CLASS_COUNT];

	/* vCPUs that would get something; written under the lock, read by who enters a vCPU. */
	_Atomic uint64_t wanted;
};

enum notif_result {
	NOTIF_OK,
	NOTIF_DISABLED, /* the receiver has no notifications, or is another one by now */
	NOTIF_NOT_FREE, /* BIND: one is bound already */
	NOTIF_NOT_BOUND, /* one is not bound to this sender */
	NOTIF_PENDING, /* one is pending */
	NOTIF_OTHER_KIND, /* SET: global ones are per vCPU or the other way round */
	NOTIF_NO_VCPU, /* no such vCPU */
};

/** What FFA_NOTIFICATION_GET takes. */
struct notif_fetched {
	uint64_t of_class[NOTIF_CLASS_COUNT];
	uint64_t framework;
};

/** Flags of notif_set_fetch(): the bits of FFA_NOTIFICATION_GET. */
enum notif_fetch {
	NOTIF_FETCH_PARTITIONS = 0x1,
	NOTIF_FETCH_VMS = 0x2,
	NOTIF_FETCH_SPMC = 0x4,
	NOTIF_FETCH_HYPERVISOR = 0x8,
	NOTIF_FETCH_CLASSES = NOTIF_FETCH_PARTITIONS | NOTIF_FETCH_VMS,
};

/** IDs of receivers and their vCPUs with news, as FFA_NOTIFICATION_INFO_GET lists them. */
struct notif_news {
	unsigned id_max, list_max; /* as many as the caller's registers hold */
	unsigned id_count, list_count;
	uint64_t list_sizes; /* vCPU IDs in list n: bits 2n and 2n + 1 */
	bool more; /* there was no room for all */
	union {
		uint16_t ids[20];
		uint32_t words[10]; /* as registers hold them */
		uint64_t double_words[5];
	};
};

void notif_set_init(struct notif_set *set, struct notif_board *board, unsigned place);

/** The receiver has the ID @id, also while it has no notifications: interrupts of its vCPUs are told. Boot only. */
void notif_set_name(struct notif_set *set, uint16_t id);

/** vCPU @vcpu of the named receiver has interrupts that the scheduler is to give it cycles for. */
void notif_set_want_cycles(struct notif_set *set, unsigned vcpu);

/**
 * Lets the receiver @id have notifications.
 *
 * @vcpu_count  1..NOTIF_VCPU_MAX.
 * @words       NOTIF_CLASS_COUNT * @vcpu_count words, or NULL for the classes that never come.
 */
void notif_set_enable(struct notif_set *set, uint16_t id, uint16_t vcpu_count,
		      uint64_t *const words[NOTIF_CLASS_COUNT]);

/** Drops all bindings, unless something is pending. */
enum notif_result notif_set_disable(struct notif_set *set, uint16_t id);

/** As notif_set_disable(), with whatever is pending: the receiver is gone. */
void notif_set_drop(struct notif_set *set);

/** True while somebody has notifications in @set. Without the lock: a hint, unless who is there cannot change. */
static inline bool notif_set_is_enabled(const struct notif_set *set)
{
	return atomic_load_explicit(&set->receiver, memory_order_relaxed) < NOTIF_NOBODY;
}

/** True while @receiver has notifications in @set. Without the lock: a hint, as above. */
static inline bool notif_set_serves(const struct notif_set *set, uint16_t receiver)
{
	return atomic_load_explicit(&set->receiver, memory_order_relaxed) == receiver;
}

enum notif_kind {
	NOTIF_GLOBAL,
	NOTIF_PER_VCPU,
};

/** Who takes part in a call about some notifications of a set. */
struct notif_party {
	uint16_t receiver, sender;
	enum notif_class class;
};

enum notif_result notif_set_bind(struct notif_set *set, struct notif_party party, uint64_t ids,
				 enum notif_kind kind);
enum notif_result notif_set_unbind(struct notif_set *set, struct notif_party party, uint64_t ids);
enum notif_result notif_set_signal(struct notif_set *set, struct notif_party party, uint64_t ids,
				   enum notif_kind kind, uint16_t vcpu);

/** Framework notification @bits to @receiver; nothing when it has no notifications. False: it has none. */
bool notif_set_signal_framework(struct notif_set *set, uint16_t receiver, uint64_t bits);

/** The framework notifications @bits are void: they pend no more, whether anyone was told or not. */
void notif_set_withdraw_framework(struct notif_set *set, uint64_t bits);

/** True while one of the framework notifications @bits is pending. */
bool notif_set_framework_pends(struct notif_set *set, uint64_t bits);

enum notif_result notif_set_fetch(struct notif_set *set, uint16_t receiver, unsigned vcpu,
				  unsigned what, struct notif_fetched *fetched);

/** Adds what has not been told of @set to @news, which is told then. */
void notif_set_tell(struct notif_set *set, struct notif_news *news);

/** True when vCPU @vcpu would get something. Without the lock: a hint, in either direction. */
static inline bool notif_set_wants(const struct notif_set *set, unsigned vcpu)
{
	return (atomic_load_explicit(&set->wanted, memory_order_relaxed) >> vcpu & 1) != 0;
}

#endif
