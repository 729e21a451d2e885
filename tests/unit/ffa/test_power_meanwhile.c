/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a partition may do while it handles CPU_OFF (DEN0077A, "Power management messages"), and interrupts
 * that come meanwhile.
 */
#include "tests/unit/ffa/power_fixture.h"

/* ---- what is denied meanwhile ------------------------------------------------------------------- */

/** SP1 has been told on the only PE; SP3 and SP4 are there too. */
static void sp1_is_told(void)
{
	system_reset();
	subscribe(SP1, INSTANCE_S1MP);
	system_add(SP3, INSTANCE_S1UP);
	system_add(SP4, INSTANCE_S0);
	system_boot(1);
	cpu_off();
	check_told(SP1);
}

static void sp1_answers(void)
{
	answer(SP1, 0);
	check_off();
}

TEST(requests_are_denied_meanwhile)
{
	sp1_is_told();

	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SP3));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(SP1, SP4));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL_WIDE(SP1, FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(SP1, SP3));
	CHECK_REFUSED_WIDE(SP1, FFA_DENIED);
	sp1_answers();
}

TEST(what_is_wrong_with_a_request_is_said_before_it_is_denied)
{
	sp1_is_told();

	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SP3), 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SP3), MESSAGE(VM_CREATED_REQ));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SP1));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, 0x8042));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL_WIDE(SP1, FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(SP1, SP3), 1);
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
	sp1_answers();
}

TEST(a_receiver_at_work_is_busy_even_to_who_may_not_ask)
{
	system_reset();
	subscribe(SP1, INSTANCE_S1MP);
	system_add(SP3, INSTANCE_S1UP);
	system_boot(1);
	request(NW, SP3);
	CALL(SP3, FFA_YIELD_32);

	cpu_off();
	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SP3));
	CHECK_REFUSED(SP1, FFA_BUSY);
	sp1_answers();
}

TEST(giving_cycles_away_is_denied_meanwhile)
{
	sp1_is_told();

	CALL(SP1, FFA_RUN_32, FFA_TARGET(SP3, 0));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_YIELD_32);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_SECONDARY_EP_REGISTER_64, base_of(SP1) + 0x5000);
	CHECK_REFUSED(SP1, FFA_DENIED);
	sp1_answers();
}

TEST(what_gives_no_cycles_away_is_served_meanwhile)
{
	sp1_is_told();

	CALL(SP1, FFA_ID_GET_32);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, SP1);
	map_rxtx(SP1);
	CALL(SP1, FFA_PARTITION_INFO_GET_32);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 3, 24);
	sp1_answers();
}

TEST(answers_of_another_kind_are_refused)
{
	sp1_is_told();

	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, SPMC), 0);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, SPMC), MESSAGE(VM_CREATED_RESP));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, SPMC), MESSAGE(PSCI_REQ));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_MSG_SEND_DIRECT_RESP_64, FFA_ENDPOINTS(SP1, SPMC), MESSAGE(PSCI_RESP));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL_WIDE(SP1, FFA_MSG_SEND_DIRECT_RESP2_64, FFA_ENDPOINTS(SP1, SPMC));
	CHECK_REFUSED_WIDE(SP1, FFA_DENIED);
	sp1_answers();
}

TEST(answers_to_somebody_else_are_denied)
{
	sp1_is_told();

	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW), MESSAGE(PSCI_RESP));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, SPMD), MESSAGE(PSCI_RESP));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP3, SPMC), MESSAGE(PSCI_RESP));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	sp1_answers();
}

TEST(an_answer_without_a_message_is_refused)
{
	two_subscribers(1);
	request(NW, SP1);

	answer(SP1, 0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

/* ---- interrupts --------------------------------------------------------------------------------- */

TEST(a_non_secure_interrupt_waits_meanwhile)
{
	sp1_is_told();
	this_pe()->arch.normal_world_masked = false; /* the partition undoes it */

	fiq();
	CHECK_EQUAL(running(), SP1);
	CHECK(this_pe()->arch.normal_world_masked);
	check_budget_runs();
	sp1_answers();
}

TEST(another_secure_interrupt_does_not_end_the_budget)
{
	sp1_is_told();

	host_interrupt_raise(77);
	irq();
	CHECK(host_interrupt_is_masked(77));
	irq(); /* spurious */
	CHECK_EQUAL(running(), SP1);
	check_budget_runs();
	sp1_answers();
}

TEST(a_timer_that_comes_too_late_is_nothing)
{
	two_subscribers(1);
	request(NW, SP1);

	arch_timer_set(arch_counter()); /* it would come again and again */
	irq();
	CHECK_EQUAL(running(), SP1);
	CHECK_EQUAL(this_pe()->arch.timer_at, ARCH_NEVER);
	respond(SP1, NW);
	host_interrupt_raise(ARCH_INTERRUPT_TIMER);
	CALL(NW, FFA_INTERRUPT_32);
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CHECK(!host_interrupt_is_masked(ARCH_INTERRUPT_TIMER));
}
