/* SPDX-License-Identifier: BSD-3-Clause */
/* A binary heap of pointers; each node knows its place in it. Locks: timer_queue.h. */
#include "core/timer_queue.h"

#include "arch/arch.h"
#include "core/assert.h"
#include "core/exec_ctx.h"

void timer_queue_init(struct timer_queue *queue, struct timer_node **heap, unsigned max)
{
	lock_init(&queue->lock, RANK_TIMER_QUEUE);
	queue->heap = heap;
	queue->count = 0;
	atomic_store_explicit(&queue->first, ARCH_NEVER, memory_order_relaxed);
	queue->max = max;
}

void timer_node_init(struct timer_node *node, struct exec_ctx *ctx, enum timer_kind kind)
{
	lock_init(&node->lock, RANK_TIMER_NODE);
	node->ctx = ctx;
	node->kind = kind;
	atomic_store_explicit(&node->queue, NULL, memory_order_relaxed);
}

static struct timer_queue *queue_of(const struct timer_node *node)
{
	/* acquire: whoever took it out has done with it, see take_out() */
	return atomic_load_explicit(&node->queue, memory_order_acquire);
}

/* ---- the heap ----------------------------------------------------------------------------------- */

static void set_place(struct timer_queue *queue, struct timer_node *node, unsigned place)
	REQUIRES(queue -> lock)
{
	queue->heap[place] = node;
	node->place = place;
}

/** Moves @node, to stand at @place, towards the first while it is due earlier than those there. */
static void rise(struct timer_queue *queue, struct timer_node *node, unsigned place)
	REQUIRES(queue -> lock)
{
	while (place > 0) {
		unsigned parent = (place - 1) / 2;

		if (queue->heap[parent]->at <= node->at) {
			break;
		}
		set_place(queue, queue->heap[parent], place);
		place = parent;
	}
	set_place(queue, node, place);
}

/** Moves @node, to stand at @place, away from the first while it is due later than those there. */
static void sink(struct timer_queue *queue, struct timer_node *node, unsigned place)
	REQUIRES(queue -> lock)
{
	for (;;) {
		unsigned child = 2 * place + 1;

		if (child + 1 < queue->count &&
		    queue->heap[child + 1]->at < queue->heap[child]->at) {
			child++;
		}
		if (child >= queue->count || node->at <= queue->heap[child]->at) {
			break;
		}
		set_place(queue, queue->heap[child], place);
		place = child;
	}
	set_place(queue, node, place);
}

static void note_first(struct timer_queue *queue) REQUIRES(queue -> lock)
{
	atomic_store_explicit(&queue->first, queue->count > 0 ? queue->heap[0]->at : ARCH_NEVER,
			      memory_order_relaxed);
}

static void insert(struct timer_queue *queue, struct timer_node *node) REQUIRES(queue -> lock)
{
	assert(queue->count < queue->max);
	atomic_store_explicit(&node->queue, queue, memory_order_relaxed);
	rise(queue, node, queue->count++);
	note_first(queue);
}

static void take_out(struct timer_queue *queue, struct timer_node *node) REQUIRES(queue -> lock)
{
	unsigned place = node->place;
	struct timer_node *last = queue->heap[--queue->count];

	if (last == node) {
		/* nobody has to take its place */
	} else if (place > 0 && last->at < queue->heap[(place - 1) / 2]->at) {
		rise(queue, last, place);
	} else {
		sink(queue, last, place);
	}
	/* release: another PE may put it into its own queue from now on, without this one's lock */
	atomic_store_explicit(&node->queue, NULL, memory_order_release);
	note_first(queue);
}

/* ---- nodes -------------------------------------------------------------------------------------- */

/** The PE of its queue may take it out meanwhile: nobody but who has its lock puts it in. */
static void remove_node(struct timer_node *node) REQUIRES(node -> lock)
{
	struct timer_queue *queue = queue_of(node);

	if (queue == NULL) {
		return;
	}
	lock_acquire(&queue->lock);
	if (queue_of(node) == queue) {
		take_out(queue, node);
	}
	lock_release(&queue->lock);
}

static void put_node(struct timer_queue *queue, struct timer_node *node, uint64_t at)
	REQUIRES(node -> lock)
{
	remove_node(node);
	lock_acquire(&queue->lock);
	node->at = at;
	insert(queue, node);
	lock_release(&queue->lock);
}

void timer_queue_put(struct timer_queue *queue, struct timer_node *node, uint64_t at)
{
	lock_acquire(&node->lock);
	put_node(queue, node, at);
	lock_release(&node->lock);
}

void timer_queue_remove(struct timer_node *node)
{
	if (queue_of(node) == NULL) {
		return;
	}
	lock_acquire(&node->lock);
	remove_node(node);
	lock_release(&node->lock);
}

struct timer_node *timer_queue_take(struct timer_queue *queue, uint64_t now)
{
	struct timer_node *node = NULL;

	lock_acquire(&queue->lock);
	if (queue->count > 0 && queue->heap[0]->at <= now) {
		node = queue->heap[0];
		take_out(queue, node);
	}
	lock_release(&queue->lock);
	return node;
}

/** Any node of @queue, and when it is due; NULL: it is empty. */
static struct timer_node *any_node(struct timer_queue *queue, uint64_t *at)
{
	struct timer_node *node = NULL;

	lock_acquire(&queue->lock);
	if (queue->count > 0) {
		node = queue->heap[queue->count - 1];
		*at = node->at;
	}
	lock_release(&queue->lock);
	return node;
}

/** Others may take nodes out at the same time, but nobody puts any in: their PE is this one. */
void timer_queue_empty(struct timer_queue *queue, struct timer_queue *to)
{
	struct timer_node *node;
	uint64_t at;

	while ((node = any_node(queue, &at)) != NULL) {
		lock_acquire(&node->lock);
		if (queue_of(node) != queue) {
			/* its context has moved it meanwhile */
		} else if (node->ctx->arch.migrates) {
			put_node(to, node, at);
		} else {
			remove_node(node);
		}
		lock_release(&node->lock);
	}
}
