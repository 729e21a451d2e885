/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Partitions that take more time than they have: in their start, and where nobody but the SPMC can stop them. They
 * end, all others go on. And policies about who gives cycles for interrupts.
 */
#include "normal-world/tests/interrupts.h"

#define BUDGET 20000U /* microseconds */

#define BUDGETS_TEST(name)             \
	static void name##_body(void); \
	TEST_IN_MP(budgets, name)      \
	{                              \
		budgets_prepare();     \
		name##_body();         \
	}                              \
	static void name##_body(void)

static void check_ended(uint16_t id)
{
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, id), 0, TEST_ECHO),
		    FFA_ABORTED);
	CHECK_ERROR(FFA(FFA_RUN_32, FFA_TARGET(id, 0)), FFA_ABORTED);
}

static void others_live_here(void *argument)
{
	const uint16_t *dead = argument;

	CHECK_ALL_ALIVE_BUT(*dead);
	check_no_interrupt();
}

/** Nothing of @id is left to disturb anybody. */
static void check_all_but(uint16_t id, uint32_t line)
{
	check_ended(id);
	on_each_pe(others_live_here, &id);
	pend(line, 0);
	time_wait(BUDGET);
	CHECK_EQ(times_seen(id, line), 1);
	on_each_pe(others_live_here, &id);
}

/* ---- start ------------------------------------------------------------------------------------------ */

BUDGETS_TEST(partitions_that_hang_in_their_start_do_not_keep_the_machine_from_it)
{
	check_ended(B_HANG);
	check_ended(B_HANG_EL0);
	CHECK_ALL_ALIVE_BUT(0);
}

/** b-hang and b-hang-el0 have 200 ms each while the clocks of those before them expire. */
TEST_IN(budgets, timers_expire_in_a_partitions_start_and_in_others)
{
	static const uint16_t early[] = { B_SHORT, B_SHORT_EL0 };

	budgets_use();
	for (unsigned i = 0; i < 2; i++) {
		volatile struct test_area *area = area_on(early[i], 0);

		CHECK_EQ(area->irq.timer[0].expiries, 1);
		CHECK_EQ(area->irq.timer[1].expiries, 1);
		CHECK_EQ(area->irq.timer[0].early + area->irq.timer[1].early, 0);
		CHECK_EQ(area->irq.timer[0].spurious, 0);
		test_note("%x: %lu us and %lu us late", early[i],
			  area->irq.timer[0].late_max / (READ_SYSREG(cntfrq_el0) / 1000000),
			  area->irq.timer[1].late_max / (READ_SYSREG(cntfrq_el0) / 1000000));
	}
	/* S-EL1 takes the first in its own start; S-EL0 has both at once when all have started. */
	CHECK_SEEN(B_SHORT, PARAVIRT_TIMER, 2, TEST_HOW_IRQ);
	CHECK_ENTERED(B_SHORT, 1, PARAVIRT_TIMER);
	CHECK_SEEN(B_SHORT_EL0, PARAVIRT_TIMER, 1, TEST_HOW_CALL);
	CHECK_ENTERED(B_SHORT_EL0, 1, PARAVIRT_TIMER);
	budgets_prepare();
	CHECK_ALL_ALIVE_BUT(0);
}

/* ---- handlers that never end ------------------------------------------------------------------------ */

static void hang_while_the_normal_world_runs(uint16_t id, uint32_t line)
{
	area_of(id)->irq.action = TEST_ON_HANG;
	pend_from(1, line, 0);
	wait_until_seen(id, 0, line, 1);
	wait_for_pe(1);
	check_all_but(id, line);
}

BUDGETS_TEST(a_handler_that_never_ends_ends_its_partition)
{
	hang_while_the_normal_world_runs(B_SHORT, SHORT_LINE);
}

BUDGETS_TEST(a_handler_at_s_el0_that_never_ends_ends_its_partition)
{
	hang_while_the_normal_world_runs(B_SHORT_EL0, SHORT_EL0_LINE);
}

BUDGETS_TEST(who_was_interrupted_by_a_handler_that_never_ends_goes_on)
{
	struct visit what = { .spins = B_SRI_WAIT, .line = SHORT_LINE, .silent = true };
	struct ffa_regs regs;

	area_of(B_SHORT)->irq.action = TEST_ON_HANG;
	begin_visit(&what);
	regs = fixture_call(command_call(B_SRI_WAIT, TEST_KEEP, 0x4444, TEST_PAUSE_SPIN, 0, 0),
			    __FILE__, __LINE__);
	wait_for_pe(1);
	CHECK(is_result(&regs, B_SRI_WAIT, TEST_DONE));
	CHECK_EQ(regs.x[4], 0);
	check_all_but(B_SHORT, SHORT_LINE);
}

BUDGETS_TEST(a_caller_that_never_goes_on_with_its_call_ends_and_its_callee_is_resumed)
{
	struct visit what = { .spins = B_SRI_WAIT, .line = SHORT_LINE };
	struct ffa_regs regs;

	area_of(B_SHORT)->irq.action = TEST_ON_HANG;
	begin_visit(&what);
	regs = fixture_call(command_call(B_SHORT, TEST_FORWARD, B_SRI_WAIT, TEST_SPIN, LONG_ENOUGH,
					 0),
			    __FILE__, __LINE__);
	wait_for_pe(1);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_ERROR_32);
	CHECK_EQ((uint32_t)regs.x[2], (uint32_t)FFA_ABORTED);
	area_of(B_SRI_WAIT)->stop = 1;
	regs = FFA(FFA_RUN_32, HERE(B_SRI_WAIT));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32); /* nobody takes its answer */
	check_all_but(B_SHORT, SHORT_LINE);
}

/** Who asks others for an interrupt does not pay for their time: they do, but it is not the end of them. */
BUDGETS_TEST(who_answers_a_handler_too_late_is_preempted_and_the_handler_goes_on)
{
	volatile struct test_area *area = area_of(B_SHORT);
	struct ffa_regs regs;

	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = 0;
	}
	area->call_in[0] = (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64;
	area->call_in[1] = FFA_ENDPOINTS(B_SHORT, B_EXIT);
	area->call_in[3] = TEST_SPIN;
	area->call_in[4] = LONG_ENOUGH;
	area->call_conduit = FFA_CONDUIT_SMC;
	area->irq.action = TEST_ON_CALL;
	pend_from(1, SHORT_LINE, 0);
	wait_until_seen(B_SHORT, 0, SHORT_LINE, 1);
	wait_for_pe(1);
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_INTERRUPT_32);
	CHECK_EQ(area->call_out[1], FFA_TARGET(B_EXIT, 0));
	area_of(B_EXIT)->stop = 1;
	regs = FFA(FFA_RUN_32, FFA_TARGET(B_EXIT, 0));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32); /* nobody waits for its answer any more */
	CHECK_ALIVE(B_EXIT);
	CHECK_ALIVE(B_SHORT);
}

/* ---- ends ------------------------------------------------------------------------------------------- */

BUDGETS_TEST(a_partition_that_dies_of_its_interrupt_takes_nobody_along)
{
	area_of(B_SHORT)->irq.action = TEST_ON_DIE;
	pend_from(1, SHORT_LINE, 0);
	wait_until_seen(B_SHORT, 0, SHORT_LINE, 1);
	wait_for_pe(1);
	check_all_but(B_SHORT, SHORT_LINE);
}

/** Its device still signals. */
BUDGETS_TEST(a_partition_that_dies_with_its_level_held_leaves_no_storm)
{
	uint16_t dead = B_SHORT;
	struct ffa_regs regs;

	area_of(B_SHORT)->irq.action = TEST_ON_LOUD | TEST_ON_DIE;
	regs = FFA(FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(0, B_SHORT), 0, TEST_SOURCE, 1);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_ERROR_32);
	CHECK_EQ((uint32_t)regs.x[2], (uint32_t)FFA_ABORTED);
	check_ended(B_SHORT);
	on_each_pe(others_live_here, &dead);
}

static void spin_there(void *unused)
{
	struct ffa_regs regs = spin(B_SHORT);

	CHECK_EQ(regs.x[0], (uint32_t)FFA_ERROR_32);
	CHECK_EQ((uint32_t)regs.x[2], (uint32_t)FFA_ABORTED);
}

BUDGETS_TEST(contexts_that_run_on_other_pes_end_with_their_partition)
{
	for (unsigned pe = 1; pe < pe_count; pe++) {
		pe_post(pe, spin_there, NULL);
		wait_until_spinning(B_SHORT, pe);
	}
	area_of(B_SHORT)->irq.action = TEST_ON_DIE;
	pend(SHORT_LINE, 0);
	for (unsigned pe = 1; pe < pe_count; pe++) {
		wait_for_pe(pe);
	}
	check_all_but(B_SHORT, SHORT_LINE);
}

/* ---- policies --------------------------------------------------------------------------------------- */

static void take_sri_for(uint16_t id)
{
	struct ffa_regs regs;
	uint64_t start = time_now();

	while (gic_pending() != INTID_SRI && time_now() - start < 1000000) {
		/* comes */
	}
	take_interrupt(INTID_SRI);
	regs = FFA(FFA_NOTIFICATION_INFO_GET_64);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_64);
	CHECK_EQ(regs.x[2], 0x1080);
	CHECK_EQ(regs.x[3], id);
	CHECK_ERROR(FFA(FFA_NOTIFICATION_INFO_GET_64), FFA_NO_DATA);
	CHECK_EQ(area_of(id)->interrupts, 0);
	regs = FFA(FFA_RUN_32, HERE(id));
	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_WAIT_32);
}

/** What it has not taken while it ran. */
static void leave_pending(uint16_t id, uint32_t line)
{
	struct visit what = { .spins = id, .line = line };

	(void)COMMAND(id, TEST_VIRQS, 0, 0, 0, 0);
	area_of(id)->interrupts = 0;
	spin_through(&what);
}

BUDGETS_TEST(each_policy_is_for_its_own_moment)
{
	gic_clear(0, INTID_SRI);
	gic_enable(INTID_SRI);

	pend_from(1, SRI_WAIT_LINE, 0);
	wait_for_pe(1);
	take_sri_for(B_SRI_WAIT);
	CHECK_SEEN(B_SRI_WAIT, SRI_WAIT_LINE, 1, TEST_HOW_IRQ);
	leave_pending(B_SRI_WAIT, SRI_WAIT_LINE);
	CHECK_SEEN(B_SRI_WAIT, SRI_WAIT_LINE, 2, TEST_HOW_CALL);
	CHECK_ENTERED(B_SRI_WAIT, 1, SRI_WAIT_LINE);

	pend_from(1, SRI_BEFORE_LINE, 0);
	wait_for_pe(1);
	wait_until_seen(B_SRI_BEFORE, 0, SRI_BEFORE_LINE, 1);
	CHECK_ENTERED(B_SRI_BEFORE, 1, SRI_BEFORE_LINE);
	leave_pending(B_SRI_BEFORE, SRI_BEFORE_LINE);
	CHECK_EQ(times_seen(B_SRI_BEFORE, SRI_BEFORE_LINE), 1);
	area_of(B_SRI_BEFORE)->run_command[1] = 1;
	area_of(B_SRI_BEFORE)->run_command[0] = TEST_VIRQS;
	take_sri_for(B_SRI_BEFORE);
	CHECK_SEEN(B_SRI_BEFORE, SRI_BEFORE_LINE, 2, TEST_HOW_IRQ);
	CHECK_ERROR(FFA(FFA_NOTIFICATION_INFO_GET_64), FFA_NO_DATA);
	CHECK_ALL_ALIVE_BUT(0);
	gic_disable(INTID_SRI);
}

BUDGETS_TEST(who_does_not_leave_is_preempted_when_its_budget_is_over)
{
	uint64_t start = time_now();
	struct ffa_regs regs;

	area_of(B_EXIT)->irq.action = TEST_ON_STAY;
	timer_start(BUDGET);
	regs = spin(B_EXIT);
	check_preempted(B_EXIT, &regs);
	CHECK(time_now() - start >= 2 * BUDGET);
	take_interrupt(INTID_TIMER);
	area_of(B_EXIT)->stop = 1;
	regs = FFA(FFA_RUN_32, HERE(B_EXIT));
	CHECK(is_result(&regs, B_EXIT, TEST_DONE));
}
