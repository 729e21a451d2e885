/* SPDX-License-Identifier: BSD-3-Clause */
/* Timers of PEs, against a plain list: random operations on two queues; moving; emptying. */
#include "arch/host/host.h"
#include "core/exec_ctx.h"
#include "tests/unit/unit.h"

enum {
	CONTEXTS = 8,
	NODES = CONTEXTS * TIMER_KIND_COUNT,
	QUEUES = 2,
	NOWHERE = QUEUES,
	OPERATIONS = 200000,
	TIMES = 16, /* few, so that many are due at once */
};

static struct exec_ctx contexts[CONTEXTS];
static struct timer_queue queues[QUEUES];
static struct timer_node *heaps[QUEUES][NODES];

/* The list: where each node is, and when it is due. */
static struct {
	unsigned queue;
	uint64_t at;
} list[NODES];

static struct timer_node *node(unsigned n)
{
	return &contexts[n / TIMER_KIND_COUNT].timers[n % TIMER_KIND_COUNT];
}

static unsigned number_of(const struct timer_node *node)
{
	return (unsigned)(node->ctx - contexts) * TIMER_KIND_COUNT + node->kind;
}

static void reset(void)
{
	host_reset();
	memset(contexts, 0, sizeof(contexts));
	for (unsigned i = 0; i < QUEUES; i++) {
		timer_queue_init(&queues[i], heaps[i], NODES);
	}
	for (unsigned n = 0; n < NODES; n++) {
		struct exec_ctx *ctx = &contexts[n / TIMER_KIND_COUNT];

		ctx->arch.migrates = n / TIMER_KIND_COUNT % 2 != 0;
		timer_node_init(node(n), ctx, (enum timer_kind)(n % TIMER_KIND_COUNT));
		list[n].queue = NOWHERE;
	}
}

/* ---- the list ----------------------------------------------------------------------------------- */

static uint64_t first_of_list(unsigned queue)
{
	uint64_t first = ARCH_NEVER;

	for (unsigned n = 0; n < NODES; n++) {
		if (list[n].queue == queue && list[n].at < first) {
			first = list[n].at;
		}
	}
	return first;
}

static void check_heap(const struct timer_queue *queue)
{
	for (unsigned place = 0; place < queue->count; place++) {
		CHECK_EQUAL(queue->heap[place]->place, place);
		CHECK(queue->heap[place]->queue == queue);
		CHECK(place == 0 || queue->heap[(place - 1) / 2]->at <= queue->heap[place]->at);
	}
}

static void check(void)
{
	unsigned counts[QUEUES + 1] = { 0 };

	for (unsigned n = 0; n < NODES; n++) {
		counts[list[n].queue]++;
		CHECK(node(n)->queue == (list[n].queue == NOWHERE ? NULL : &queues[list[n].queue]));
		CHECK(list[n].queue == NOWHERE || node(n)->at == list[n].at);
	}
	for (unsigned i = 0; i < QUEUES; i++) {
		CHECK_EQUAL(queues[i].count, counts[i]);
		CHECK_EQUAL(timer_queue_first(&queues[i]), first_of_list(i));
		CHECK_EQUAL(queues[i].lock.next, queues[i].lock.serving);
		check_heap(&queues[i]);
	}
}

/* ---- operations on both ------------------------------------------------------------------------- */

static void put(unsigned queue, unsigned n, uint64_t at)
{
	timer_queue_put(&queues[queue], node(n), at);
	list[n].queue = queue;
	list[n].at = at;
}

static void take_out(unsigned n)
{
	timer_queue_remove(node(n));
	list[n].queue = NOWHERE;
}

/** What is taken is in the queue, due, and nothing in it is due earlier. */
static void take(unsigned queue, uint64_t now)
{
	struct timer_node *taken = timer_queue_take(&queues[queue], now);
	uint64_t first = first_of_list(queue);

	CHECK_EQUAL(taken != NULL, first <= now);
	if (taken != NULL) {
		unsigned n = number_of(taken);

		CHECK_EQUAL(list[n].queue, queue);
		CHECK_EQUAL(list[n].at, first);
		list[n].queue = NOWHERE;
	}
}

static void empty(unsigned queue)
{
	timer_queue_empty(&queues[queue], &queues[1 - queue]);
	for (unsigned n = 0; n < NODES; n++) {
		if (list[n].queue == queue) {
			list[n].queue = node(n)->ctx->arch.migrates ? 1 - queue : NOWHERE;
		}
	}
}

static void operate(void)
{
	uint64_t chance = arch_random();
	unsigned queue = chance & 1, n = (unsigned)(chance >> 8) % NODES;
	uint64_t at = (chance >> 32) % TIMES;

	switch (chance >> 1 & 0xF) {
	case 0:
	case 1:
	case 2:
	case 3:
		take_out(n);
		break;
	case 4:
	case 5:
	case 6:
		take(queue, at);
		break;
	case 7:
		if (at == 0) { /* seldom */
			empty(queue);
		}
		break;
	default:
		put(queue, n, at);
		break;
	}
}

TEST(queues_do_as_lists_do)
{
	reset();
	for (unsigned i = 0; i < OPERATIONS; i++) {
		operate();
		check();
	}
}

/* ---- cases -------------------------------------------------------------------------------------- */

TEST(an_empty_queue_has_no_first)
{
	reset();
	CHECK_EQUAL(timer_queue_first(&queues[0]), ARCH_NEVER);
	CHECK(timer_queue_take(&queues[0], ARCH_NEVER) == NULL);
	timer_queue_remove(node(0));
	empty(0);
	check();
}

TEST(all_come_in_their_order)
{
	uint64_t last = 0;

	reset();
	for (unsigned n = 0; n < NODES; n++) {
		put(0, n, n * 7919 % 101);
	}
	for (unsigned n = 0; n < NODES; n++) {
		struct timer_node *taken = timer_queue_take(&queues[0], 1000);

		CHECK(taken != NULL && taken->at >= last);
		last = taken->at;
	}
	CHECK(timer_queue_take(&queues[0], 1000) == NULL);
}

TEST(what_is_not_due_is_not_taken)
{
	reset();
	put(0, 3, 100);
	take(0, 99);
	check();
	take(0, 100);
	check();
}

TEST(a_node_is_in_the_queue_that_it_was_put_in_last)
{
	reset();
	put(0, 5, 10);
	put(1, 5, 20);
	check();
	put(1, 5, 5);
	check();
	put(0, 5, ARCH_NEVER - 1);
	check();
}

TEST(of_a_queue_that_is_emptied_the_migrating_ones_move)
{
	reset();
	for (unsigned n = 0; n < NODES; n++) {
		put(n % 3 == 0, n, n);
	}
	empty(0);
	check();
	CHECK_EQUAL(queues[0].count, 0);
	empty(1);
	check();
}
