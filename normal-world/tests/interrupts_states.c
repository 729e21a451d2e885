/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Secure interrupts: the rows of the delivery table (ffa/interrupt.c) with real ones. Who runs when they come goes on
 * as if nothing had been, and none is lost or comes twice. They are taken on PE 0, and mostly made by PE 1.
 */
#include "normal-world/tests/interrupts.h"

/* All that have a line. */
static const struct owner {
	uint16_t id;
	uint32_t line;
	enum test_how how;
} owners[] = {
	{ I_MP, MP_LINE, TEST_HOW_IRQ },
	{ I_UP, UP_LINE, TEST_HOW_IRQ },
	{ I_EL0, EL0_LINE, TEST_HOW_CALL },
	{ I_EXIT, EXIT_LINE, TEST_HOW_IRQ },
	{ I_EXIT_IRQ, EXIT_IRQ_LINE, TEST_HOW_IRQ },
	{ I_QUEUE, QUEUE_LINE, TEST_HOW_IRQ },
};
#define OWNERS (sizeof(owners) / sizeof(owners[0]))

/* ---- waiting, the normal world runs ----------------------------------------------------------------- */

INTERRUPTS_TEST(a_timer_enters_a_waiting_partition_while_the_normal_world_runs)
{
	for (unsigned i = 0; i < OWNERS; i++) {
		uint16_t id = owners[i].id;

		(void)COMMAND(id, TEST_TIMER, i % 2, SOON, 1, 0);
		wait_until_seen(id, 0, PARAVIRT_TIMER, 1);
		CHECK_SEEN(id, PARAVIRT_TIMER, 1, owners[i].how);
		CHECK_ENTERED(id, 1, PARAVIRT_TIMER);
		CHECK_EQ(area_of(id)->irq.timer[i % 2].early, 0);
		CHECK_EQ(area_of(id)->irq.timer[i % 2].expiries, 1);
	}
}

INTERRUPTS_TEST_MP(an_interrupt_enters_a_waiting_partition_while_the_normal_world_runs)
{
	for (unsigned i = 0; i < OWNERS; i++) {
		uint16_t id = owners[i].id;

		for (unsigned round = 1; round <= 3; round++) {
			pend_from(1, owners[i].line, 0);
			wait_until_seen(id, 0, owners[i].line, round);
			wait_for_pe(1);
			CHECK_SEEN(id, owners[i].line, round, owners[i].how);
			CHECK_ENTERED(id, round, owners[i].line);
		}
	}
}

INTERRUPTS_TEST(devices_interrupt_until_they_are_made_quiet)
{
	(void)COMMAND(I_MP, TEST_SOURCE, 1, 0, 0, 0);
	wait_until_seen(I_MP, 0, UART, 1);
	(void)COMMAND(I_UP, TEST_SOURCE, 1, 0, 0, 0);
	wait_until_seen(I_UP, 0, GPIO, 1);
	time_wait(SOON);
	CHECK_EQ(times_seen(I_MP, UART), 1);
	CHECK_EQ(times_seen(I_UP, GPIO), 1);
}

/* ---- running ---------------------------------------------------------------------------------------- */

INTERRUPTS_TEST(a_running_partition_takes_its_timer)
{
	for (unsigned i = 0; i < OWNERS; i++) {
		uint16_t id = owners[i].id;
		struct ffa_regs regs;

		(void)COMMAND(id, TEST_TIMER, i % 2, SOON, 1, 0);
		regs = fixture_call(command_call(id, TEST_SPIN, 20, 0, 0, 0), __FILE__, __LINE__);
		CHECK(is_result(&regs, id, TEST_DONE));
		CHECK_SEEN(id, PARAVIRT_TIMER, 1, owners[i].how);
		CHECK_EQ(area_of(id)->interrupts, id == I_EL0 ? 1 : 0);
	}
}

INTERRUPTS_TEST_MP(a_running_partition_takes_its_interrupt_by_irq_or_fiq)
{
	for (unsigned i = 0; i < OWNERS; i++) {
		const struct owner *owner = &owners[i];
		struct visit what = { .spins = owner->id, .line = owner->line };

		if (owner->id == I_EL0) {
			continue;
		}
		spin_through(&what);
		CHECK_SEEN(owner->id, owner->line, 1, TEST_HOW_IRQ);
		(void)paravirt(owner->id, PARAVIRT_INTERRUPT_ENABLE, owner->line, 1, PARAVIRT_FIQ);
		spin_through(&what);
		CHECK_SEEN(owner->id, owner->line, 2, TEST_HOW_FIQ);
		CHECK_EQ(area_of(owner->id)->interrupts, 0);
		(void)paravirt(owner->id, PARAVIRT_INTERRUPT_ENABLE, owner->line, 1, PARAVIRT_IRQ);
	}
}

INTERRUPTS_TEST_MP(a_running_s_el0_partition_is_told_when_it_answers)
{
	struct visit what = { .spins = I_EL0, .line = EL0_LINE, .second = EL0_LINE + 1 };

	spin_through(&what);
	CHECK_SEEN(I_EL0, EL0_LINE, 1, TEST_HOW_CALL);
	CHECK_SEEN(I_EL0, EL0_LINE + 1, 1, TEST_HOW_CALL);
	CHECK_ENTERED(I_EL0, 2, EL0_LINE + 1);
}

INTERRUPTS_TEST_MP(what_a_partition_has_not_taken_intercepts_its_answer)
{
	struct visit what = { .spins = I_UP, .line = UP_LINE, .second = UP_LINE + 1 };

	(void)COMMAND(I_UP, TEST_VIRQS, 0, 0, 0, 0);
	spin_through(&what);
	CHECK_SEEN(I_UP, UP_LINE, 1, TEST_HOW_CALL);
	CHECK_SEEN(I_UP, UP_LINE + 1, 1, TEST_HOW_CALL);
	CHECK_ENTERED(I_UP, 1, UP_LINE);
}

INTERRUPTS_TEST_MP(what_a_partition_has_not_taken_intercepts_its_wait)
{
	struct visit what = { .spins = I_UP, .line = UP_LINE };
	volatile struct test_area *area = area_of(I_UP);
	struct ffa_regs regs;

	(void)COMMAND(I_UP, TEST_VIRQS, 0, 0, 0, 0);
	area->run_command[1] = LONG_ENOUGH;
	area->run_command[0] = TEST_SPIN;
	begin_visit(&what);
	regs = FFA(FFA_RUN_32, HERE(I_UP));
	wait_for_pe(1);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
	fixture_check_zero(&regs, 1, __FILE__, __LINE__);
	CHECK_EQ(area->run_result[0], TEST_DONE);
	CHECK_SEEN(I_UP, UP_LINE, 1, TEST_HOW_CALL);
	CHECK_ENTERED(I_UP, 1, UP_LINE);
}

/* ---- running elsewhere ------------------------------------------------------------------------------ */

static void spin_there(void *argument)
{
	const uint16_t *id = argument;
	struct ffa_regs regs = spin(*id);

	CHECK(is_result(&regs, *id, TEST_DONE));
}

INTERRUPTS_TEST_MP(a_single_context_that_runs_elsewhere_takes_its_interrupt_there)
{
	static const uint16_t id = I_UP;

	area_of(I_UP)->irq.action = TEST_ON_DEACTIVATE; /* or it is its own until the answer */
	pe_post(1, spin_there, (void *)(uintptr_t)&id);
	wait_until_spinning(I_UP, 1);
	pend(UP_LINE, 0);
	wait_until_seen(I_UP, 1, UP_LINE, 1);
	CHECK_SEEN(I_UP, UP_LINE, 1, TEST_HOW_IRQ);
	pend(UP_LINE, 0);
	wait_until_seen(I_UP, 1, UP_LINE, 2);
	CHECK_EQ(area_of(I_UP)->interrupts, 0);
	area_of(I_UP)->stop = 1;
	wait_for_pe(1);
	CHECK_EQ(times_seen(I_UP, UP_LINE), 2);
}

INTERRUPTS_TEST_MP(an_s_el0_partition_that_runs_elsewhere_is_told_when_it_answers)
{
	static const uint16_t id = I_EL0;

	pe_post(1, spin_there, (void *)(uintptr_t)&id);
	wait_until_spinning(I_EL0, 1);
	pend(EL0_LINE, 0);
	time_wait(SOON);
	CHECK_EQ(times_seen(I_EL0, EL0_LINE), 0);
	area_of(I_EL0)->stop = 1;
	wait_for_pe(1);
	CHECK_SEEN(I_EL0, EL0_LINE, 1, TEST_HOW_CALL);
	CHECK_ENTERED(I_EL0, 1, EL0_LINE);
}

/* ---- waiting, another partition runs ---------------------------------------------------------------- */

/** @runs keeps all its registers while @owner takes its interrupt in between. */
static void interrupt_another(uint16_t runs, const struct owner *owner)
{
	struct visit what = { .spins = runs, .line = owner->line, .silent = true };
	uint64_t before = times_seen(owner->id, owner->line);
	struct ffa_regs regs;

	begin_visit(&what);
	regs = fixture_call(command_call(runs, TEST_KEEP, 0x5150 + runs, TEST_PAUSE_SPIN, 0, 0),
			    __FILE__, __LINE__);
	wait_for_pe(1);
	CHECK(is_result(&regs, runs, TEST_DONE));
	CHECK_EQ(regs.x[4], 0);
	CHECK_SEEN(owner->id, owner->line, before + 1, owner->how);
	CHECK_ENTERED(owner->id, before + 1, owner->line);
	CHECK_EQ(times_seen(runs, owner->line), 0);
}

INTERRUPTS_TEST_MP(an_interrupt_enters_a_waiting_partition_and_who_ran_keeps_its_registers)
{
	FOR_EACH_SUBJECT(subject)
	{
		for (unsigned i = 0; i < OWNERS; i++) {
			if (subject->id != owners[i].id) {
				interrupt_another(subject->id, &owners[i]);
			}
		}
	}
}

INTERRUPTS_TEST_MP(interrupts_enter_several_waiting_partitions_one_after_the_other)
{
	struct visit what = {
		.spins = I_SRI, .line = UP_LINE, .second = EL0_LINE, .first_of = I_UP
	};

	area_of(I_UP)->irq.action = TEST_ON_SPIN;
	area_of(I_UP)->irq.spin = SOON / 2; /* the second comes meanwhile */
	spin_through(&what);
	CHECK_ENTERED(I_UP, 1, UP_LINE);
	CHECK_ENTERED(I_EL0, 1, EL0_LINE);
	CHECK(seen_on(I_EL0, 0, EL0_LINE)->at > seen_on(I_UP, 0, UP_LINE)->at);
}

/* ---- others' interrupts queued ---------------------------------------------------------------------- */

INTERRUPTS_TEST_MP(a_partition_that_queues_others_interrupts_is_not_interrupted_but_by_its_own)
{
	struct visit what = { .spins = I_QUEUE, .line = UP_LINE + 1, .second = QUEUE_LINE };
	uint64_t queued;

	pend_from(1, UP_LINE, SOON / 4);
	wait_for_pe(1);
	CHECK_EQ(times_seen(I_UP, UP_LINE), 1);
	spin_through(&what);
	CHECK_SEEN(I_QUEUE, QUEUE_LINE, 1, TEST_HOW_IRQ);
	queued = seen_on(I_QUEUE, 0, QUEUE_LINE)->at;
	CHECK_SEEN(I_UP, UP_LINE + 1, 1, TEST_HOW_IRQ);
	CHECK(seen_on(I_UP, 0, UP_LINE + 1)->at > queued);
	CHECK_ENTERED(I_UP, 2, UP_LINE + 1);
}

static void pend_all(void *unused)
{
	wait_until_spinning(I_QUEUE, 0);
	for (unsigned i = 0; i < OWNERS; i++) {
		if (owners[i].id != I_QUEUE) {
			pend(owners[i].line, 0);
		}
	}
	pend(MP_LINE + 1, 0);
	pend(EL0_LINE + 1, 0);
	time_wait(SOON);
	for (unsigned i = 0; i < OWNERS; i++) {
		CHECK_EQ(times_seen_on(owners[i].id, 0, owners[i].line), 0);
	}
	area_on(I_QUEUE, 0)->stop = 1;
}

INTERRUPTS_TEST_MP(what_came_for_all_partitions_meanwhile_is_delivered_once_each)
{
	struct ffa_regs regs;

	pe_post(1, pend_all, NULL);
	regs = spin(I_QUEUE);
	wait_for_pe(1);
	CHECK(is_result(&regs, I_QUEUE, TEST_DONE));
	for (unsigned i = 0; i < OWNERS; i++) {
		if (owners[i].id != I_QUEUE) {
			CHECK_SEEN(owners[i].id, owners[i].line, 1, owners[i].how);
		}
	}
	CHECK_SEEN(I_MP, MP_LINE + 1, 1, TEST_HOW_IRQ);
	CHECK_SEEN(I_EL0, EL0_LINE + 1, 1, TEST_HOW_CALL);
	CHECK_ENTERED(I_MP, 1, MP_LINE);
	CHECK_ENTERED(I_EL0, 2, EL0_LINE + 1);
}

/** What it calls is not interrupted either. */
INTERRUPTS_TEST_MP(others_interrupts_wait_while_a_callee_of_who_queues_them_runs)
{
	struct visit what = { .spins = I_EL0, .line = UP_LINE };
	struct ffa_regs regs;

	begin_visit(&what);
	regs = fixture_call(command_call(I_QUEUE, TEST_FORWARD, I_EL0, TEST_SPIN, LONG_ENOUGH, 0),
			    __FILE__, __LINE__);
	wait_for_pe(1);
	CHECK(is_result(&regs, I_QUEUE, TEST_DONE));
	CHECK_EQ(regs.x[7], 0);
	CHECK_SEEN(I_UP, UP_LINE, 1, TEST_HOW_IRQ);
	CHECK_ENTERED(I_UP, 1, UP_LINE);
}

/* ---- preempted, has yielded ------------------------------------------------------------------------- */

INTERRUPTS_TEST(a_preempted_partition_takes_its_interrupt_when_it_is_resumed)
{
	static const struct owner both[] = { { I_MP, MP_LINE, TEST_HOW_IRQ },
					     { I_UP, UP_LINE, TEST_HOW_IRQ },
					     { I_EL0, EL0_LINE, TEST_HOW_CALL } };

	for (unsigned i = 0; i < 3; i++) {
		uint16_t id = both[i].id;
		struct ffa_regs regs;

		timer_start(SOON);
		regs = spin(id);
		check_preempted(id, &regs);
		take_interrupt(INTID_TIMER);
		pend(both[i].line, 0);
		CHECK_EQ(times_seen(id, both[i].line), 0);
		area_of(id)->stop = 1;
		regs = FFA(FFA_RUN_32, HERE(id));
		CHECK(is_result(&regs, id, TEST_DONE));
		CHECK_SEEN(id, both[i].line, 1, both[i].how);
		CHECK_EQ(area_of(id)->interrupts, id == I_EL0 ? 1 : 0);
	}
}

INTERRUPTS_TEST(a_partition_that_has_yielded_takes_its_interrupt_when_it_is_resumed)
{
	static const struct owner both[] = { { I_MP, MP_LINE, TEST_HOW_IRQ },
					     { I_UP, UP_LINE, TEST_HOW_IRQ },
					     { I_EL0, EL0_LINE, TEST_HOW_CALL } };

	for (unsigned i = 0; i < 3; i++) {
		uint16_t id = both[i].id;
		volatile struct test_area *area = area_of(id);
		struct ffa_regs regs;

		area->call_conduit = id == I_EL0 ? FFA_CONDUIT_SVC : FFA_CONDUIT_SMC;
		for (unsigned word = 0; word < 31; word++) {
			area->call_in[word] = 0;
		}
		area->call_in[0] = (uint32_t)FFA_YIELD_32;
		regs = fixture_call(command_call(id, TEST_CALL, 0, 0, 0, 0), __FILE__, __LINE__);
		CHECK_EQ(regs.x[0], (uint32_t)FFA_YIELD_32);
		pend(both[i].line, 0);
		CHECK_EQ(times_seen(id, both[i].line), 0);
		regs = FFA(FFA_RUN_32, HERE(id));
		CHECK(is_result(&regs, id, TEST_DONE));
		CHECK_EQ(area->call_out[0], (uint32_t)FFA_SUCCESS_32);
		CHECK_SEEN(id, both[i].line, 1, both[i].how);
		CHECK_EQ(area->interrupts, id == I_EL0 ? 1 : 0);
	}
}

/* ---- the scheduler decides -------------------------------------------------------------------------- */

/** SRI pends here; the normal world is told that vCPU 0 of @id wants cycles, and once. */
static void take_sri_for(uint16_t id)
{
	struct ffa_regs regs;

	take_interrupt(INTID_SRI);
	regs = FFA(FFA_NOTIFICATION_INFO_GET_64);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_64);
	CHECK_EQ(regs.x[2], 0x1080);
	CHECK_EQ(regs.x[3], id);
	CHECK_ERROR(FFA(FFA_NOTIFICATION_INFO_GET_64), FFA_NO_DATA);
}

static void run_until_it_waits(uint16_t id)
{
	struct ffa_regs regs = FFA(FFA_RUN_32, HERE(id));

	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
}

INTERRUPTS_TEST_MP(the_scheduler_is_told_of_an_interrupt_that_comes_while_the_partition_waits)
{
	gic_clear(0, INTID_SRI);
	gic_enable(INTID_SRI);
	pend_from(1, SRI_LINE, 0);
	wait_for_pe(1);
	while (gic_pending() != INTID_SRI) {
		/* comes */
	}
	CHECK_EQ(times_seen(I_SRI, SRI_LINE), 0);
	take_sri_for(I_SRI);
	run_until_it_waits(I_SRI);
	CHECK_SEEN(I_SRI, SRI_LINE, 1, TEST_HOW_IRQ);
	CHECK_EQ(area_of(I_SRI)->interrupts, 0);
	CHECK_EQ(area_of(I_SRI)->run_count, 1);
	gic_disable(INTID_SRI);
}

INTERRUPTS_TEST_MP(the_scheduler_is_told_of_what_a_partition_has_not_taken_when_it_waits)
{
	struct visit what = { .spins = I_SRI, .line = SRI_LINE };

	gic_clear(0, INTID_SRI);
	gic_enable(INTID_SRI);
	(void)COMMAND(I_SRI, TEST_VIRQS, 0, 0, 0, 0);
	spin_through(&what);
	CHECK_EQ(times_seen(I_SRI, SRI_LINE), 0);
	take_sri_for(I_SRI);
	area_of(I_SRI)->run_command[1] = 1;
	area_of(I_SRI)->run_command[0] = TEST_VIRQS;
	run_until_it_waits(I_SRI);
	CHECK_SEEN(I_SRI, SRI_LINE, 1, TEST_HOW_IRQ);
	CHECK_EQ(area_of(I_SRI)->interrupts, 0);
	gic_disable(INTID_SRI);
}
