/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Timers of partitions, physical and virtual, against the counter: never early, none lost, none twice; and the
 * normal world's own, which are the same registers, are left alone.
 */
#include "normal-world/tests/interrupts.h"

#define PERIOD 5000U /* microseconds */
#define EXPIRIES 100U /* of each timer */
#define DEADLINE 20000000U

static const uint16_t owners[] = { I_MP, I_UP, I_EL0, I_EXIT, I_EXIT_IRQ, I_QUEUE, I_HAND };
#define OWNERS (sizeof(owners) / sizeof(owners[0]))

static void start_here(void *argument)
{
	const uint64_t *expiries = argument;

	for (unsigned i = 0; i < OWNERS; i++) {
		if (subject_of(owners[i])->context_count > 1 || i % pe_count == pe_index()) {
			(void)COMMAND(owners[i], TEST_TIMER, 0, PERIOD, *expiries, 0);
			(void)COMMAND(owners[i], TEST_TIMER, 1, PERIOD + 77 * i, *expiries, 0);
		}
	}
}

static unsigned contexts_of(uint16_t id)
{
	unsigned count = subject_of(id)->context_count;

	return count < pe_count ? count : pe_count;
}

static bool all_done(uint64_t expiries)
{
	for (unsigned i = 0; i < OWNERS; i++) {
		for (unsigned pe = 0; pe < contexts_of(owners[i]); pe++) {
			for (unsigned n = 0; n < 2; n++) {
				if (area_on(owners[i], pe)->irq.timer[n].expiries < expiries) {
					return false;
				}
			}
		}
	}
	return true;
}

static void wait_until_done(uint64_t expiries, void (*work)(void))
{
	uint64_t start = time_now();

	while (!all_done(expiries) && time_now() - start < DEADLINE) {
		work();
	}
	time_wait(4 * PERIOD); /* one too many would come now */
}

/** Counts them; returns the latest, in ticks. */
static uint64_t check_timers(uint64_t expiries, uint64_t *total)
{
	uint64_t latest = 0;

	for (unsigned i = 0; i < OWNERS; i++) {
		for (unsigned pe = 0; pe < contexts_of(owners[i]); pe++) {
			for (unsigned n = 0; n < 2; n++) {
				const volatile struct test_timer *timer =
					&area_on(owners[i], pe)->irq.timer[n];

				if (timer->expiries != expiries || timer->early != 0) {
					test_note("%x vCPU %u timer %u: %lu expiries, %lu early",
						  owners[i], pe, n, timer->expiries, timer->early);
				}
				CHECK_EQ(timer->expiries, expiries);
				CHECK_EQ(timer->early, 0);
				CHECK_EQ(area_on(owners[i], pe)->irq.timer[0].spurious, 0);
				latest = timer->late_max > latest ? timer->late_max : latest;
				*total += timer->expiries;
			}
		}
	}
	return latest;
}

static void rest(void)
{
}

static void talk(void)
{
	CHECK_ALIVE(I_SRI);
}

INTERRUPTS_TEST(timers_of_many_contexts_expire_each_time_and_never_early)
{
	uint64_t expiries = EXPIRIES, total = 0, latest;

	on_each_pe(start_here, &expiries);
	wait_until_done(expiries, rest);
	latest = check_timers(expiries, &total);
	test_note("%lu expiries, the latest %lu us late", total,
		  latest / (READ_SYSREG(cntfrq_el0) / 1000000));
}

INTERRUPTS_TEST(timers_of_many_contexts_expire_while_messages_are_exchanged)
{
	uint64_t expiries = EXPIRIES, total = 0, latest;

	on_each_pe(start_here, &expiries);
	wait_until_done(expiries, talk);
	latest = check_timers(expiries, &total);
	test_note("%lu expiries, the latest %lu us late", total,
		  latest / (READ_SYSREG(cntfrq_el0) / 1000000));
}

INTERRUPTS_TEST(a_timer_that_is_stopped_in_time_does_not_come)
{
	for (unsigned i = 0; i < OWNERS; i++) {
		(void)COMMAND(owners[i], TEST_TIMER, 0, 200000, 1, 0);
		(void)COMMAND(owners[i], TEST_TIMER, 1, 200000, 1, 0);
		(void)COMMAND(owners[i], TEST_TIMER, 0, 0, 0, 0);
		(void)COMMAND(owners[i], TEST_TIMER, 1, 0, 0, 0);
	}
	time_wait(300000);
	for (unsigned i = 0; i < OWNERS; i++) {
		CHECK_EQ(times_seen(owners[i], PARAVIRT_TIMER), 0);
	}
}

/* ---- single contexts migrate ------------------------------------------------------------------------ */

static void spin_there(void *argument)
{
	const uint16_t *id = argument;
	struct ffa_regs regs = spin(*id);

	CHECK(is_result(&regs, *id, TEST_DONE));
}

INTERRUPTS_TEST_MP(an_armed_timer_finds_its_context_on_another_pe)
{
	static const uint16_t ids[] = { I_UP, I_EXIT_IRQ, I_QUEUE };

	for (unsigned i = 0; i < 3; i++) {
		(void)COMMAND(ids[i], TEST_TIMER, i % 2, 300000, 1, 0);
		pe_post(1, spin_there, (void *)(uintptr_t)&ids[i]);
		wait_until_spinning(ids[i], 1);
		wait_until_seen(ids[i], 1, PARAVIRT_TIMER, 1);
		CHECK_EQ(area_of(ids[i])->interrupts, 0);
		CHECK_EQ(area_of(ids[i])->irq.timer[i % 2].early, 0);
		area_of(ids[i])->stop = 1;
		wait_for_pe(1);
	}
}

static void arm_there(void *argument)
{
	const uint16_t *id = argument;

	(void)COMMAND(*id, TEST_TIMER, 0, 20000, 10, 0);
}

/** It is armed on one PE, its message comes on another: it expires wherever, once each time. */
INTERRUPTS_TEST_MP(timers_of_single_contexts_that_are_asked_on_every_pe)
{
	static const uint16_t ids[] = { I_UP, I_EL0, I_EXIT_IRQ };

	for (unsigned round = 0; round < 4; round++) {
		uint64_t start = time_now();

		for (unsigned i = 0; i < 3; i++) {
			on_pe((round + i) % pe_count, arm_there, (void *)(uintptr_t)&ids[i]);
		}
		while (time_now() - start < DEADLINE &&
		       (area_of(I_UP)->irq.timer[0].expiries < 10 ||
			area_of(I_EL0)->irq.timer[0].expiries < 10 ||
			area_of(I_EXIT_IRQ)->irq.timer[0].expiries < 10)) {
			for (unsigned i = 0; i < 3; i++) {
				struct ffa_regs regs = command_call(ids[i], TEST_ECHO, 1, 2, 3, 4);

				/* Busy while it handles its timer elsewhere. */
				ffa_call(&regs);
				CHECK(is_answer(&regs, ids[i]) || (int32_t)regs.x[2] == FFA_BUSY);
			}
		}
		time_wait(50000);
		for (unsigned i = 0; i < 3; i++) {
			CHECK_EQ(area_of(ids[i])->irq.timer[0].expiries, 10);
			CHECK_EQ(area_of(ids[i])->irq.timer[0].early, 0);
			CHECK_EQ(area_of(ids[i])->irq.timer[0].spurious, 0);
		}
	}
}

/* ---- the normal world's own ------------------------------------------------------------------------- */

static void check_own_timers(void *unused)
{
	uint64_t expiries = 20;
	uint64_t far = READ_SYSREG(cntpct_el0) + 1000 * READ_SYSREG(cntfrq_el0);

	WRITE_SYSREG(cntp_cval_el0, far);
	WRITE_SYSREG(cntv_cval_el0, far + 1);
	WRITE_SYSREG(cnthp_cval_el2, far + 2);
	WRITE_SYSREG(cntp_ctl_el0, 3); /* on, masked */
	WRITE_SYSREG(cntv_ctl_el0, 2);
	WRITE_SYSREG(cnthp_ctl_el2, 3);
	start_here(&expiries);
	time_wait(40 * PERIOD);
	talk();
	CHECK_EQ(READ_SYSREG(cntp_cval_el0), far);
	CHECK_EQ(READ_SYSREG(cntv_cval_el0), far + 1);
	CHECK_EQ(READ_SYSREG(cnthp_cval_el2), far + 2);
	CHECK_EQ(READ_SYSREG(cntp_ctl_el0), 3);
	CHECK_EQ(READ_SYSREG(cntv_ctl_el0), 2);
	CHECK_EQ(READ_SYSREG(cnthp_ctl_el2), 3);
	CHECK_EQ(READ_SYSREG(cntvoff_el2), 0);
	WRITE_SYSREG(cntp_ctl_el0, 0);
	WRITE_SYSREG(cntv_ctl_el0, 0);
	WRITE_SYSREG(cnthp_ctl_el2, 0);
}

INTERRUPTS_TEST(timers_of_partitions_leave_those_of_the_normal_world_alone)
{
	uint64_t total = 0;

	on_each_pe(check_own_timers, NULL);
	wait_until_done(20, rest);
	(void)check_timers(20, &total);
}
