/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Secure interrupts: a row of the delivery table (ffa/interrupt.c) a test, with real ones. Who runs when they come
 * goes on as if nothing had been, and none is lost or comes twice.
 */
#include "normal-world/tests/interrupts.h"

/* ---- waiting, the normal world runs ----------------------------------------------------------------- */

INTERRUPTS_TEST(a_timer_enters_a_waiting_partition_while_the_normal_world_runs)
{
	static const uint16_t ids[] = { I_MP, I_UP };

	for (unsigned i = 0; i < 2; i++) {
		(void)COMMAND(ids[i], TEST_TIMER, 0, 20000, 1, 0);
		wait_until_seen(ids[i], 0, PARAVIRT_TIMER, 1);
		CHECK_SEEN(ids[i], PARAVIRT_TIMER, 1, TEST_HOW_IRQ);
		CHECK_ENTERED(ids[i], 1, PARAVIRT_TIMER);
		CHECK_EQ(area_of(ids[i])->irq.timer[0].early, 0);
	}
}

INTERRUPTS_TEST(a_timer_enters_a_waiting_s_el0_partition_while_the_normal_world_runs)
{
	(void)COMMAND(I_EL0, TEST_TIMER, 0, 20000, 1, 0);
	wait_until_seen(I_EL0, 0, PARAVIRT_TIMER, 1);
	CHECK_SEEN(I_EL0, PARAVIRT_TIMER, 1, TEST_HOW_CALL);
	CHECK_ENTERED(I_EL0, 1, PARAVIRT_TIMER);
}

INTERRUPTS_TEST_MP(an_interrupt_enters_a_waiting_partition_while_the_normal_world_runs)
{
	pend_from(1, MP_LINE, 0);
	wait_until_seen(I_MP, 0, MP_LINE, 1);
	wait_for_pe(1);
	CHECK_SEEN(I_MP, MP_LINE, 1, TEST_HOW_IRQ);
	CHECK_ENTERED(I_MP, 1, MP_LINE);

	pend_from(1, UP_LINE, 0);
	wait_until_seen(I_UP, 0, UP_LINE, 1);
	wait_for_pe(1);
	CHECK_ENTERED(I_UP, 1, UP_LINE);

	pend_from(1, EL0_LINE, 0);
	wait_until_seen(I_EL0, 0, EL0_LINE, 1);
	wait_for_pe(1);
	CHECK_SEEN(I_EL0, EL0_LINE, 1, TEST_HOW_CALL);
	CHECK_ENTERED(I_EL0, 1, EL0_LINE);
}

/* ---- running ---------------------------------------------------------------------------------------- */

INTERRUPTS_TEST(a_running_partition_takes_its_timer)
{
	static const uint16_t ids[] = { I_MP, I_UP, I_EXIT, I_QUEUE, I_SRI };

	for (unsigned i = 0; i < 5; i++) {
		struct ffa_regs regs;

		(void)COMMAND(ids[i], TEST_TIMER, 1, 3000, 1, 0);
		regs = fixture_call(command_call(ids[i], TEST_SPIN, 20, 0, 0, 0), __FILE__, __LINE__);
		CHECK(is_result(&regs, ids[i], TEST_DONE));
		CHECK_SEEN(ids[i], PARAVIRT_TIMER, 1, TEST_HOW_IRQ);
		CHECK_EQ(area_of(ids[i])->interrupts, 0);
	}
}
