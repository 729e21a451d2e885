/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * systems/el3.toml: interrupts of Group 0, which are EL3's whoever runs. Their source is a timer in
 * firmware/el3. Nobody below may notice them, neither the normal world nor a partition.
 */
#include "normal-world/tests/el3.h"

#define HERE(id) FFA_TARGET(id, context_on(id, pe_index()))
#define SOON 300U /* microseconds */
#define OFTEN 100U
#define LONG_ENOUGH 8U /* times 2^20 rounds: longer than SOON */
#define FOR_EVER 4096U

struct group0_count {
	uint64_t in_normal_world;
	uint64_t in_secure_world;
};

static void group0_start(uint64_t microseconds, uint64_t times)
{
	uint64_t ticks = READ_SYSREG(cntfrq_el0) / 1000000 * microseconds;

	CHECK_EQ(smc(EL3_GROUP0_START, ticks, times, 0), 0);
}

static struct group0_count group0_count(void)
{
	struct ffa_regs regs = { { EL3_GROUP0_COUNT } };

	ffa_call(&regs);
	return (struct group0_count){ regs.x[0], regs.x[1] };
}

static uint64_t group0_total(void)
{
	struct group0_count count = group0_count();

	return count.in_normal_world + count.in_secure_world;
}

/** It comes again and again until it is stopped: however slow this PE is, some come where they are wanted. */
static void group0_start_for_good(uint64_t microseconds)
{
	group0_start(microseconds, UINT64_MAX);
}

/** Returns how often it came. */
static struct group0_count group0_stop(void)
{
	struct group0_count count = group0_count();

	group0_start(0, 0);
	return count;
}

/**
 * For what is done until one has come in the secure world: true when that is so. QEMU's timers are late when its
 * threads have to wait for a core.
 */
static bool group0_has_come(uint64_t since)
{
	CHECK(time_now() < since + 5000000);
	return group0_count().in_secure_world != 0;
}

/** Waits for what is still to come of @times. */
static void group0_finish(uint64_t times)
{
	uint64_t end = time_now() + 5000000;

	while (group0_total() < times) {
		CHECK(time_now() < end);
	}
	CHECK_EQ(group0_total(), times);
}

static void check_in_normal_world(void *unused)
{
	uint64_t pattern = 0x4400000000000000ULL + pe_index();
	uint32_t interrupts = pe_self()->interrupts;

	client_simd_load(pattern);
	group0_start(SOON, 3);
	interrupts_enable();
	time_wait(10 * SOON);
	interrupts_disable();
	group0_finish(3);
	CHECK_EQ(client_simd_check(pattern), 0);
	CHECK_EQ(group0_count().in_normal_world, 3);
	CHECK_EQ(group0_count().in_secure_world, 0);
	CHECK_EQ(pe_self()->interrupts, interrupts);
}

TEST_SHARED_IN(el3, a_group_0_interrupt_while_the_normal_world_runs_is_el3s)
{
	on_each_pe(check_in_normal_world, NULL);
	on_all_pes(check_in_normal_world, NULL);
}

/** The request comes back with its answer, not with FFA_INTERRUPT, and no round is missing. */
static void check_goes_on(uint16_t id)
{
	uint64_t since = time_now();

	area_of(id)->stop = 0;
	group0_start_for_good(SOON);
	do {
		CHECK_EQ(COMMAND(id, TEST_SPIN, LONG_ENOUGH, 0, 0, 0).x[4], LONG_ENOUGH << 20);
	} while (!group0_has_come(since));
	(void)group0_stop();
	CHECK_ALIVE(id);
}

static void all_go_on(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		check_goes_on(subject->id);
	}
}

TEST_SHARED_IN(el3, a_partition_goes_on_after_a_group_0_interrupt_as_if_nothing_had_been)
{
	on_each_pe(all_go_on, NULL);
}

/** Takes the timer interrupt that is pending. */
static void take_timer(void)
{
	uint32_t before = pe_self()->interrupts;

	interrupts_enable();
	interrupts_disable();
	CHECK_EQ(pe_self()->interrupts, before + 1);
	CHECK_EQ(pe_self()->last_interrupt, INTID_TIMER);
}

/**
 * @id keeps patterns in all its registers, between timer interrupts of the normal world, until it was interrupted
 * for EL3 several times.
 */
static void check_keeps_registers(uint16_t id)
{
	struct ffa_regs regs;

	(void)COMMAND(id, TEST_SIMD_LOAD, 0x3300 + id, 0, 0, 0);
	area_of(id)->stop = 0;
	group0_start_for_good(OFTEN);
	timer_start(20 * OFTEN);
	regs = fixture_call(command_call(id, TEST_KEEP, 0x5050 + id, TEST_PAUSE_SPIN, 0, 0),
			    __FILE__, __LINE__);
	while (regs.x[0] == (uint32_t)FFA_INTERRUPT_32) {
		CHECK_EQ(regs.x[1], HERE(id));
		take_timer();
		if (group0_count().in_secure_world < 5) {
			timer_start(20 * OFTEN);
		} else {
			area_of(id)->stop = 1;
		}
		regs = FFA(FFA_RUN_32, HERE(id));
	}
	CHECK(group0_stop().in_secure_world >= 5);
	CHECK(is_answer(&regs, id));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_EQ(regs.x[4], 0);
	CHECK_EQ(COMMAND(id, TEST_SIMD_CHECK, 0x3300 + id, 0, 0, 0).x[4], 0);
}

static void all_keep_registers(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		check_keeps_registers(subject->id);
	}
}

TEST_SHARED_IN(el3, a_partition_keeps_its_registers_over_group_0_interrupts)
{
	on_each_pe(all_keep_registers, NULL);
}

#define TIMES 300U

/**
 * NWd -> MP1 -> MP2 and back, while they come at any moment; with @ticks the normal world's own as well. With
 * @preempted partitions may be preempted.
 */
static void messages(bool ticks, bool preempted)
{
	area_of(SP_MP1)->stop = 0;
	group0_start(OFTEN, TIMES);
	for (uint64_t i = 0; i < 200 || group0_total() < TIMES; i++) {
		struct ffa_regs regs = command_call(SP_MP1, TEST_FORWARD, SP_MP2, TEST_ECHO, i, 0);

		CHECK(i < 1000000);
		if (ticks) {
			timer_start(i % 64);
		}
		regs = fixture_call(regs, __FILE__, __LINE__);
		while (preempted && regs.x[0] == (uint32_t)FFA_INTERRUPT_32) {
			interrupts_enable();
			interrupts_disable();
			regs = FFA(FFA_RUN_32, HERE(SP_MP1));
		}
		CHECK(is_answer(&regs, SP_MP1));
		CHECK_EQ(regs.x[3], TEST_DONE);
		CHECK_EQ(regs.x[4], ~i);
	}
	timer_stop();
	CHECK_EQ(group0_total(), TIMES);
}

static void messages_without_ticks(void *unused)
{
	messages(false, false);
	CHECK_NE(group0_count().in_secure_world, 0);
	CHECK_NE(group0_count().in_normal_world, 0);
}

static void messages_with_ticks(void *unused)
{
	messages(true, true);
	CHECK_NE(group0_count().in_secure_world, 0);
}

static void messages_refused(void *unused)
{
	messages(false, true);
	CHECK_EQ(group0_count().in_normal_world, TIMES);
}

TEST_SHARED_IN(el3, messages_arrive_while_group_0_interrupts_come_at_any_moment)
{
	on_all_pes(messages_without_ticks, NULL);
	CHECK_ALL_ALIVE_BUT(0);
}

TEST_SHARED_IN(el3, messages_arrive_while_interrupts_of_the_normal_world_and_of_group_0_come)
{
	on_all_pes(messages_with_ticks, NULL);
	CHECK_ALL_ALIVE_BUT(0);
}

static void check_chain(void *unused)
{
	uint64_t since = time_now();

	area_of(SP_EL0)->stop = 0;
	group0_start_for_good(SOON);
	do {
		struct ffa_regs regs = COMMAND(SP_MP1, TEST_FORWARD, SP_UP | (uint64_t)SP_EL0 << 16,
					       TEST_SPIN, LONG_ENOUGH, 0);

		CHECK_EQ(regs.x[4], LONG_ENOUGH << 20);
	} while (!group0_has_come(since));
	(void)group0_stop();
	CHECK_ALL_ALIVE_BUT(0);
}

TEST_SHARED_IN(el3, a_group_0_interrupt_does_not_unwind_a_chain)
{
	on_each_pe(check_chain, NULL);
}

/** In a request of EL3 non-secure interrupts wait; those of EL3 itself do not. */
static void check_in_request_of(uint16_t id)
{
	uint64_t since = time_now();

	area_of(id)->stop = 0;
	group0_start_for_good(SOON);
	timer_start(0);
	do {
		CHECK_EQ(el3_command(id, TEST_SPIN, LONG_ENOUGH).x[4], LONG_ENOUGH << 20);
	} while (!group0_has_come(since));
	(void)group0_stop();
	CHECK_EQ(gic_pending(), INTID_TIMER);
	take_timer();
}

static void check_in_request(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		check_in_request_of(subject->id);
	}
}

TEST_SHARED_IN(el3, group_0_interrupts_come_during_a_request_of_the_logical_partition)
{
	on_each_pe(check_in_request, NULL);
}

TEST_SHARED_IN_MP(el3, group_0_interrupts_come_on_a_pe_that_was_off)
{
	for (unsigned pe = 1; pe < pe_count; pe++) {
		CHECK_EQ(pe_stop(pe), 0);
		CHECK_EQ(pe_start(pe), 0);
	}
	on_each_pe(check_in_normal_world, NULL);
	on_each_pe(all_go_on, NULL);
}

/* ---- an SPMD that does not take them from the SPMC ------------------------------------------------------- */

static void check_preempted_for_it(uint16_t id)
{
	struct ffa_regs keep = command_call(id, TEST_KEEP, 0x4040 + id, TEST_PAUSE_SPIN, 0, 0);
	uint64_t since = time_now();
	struct ffa_regs regs;

	area_of(id)->stop = 0;
	group0_start_for_good(SOON);
	do {
		regs = fixture_call(keep, __FILE__, __LINE__);
	} while (is_answer(&regs, id) && !group0_has_come(since));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_INTERRUPT_32);
	CHECK_EQ(regs.x[1], HERE(id));
	/* EL3 had it at once, and nothing of the normal world's is pending. */
	CHECK_NE(group0_count().in_normal_world, 0);
	CHECK_EQ(gic_pending(), 1023);
	area_of(id)->stop = 1;
	do {
		regs = FFA(FFA_RUN_32, HERE(id));
	} while (regs.x[0] == (uint32_t)FFA_INTERRUPT_32);
	CHECK_EQ(group0_stop().in_secure_world, 0);
	CHECK(is_answer(&regs, id));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_EQ(regs.x[4], 0);
}

/** A request of EL3 cannot be preempted: it waits, and comes when the request is answered. */
static void check_waits_for_request(uint16_t id)
{
	area_of(id)->stop = 0;
	group0_start_for_good(SOON);
	CHECK_EQ(el3_command(id, TEST_SPIN, LONG_ENOUGH).x[4], LONG_ENOUGH << 20);
	CHECK_EQ(group0_stop().in_secure_world, 0);
}

static void check_all_refused(void *unused)
{
	FOR_EACH_SUBJECT(subject)
	{
		check_preempted_for_it(subject->id);
		check_waits_for_request(subject->id);
		check_preempted_for_it(subject->id); /* it no longer waits */
	}
	messages_refused(NULL);
}

TEST_IN(el3, a_group_0_interrupt_that_el3_refuses_preempts_for_the_normal_world)
{
	fixture_prepare();
	CHECK_EQ(smc(EL3_GROUP0_REFUSE, 1, 0, 0), 0);
	on_each_pe(check_all_refused, NULL);
	on_all_pes(messages_refused, NULL);
	CHECK_EQ(smc(EL3_GROUP0_REFUSE, 0, 0, 0), 0);
	on_each_pe(all_go_on, NULL);
}
