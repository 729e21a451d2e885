/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is to happen at a time: a heap for each PE, so that the next one is known at once and a change costs
 * the logarithm of their number. A node is in one queue at most and may change over to another PE's.
 * Takes RANK_TIMER_NODE of the node, then RANK_TIMER_QUEUE of one queue at a time.
 */
#ifndef CORE_TIMER_QUEUE_H
#define CORE_TIMER_QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/lock.h"

struct exec_ctx;
struct timer_queue;

enum timer_kind {
	TIMER_PHYSICAL, /* the timers of EL1 of a context, as enum arch_timer has them */
	TIMER_VIRTUAL,
	TIMER_RETRY, /* the context has been held back and may have its interrupts now */
	TIMER_KIND_COUNT,
};

struct timer_node {
	struct lock lock; /* RANK_TIMER_NODE; held by who puts it in */
	struct exec_ctx *ctx; /* immutable */
	enum timer_kind kind; /* immutable */

	_Atomic(struct timer_queue *) queue; /* NULL: in none; changes with the queue's lock held */
	uint64_t at; /* counter value; guarded by the queue's lock */
	unsigned place; /* in the heap; guarded by the queue's lock */
};

struct timer_queue {
	_Atomic uint64_t first; /* when the first is due; written with the lock held */
	struct lock lock; /* RANK_TIMER_QUEUE; guards all below */
	struct timer_node **heap;
	unsigned count, max;
};

/** @heap  room for @max nodes; not more can be put in. */
void timer_queue_init(struct timer_queue *queue, struct timer_node **heap, unsigned max);

void timer_node_init(struct timer_node *node, struct exec_ctx *ctx, enum timer_kind kind);

/** @node is due at @at, in @queue, wherever it was. */
void timer_queue_put(struct timer_queue *queue, struct timer_node *node, uint64_t at);

/** @node is in no queue any more. */
void timer_queue_remove(struct timer_node *node);

/** When the first is due; ARCH_NEVER: there is none. */
static inline uint64_t timer_queue_first(const struct timer_queue *queue)
{
	return atomic_load_explicit(&queue->first, memory_order_relaxed);
}

/** Takes the first out if it is due at @now; NULL: none is. */
struct timer_node *timer_queue_take(struct timer_queue *queue, uint64_t now);

/** Moves all nodes of contexts that migrate to @to, takes all others out: the PE of @queue goes off. */
void timer_queue_empty(struct timer_queue *queue, struct timer_queue *to);

#endif
