/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two partitions send messages to each other from two PEs at once (TEST_EXCHANGE): none may be lost, come twice,
 * in another order or in pieces. Both receivers fetch their framework notification for each.
 */
#include "normal-world/tests/messages.h"

#define MILLION 1000000U
#define SECOND 1000000U
#define QUIET 1000U /* messages that are worth no line */
#define PATIENCE (70 * SECOND)

struct side {
	uint16_t id, peer;
	uint64_t count;
	uint64_t flags;
	uint64_t interrupts; /* that stopped it on its way */
};

static void run_side(void *argument)
{
	struct side *side = argument;
	struct ffa_regs regs = command_call(side->id, TEST_EXCHANGE, 0, 0, 0, 0);
	volatile struct test_exchange *exchange = &area_of(side->id)->exchange;

	exchange->peer = side->peer;
	exchange->count = side->count;
	exchange->size_max = 256;
	exchange->flags = side->flags;
	exchange->until_stop = 0;
	exchange->sent = exchange->received = 0;
	exchange->busy = exchange->empty = exchange->failed = 0;
	side->interrupts = 0;
	if (side->flags == 0) {
		gic_clear(pe_index(), INTID_SRI);
		gic_enable(INTID_SRI);
	}
	ffa_call(&regs);
	while (regs.x[0] == (uint32_t)FFA_INTERRUPT_32) {
		side->interrupts++;
		interrupts_enable();
		interrupts_disable();
		regs = (struct ffa_regs){ { (uint32_t)FFA_RUN_32, regs.x[1] } };
		ffa_call(&regs);
	}
	gic_disable(INTID_SRI);
	if (exchange->failed != 0) {
		test_note("%x: failure %lu after %lu sent, %lu received: %lx, expected %lx",
			  side->id, exchange->failed, exchange->sent, exchange->received,
			  exchange->status, exchange->expected);
	}
	CHECK(is_answer(&regs, side->id));
	CHECK_EQ(exchange->failed, 0);
	CHECK_EQ(exchange->sent, side->count);
	CHECK_EQ(exchange->received, side->count);
}

/** @count messages each way, the one side on this PE, the other on PE 1. */
static void exchange(struct side *here, struct side *there, uint64_t count, uint64_t flags)
{
	uint64_t start = time_now();

	here->peer = there->id;
	there->peer = here->id;
	here->count = there->count = count;
	here->flags = there->flags = flags;
	map_all((uint16_t[]){ here->id, there->id }, 2);
	pe_post(1, run_side, there);
	run_side(here);
	CHECK(pe_wait(1, PATIENCE));
	test_stop_if_failed();
	unmap_all((uint16_t[]){ here->id, there->id }, 2);
	if (count > QUIET) {
		test_note("%x and %x: %lu messages in %lu ms, %lu a second", here->id, there->id,
			  2 * count, (time_now() - start) / 1000,
			  2 * count * SECOND / (time_now() - start + 1));
	}
	(void)FFA(FFA_NOTIFICATION_INFO_GET_64);
}

TEST_IN_MP(messages, a_million_messages_of_two_partitions_on_two_pes_arrive_whole_and_in_order)
{
	struct side here = { .id = M_MP };
	struct side there = { .id = M_MP13 };

	messages_prepare();
	exchange(&here, &there, MILLION / 2, FFA_NOTIFICATION_DELAY_SRI);
	messages_check_clean();
}

MESSAGES_TEST_MP(messages_arrive_though_each_of_them_stops_its_sender)
{
	struct side here = { .id = M_UP13 };
	struct side there = { .id = M_MP };

	exchange(&here, &there, 2000, 0);
	CHECK_EQ(here.interrupts, 2000);
	CHECK_EQ(there.interrupts, 2000);
}

MESSAGES_TEST_MP(two_partitions_of_any_kind_send_to_each_other_from_two_pes_at_once)
{
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		for (unsigned k = 0; k < NOTIFIED_COUNT; k++) {
			struct side here = { .id = notified[i] };
			struct side there = { .id = notified[k] };

			if (i != k) {
				exchange(&here, &there, 100, FFA_NOTIFICATION_DELAY_SRI);
			}
		}
	}
}
