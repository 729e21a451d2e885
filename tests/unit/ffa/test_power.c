/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CPU_OFF (DEN0077A, "Power management messages"): who is told in which order, and that the PE goes off
 * whatever they do. What they may do meanwhile: test_power_meanwhile.c; that contexts start afresh: also
 * test_start.c.
 */
#include "tests/unit/ffa/power_fixture.h"

/* ---- who is told -------------------------------------------------------------------------------- */

TEST(a_subscriber_is_told_as_the_specification_shows_it)
{
	two_subscribers(1);

	CALL(NW, 0x8400006F, 0xFFFF8000, 0x80000000, 0x84000002);
	CHECK_GOT(SP1, 0x8400006F, 0x80008001, 0x80000000, 0x84000002);
	CALL(SP1, 0x84000070, 0x80018000, 0x80000002);
	CHECK_GOT(SP2, 0x8400006F, 0x80008002, 0x80000000, 0x84000002);
	CALL(SP2, 0x84000070, 0x80028000, 0x80000002);
	CHECK_GOT(NW, 0x84000070, 0x8000FFFF, 0x80000002);
}

TEST(subscribers_are_told_in_boot_order)
{
	system_reset();
	subscribe(SP1, INSTANCE_S1MP)->boot_order = 9;
	subscribe(SP2, INSTANCE_S1MP);
	subscribe(SP3, INSTANCE_S1MP)->boot_order = 2;
	system_boot(1);

	cpu_off();
	check_told(SP3);
	answer(SP3, 0);
	check_told(SP1);
	answer(SP1, 0);
	check_told(SP2);
	answer(SP2, 0);
	check_off();
}

TEST(who_does_not_subscribe_is_not_told)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	subscribe(SP2, INSTANCE_S1MP);
	system_add(SP3, INSTANCE_S1MP)->power_management_messages = 6; /* other messages */
	system_boot(1);

	cpu_off();
	check_told(SP2);
	answer(SP2, 0);
	check_off();
}

TEST(partitions_that_go_on_elsewhere_are_not_told)
{
	system_reset();
	subscribe(SP3, INSTANCE_S1UP);
	subscribe(SP4, INSTANCE_S0);
	system_boot(1);

	cpu_off();
	check_off();
	CHECK_EQUAL(state_of(SP3, 0), CTX_WAITING);
	CHECK_EQUAL(state_of(SP4, 0), CTX_WAITING);
}

TEST(a_context_that_does_not_wait_is_not_told)
{
	two_subscribers(2);
	on_pe(1);
	request(NW, SP1);
	fiq();

	cpu_off();
	check_told(SP2);
	answer(SP2, 0);
	check_off();
}

TEST(a_context_that_yielded_is_not_told)
{
	two_subscribers(1);
	request(NW, SP2);
	CALL(SP2, FFA_YIELD_32);

	cpu_off();
	check_told(SP1);
	answer(SP1, 0);
	check_off();
}

TEST(a_partition_that_ended_is_not_told)
{
	two_subscribers(2);
	on_pe(1);
	request(NW, SP1);
	fault("data abort", 0);
	on_pe(0);

	cpu_off(); /* its context here has never noticed */
	check_told(SP2);
	answer(SP2, 0);
	check_off();
}

TEST(each_subscriber_has_a_budget_of_its_own)
{
	two_subscribers(1);

	cpu_off();
	check_told(SP1);
	host_time_advance(BUDGET_NS - 1); /* nearly used up */
	answer(SP1, 0);
	check_told(SP2);
}

TEST(only_the_contexts_of_that_pe_are_told_and_others_go_on_meanwhile)
{
	two_subscribers(3);
	on_pe(1);
	cpu_off();
	CHECK(this_pe()->current == context_of(SP1, 1));

	on_pe(0);
	request(NW, SP1);
	request(SP1, SP2);
	respond(SP2, SP1);
	respond(SP1, NW);
	on_pe(1);
	answer(SP1, 0);
	answer(SP2, 0);
	check_off();
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
	CHECK_EQUAL(state_of(SP2, 2), CTX_WAITING);
}

TEST(two_pes_may_go_off_at_once)
{
	two_subscribers(3);

	on_pe(1);
	cpu_off();
	on_pe(2);
	cpu_off();
	check_told(SP1);
	on_pe(1);
	check_told(SP1);
	answer(SP1, 0);
	on_pe(2);
	answer(SP1, 0);
	answer(SP2, 0);
	check_off();
	on_pe(1);
	check_told(SP2);
	answer(SP2, 0);
	check_off();
}

TEST(an_up_partition_that_was_preempted_stays_as_it_is)
{
	system_reset();
	subscribe(SP1, INSTANCE_S1MP);
	system_add(SP3, INSTANCE_S1UP);
	system_boot(2);
	on_pe(1);
	request(NW, SP3);
	fiq();

	cpu_off();
	answer(SP1, 0);
	check_off();
	on_pe(0);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP3, 0));
	respond(SP3, NW);
}

/* ---- no partition can keep a PE on -------------------------------------------------------------- */

TEST(a_refusal_is_logged_and_the_pe_goes_off)
{
	two_subscribers(2);
	on_pe(1);

	cpu_off();
	answer(SP1, DENIED_PSCI);
	CHECK(strstr(host_console(), "0x8001 sp1: refuses CPU_OFF of PE 1 (-3)") != NULL);
	check_told(SP2);
	answer(SP2, 0);
	check_off();
	CHECK_EQUAL(partition_state(partition_of(SP1)), PARTITION_RUNNING);
	CHECK(strstr(host_console(), "0x8002 sp2: refuses") == NULL);
}

TEST(a_partition_that_hangs_is_left_behind_when_its_budget_ends)
{
	two_subscribers(2);
	on_pe(1);
	cpu_off();

	budget_ends();
	CHECK(strstr(host_console(),
		     "0x8001 sp1: no answer to CPU_OFF of PE 1 in 100 ms: it goes off") != NULL);
	check_told(SP2);
	answer(SP2, 0);
	check_off();
	CHECK_EQUAL(state_of(SP1, 1), CTX_OFF);
	CHECK_EQUAL(partition_state(partition_of(SP1)), PARTITION_RUNNING);
	CHECK(!host_interrupt_is_masked(ARCH_INTERRUPT_TIMER));
}

TEST(a_pe_goes_off_though_everybody_hangs)
{
	two_subscribers(2);
	on_pe(1);
	cpu_off();

	budget_ends();
	check_told(SP2);
	budget_ends();
	check_off();
	on_pe(0);
	request(NW, SP1); /* what hung there serves here */
	respond(SP1, NW);
}

TEST(a_partition_that_hung_starts_afresh_and_is_told_again)
{
	two_subscribers(2);
	on_pe(1);
	cpu_off();
	budget_ends();
	budget_ends();

	power_on(1);
	request(NW, SP1);
	respond(SP1, NW);
	cpu_off();
	check_told(SP1);
	answer(SP1, 0);
	answer(SP2, 0);
	check_off();
}

TEST(a_partition_that_faults_over_it_ends_and_the_pe_goes_off)
{
	two_subscribers(2);
	on_pe(1);
	cpu_off();

	fault("data abort", 0x1234);
	CHECK_EQUAL(partition_state(partition_of(SP1)), PARTITION_ABORTED);
	check_told(SP2);
	fault("data abort", 0x5678);
	check_off();
	CHECK_EQUAL(state_of(SP1, 1), CTX_ABORTED);
	CHECK_EQUAL(state_of(SP2, 1), CTX_ABORTED);
	on_pe(0);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1));
	CHECK_REFUSED(NW, FFA_ABORTED);
}

TEST(a_partition_that_ends_elsewhere_over_it_ends_here_at_its_next_call)
{
	two_subscribers(2);
	on_pe(1);
	cpu_off();
	on_pe(0);
	request(NW, SP1);
	fault("data abort", 0);

	on_pe(1);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, SPMC), MESSAGE(PSCI_RESP));
	CHECK_EQUAL(state_of(SP1, 1), CTX_ABORTED);
	check_told(SP2);
	answer(SP2, 0);
	check_off();
}

TEST(a_partition_that_ends_elsewhere_over_it_and_hangs_is_left_behind)
{
	two_subscribers(2);
	on_pe(1);
	cpu_off();
	on_pe(0);
	request(NW, SP1);
	fault("data abort", 0);

	on_pe(1);
	budget_ends();
	check_told(SP2);
	answer(SP2, 0);
	check_off();
}

/* ---- coming back -------------------------------------------------------------------------------- */

TEST(a_pe_that_comes_back_starts_the_contexts_of_those_that_were_told_afresh)
{
	two_subscribers(2);
	on_pe(1);
	cpu_off();
	answer(SP1, 0);
	answer(SP2, 0);
	check_off();

	power_on_begin(1);
	CHECK_EQUAL(running(), SP1);
	CHECK_EQUAL(state_of(SP1, 1), CTX_STARTING);
	CHECK_EQUAL(context_of(SP1, 1)->model, MODEL_INIT);
	CHECK_EQUAL(context_of(SP1, 1)->request, REQUEST_NONE);
	CHECK_EQUAL(registers()[0], 0);
	CHECK_EQUAL(registers()[4], 1);
	system_finish_start();
	request(NW, SP2);
	respond(SP2, NW);
}

TEST(a_hundred_power_cycles_leave_no_trace)
{
	two_subscribers(2);

	for (unsigned i = 0; i < 100; i++) {
		on_pe(1);
		cpu_off();
		if (i % 3 == 0) {
			budget_ends();
		} else {
			answer(SP1, i % 3 == 1 ? 0 : DENIED_PSCI);
		}
		answer(SP2, 0);
		check_off();
		power_on(1);
		request(NW, SP1);
		respond(SP1, NW);
	}
}
