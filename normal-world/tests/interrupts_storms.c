/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts that nobody wants, that stay, that come all the time: whoever has nothing to do with them goes on. */
#include "normal-world/tests/interrupts.h"

static uint64_t state_after_pending(uint32_t intid, uint64_t made_secure)
{
	return COMMAND(I_HAND, TEST_PEND, intid, 0, made_secure, 1).x[4];
}

INTERRUPTS_TEST(an_interrupt_that_nobody_owns_is_masked)
{
	for (uint32_t intid = 270; intid < 273; intid++) {
		CHECK_EQ(state_after_pending(intid, 1), TEST_GIC_SECURE);
		CHECK_EQ(state_after_pending(intid, 0), TEST_GIC_PENDING | TEST_GIC_SECURE);
		CHECK_ALL_ALIVE_BUT(0);
	}
}

/** The device signals for a second; its partition has fetched the interrupt and takes its time. */
INTERRUPTS_TEST(a_level_held_for_a_second_comes_once_while_work_goes_on)
{
	uint64_t start = time_now();
	unsigned preemptions = 0;
	struct ffa_regs regs;

	area_of(I_UP)->irq.action = TEST_ON_SPIN;
	area_of(I_UP)->irq.spin = 1000000;
	timer_start(1000);
	regs = fixture_call(command_call(I_UP, TEST_SOURCE, 1, 0, 0, 0), __FILE__, __LINE__);
	while (regs.x[0] == (uint32_t)FFA_INTERRUPT_32) {
		check_preempted(I_UP, &regs);
		take_interrupt(INTID_TIMER);
		CHECK_ALIVE(I_MP);
		CHECK_ALIVE(I_EL0);
		preemptions++;
		timer_start(1000);
		regs = FFA(FFA_RUN_32, HERE(I_UP));
	}
	timer_stop();
	CHECK(is_result(&regs, I_UP, TEST_DONE));
	CHECK(time_now() - start >= 1000000);
	CHECK(preemptions > 0);
	CHECK_SEEN(I_UP, GPIO, 1, TEST_HOW_IRQ);
	CHECK_EQ(area_of(I_UP)->interrupts, 0);
}

struct talk {
	uint16_t id;
	uint64_t rounds[PE_MAX];
	uint64_t microseconds;
};

static void talk_for(void *argument)
{
	struct talk *talk = argument;
	uint64_t start = time_now(), rounds = 0;

	while (time_now() - start < talk->microseconds) {
		CHECK_ALIVE(talk->id);
		rounds++;
	}
	talk->rounds[pe_index()] = rounds;
}

static void storm_there(void *argument)
{
	const uint64_t *intid = argument;

	(void)COMMAND(I_HAND, *intid != 0 ? TEST_STORM : TEST_SPIN,
		      *intid != 0 ? *intid : LONG_ENOUGH, 0, 0, 0);
}

/** Messages on PE 2 and beyond while PE 1 makes @intid pend all the time, or only spins. Returns those of all. */
static uint64_t rate_under(uint64_t intid, struct talk *talk)
{
	uint64_t sum = 0;

	area_on(I_HAND, 1)->stop = 0;
	pe_post(1, storm_there, &intid);
	for (unsigned pe = 2; pe < pe_count; pe++) {
		pe_post(pe, talk_for, talk);
	}
	talk_for(talk);
	area_on(I_HAND, 1)->stop = 1;
	for (unsigned pe = 1; pe < pe_count; pe++) {
		wait_for_pe(pe);
	}
	for (unsigned pe = 2; pe < pe_count; pe++) {
		sum += talk->rounds[pe];
	}
	return sum;
}

INTERRUPTS_TEST_MP(a_storm_on_one_pe_leaves_the_others_their_messages)
{
	static struct talk talk = { .id = I_EXIT, .microseconds = 1000000 };
	uint64_t calm, calm_here, stormy, stormy_here;

	calm = rate_under(0, &talk);
	calm_here = talk.rounds[0];
	stormy = rate_under(MP_LINE, &talk);
	stormy_here = talk.rounds[0];
	test_note(
		"messages in 1 s: others %lu, %lu in %lu interrupts; on the PE of the storm %lu, %lu",
		calm, stormy, times_seen(I_MP, MP_LINE), calm_here, stormy_here);
	/* how many is up to the machine: QEMU has one lock for its devices */
	CHECK(times_seen(I_MP, MP_LINE) > 0);
	CHECK(stormy_here > 0);
	CHECK(pe_count <= 2 || stormy > 0);
}

static uint64_t work_for(uint64_t microseconds)
{
	uint64_t start = time_now(), rounds = 0;

	while (time_now() - start < microseconds) {
		CHECK_ALIVE(I_EL0);
		rounds++;
	}
	return rounds;
}

#define SECONDS 6U

/** It signals all the time, and its partition does nothing about it: after a burst of two budgets it has its share. */
INTERRUPTS_TEST(a_device_that_never_stops_leaves_a_share_of_the_pe)
{
	uint64_t before = work_for(1000000), took[SECONDS], during[SECONDS], count[SECONDS];

	area_of(I_MP)->irq.action = TEST_ON_LOUD;
	(void)COMMAND(I_MP, TEST_SOURCE, 1, 0, 0, 0);
	for (unsigned i = 0; i < SECONDS; i++) {
		took[i] = time_now();
		count[i] = times_seen(I_MP, UART);
		during[i] = work_for(1000000);
		count[i] = times_seen(I_MP, UART) - count[i];
		took[i] = time_now() - took[i];
	}
	area_of(I_MP)->irq.action = 0;
	wait_until_quiet(I_MP, UART);
	test_note("messages in 1 s: %lu; while a device interrupts, second by second:", before);
	for (unsigned i = 0; i < SECONDS; i++) {
		test_note("%lu messages, %lu interrupts, %lu ms", during[i], count[i],
			  took[i] / 1000);
	}
	CHECK(times_seen(I_MP, UART) > 0);
	CHECK(during[SECONDS - 1] > 0); /* how many is up to the machine */
}
