/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Partitions that cannot go on (DEN0077A, fatal errors): in a request, in FFA_RUN, in the middle of a
 * chain, with contexts on several PEs. Whoever waits is told, everybody else goes on. Failing starts:
 * test_start.c.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define ABORTED CODE(FFA_ABORTED)

static void check_is_gone(uint16_t id)
{
	CHECK_EQUAL(partition_state(partition_of(id)), PARTITION_ABORTED);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, id));
	CHECK_REFUSED(NW, FFA_ABORTED);
}

static void check_answers(uint16_t id)
{
	request(NW, id);
	respond(id, NW);
}

TEST(a_fault_in_a_request_tells_the_requester)
{
	system_boot_usual(1);
	request(NW, SP1);

	fault("data abort", 0x1000);

	CHECK_GOT(NW, FFA_ERROR_32, 0, ABORTED);
	check_is_gone(SP1);
	check_answers(SP2);
	check_answers(SP3);
	check_answers(SP4);
}

TEST(a_fault_in_a_request2_leaves_no_register_of_the_partition)
{
	system_boot_usual(1);
	CALL_WIDE(NW, FFA_MSG_SEND_DIRECT_REQ2_64, 0x00008001, 0, 0, 4, 5, 6);

	fault("data abort", 0);
	CHECK_GOT_WIDE(NW, FFA_ERROR_32, 0, ABORTED);
}

TEST(a_fault_in_run_names_the_target)
{
	system_boot_usual(4);
	on_pe(2);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 2));

	fault("undefined instruction", 0);
	CHECK_GOT(NW, FFA_ERROR_32, FFA_TARGET(SP1, 2), ABORTED);
	check_is_gone(SP1);
}

TEST(a_fault_is_logged_with_who_what_and_where)
{
	system_boot_usual(1);
	request(NW, SP4);

	fault("data abort", 0xabc000);
	CHECK(strstr(host_console(), "0x8004 sp4: vCPU 0 stopped: data abort, address 0xabc000") !=
	      NULL);
	CHECK(strstr(host_console(), "0x8004 sp4: aborted, the others go on") != NULL);
}

TEST(a_fault_at_the_end_of_a_chain_tells_the_caller_which_goes_on)
{
	system_boot_usual(1);
	request(NW, SP1);
	request(SP1, SP3);

	fault("data abort", 0);
	CHECK_GOT(SP1, FFA_ERROR_32, 0, ABORTED);
	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SP3));
	CHECK_REFUSED(SP1, FFA_ABORTED);
	respond(SP1, NW);
	check_is_gone(SP3);
	check_answers(SP1);
}

TEST(a_fault_in_the_middle_of_a_chain_leaves_the_callee_to_be_seen_through)
{
	system_boot_usual(1);
	request(NW, SP1);
	request(SP1, SP3);
	request(SP3, SP4);
	fiq();
	CHECK_GOT(SP3, FFA_INTERRUPT_32, FFA_TARGET(SP4, 0));

	fault("data abort", 0); /* in SP3 */
	CHECK_GOT(SP1, FFA_ERROR_32, 0, ABORTED);
	respond(SP1, NW);
	CHECK_EQUAL(state_of(SP4, 0), CTX_PREEMPTED);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP4, 0));
	CHECK_EQUAL(running(), SP4);
	CALL(SP4, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(SP4, SP3));
	CHECK_GOT(NW, FFA_MSG_WAIT_32);
	check_answers(SP4);
	check_is_gone(SP3);
}

TEST(a_fault_of_a_partition_that_was_resumed_tells_who_resumed_it)
{
	system_boot_usual(1);
	request(NW, SP1);
	request(SP1, SP3);
	fiq();
	CALL(SP1, FFA_RUN_32, FFA_TARGET(SP3, 0));

	fault("data abort", 0);
	CHECK_EQUAL(running(), SP1);
	CHECK_EQUAL(registers()[0], FFA_ERROR_32);
	CHECK_EQUAL(registers()[2], ABORTED);
}

/* ---- several contexts --------------------------------------------------------------------------- */

TEST(other_contexts_of_an_ended_partition_end_at_their_next_call)
{
	system_boot_usual(2);
	on_pe(1);
	request(NW, SP1);
	on_pe(0);
	request(NW, SP1);
	fault("data abort", 0);
	CHECK_GOT(NW, FFA_ERROR_32, 0, ABORTED);

	on_pe(1);
	CHECK_EQUAL(running(), SP1);
	CALL(SP1, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(SP1, NW), 0, 5);
	CHECK_GOT(NW, FFA_ERROR_32, 0, ABORTED);
	CHECK_EQUAL(state_of(SP1, 1), CTX_ABORTED);
}

TEST(other_contexts_of_an_ended_partition_end_at_calls_that_are_not_of_ff_a)
{
	system_boot_usual(2);
	on_pe(1);
	request(NW, SP1);
	on_pe(0);
	request(NW, SP1);
	fault("data abort", 0);

	on_pe(1);
	CALL(SP1, 0x84000000);
	CHECK_GOT(NW, FFA_ERROR_32, 0, ABORTED);
}

TEST(other_contexts_of_an_ended_partition_are_not_resumed_after_an_interrupt)
{
	system_boot_usual(2);
	on_pe(1);
	request(NW, SP1);
	on_pe(0);
	request(NW, SP1);
	fault("data abort", 0);

	on_pe(1);
	fiq();
	CHECK_GOT(NW, FFA_INTERRUPT_32, FFA_TARGET(SP1, 1));
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 1));
	CHECK_REFUSED(NW, FFA_ABORTED);
}

TEST(a_context_that_waits_for_a_callee_when_its_partition_ends_gets_no_further)
{
	system_boot_usual(2);
	on_pe(1);
	request(NW, SP1);
	request(SP1, SP3);
	on_pe(0);
	request(NW, SP1);
	fault("data abort", 0);

	on_pe(1);
	CALL(SP3, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(SP3, SP1));
	CHECK_EQUAL(running(), SP1);
	CALL(SP1, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(SP1, NW));
	CHECK_GOT(NW, FFA_ERROR_32, 0, ABORTED);
	check_answers(SP3);
}

/** How often the console says @text. */
static unsigned count_on_console(const char *text)
{
	const char *at = strstr(host_console(), text);
	unsigned count = 0;

	for (; at != NULL; at = strstr(at + 1, text)) {
		count++;
	}
	return count;
}

TEST(a_partition_is_ended_once_however_many_contexts_fault)
{
	system_boot_usual(2);
	on_pe(1);
	request(NW, SP1);
	on_pe(0);
	request(NW, SP1);
	fault("data abort", 0);
	on_pe(1);
	fault("data abort", 0);
	CHECK_GOT(NW, FFA_ERROR_32, 0, ABORTED);

	CHECK_EQUAL(count_on_console("aborted, the others go on"), 1);
}

/* ---- what is taken back ------------------------------------------------------------------------- */

TEST(the_buffers_of_an_ended_partition_are_taken_back)
{
	system_boot_usual(1);
	request(NW, SP1);
	map_rxtx(SP1);
	CALL(SP1, FFA_PARTITION_INFO_GET_32);

	fault("data abort", 0);
	CHECK(!partition_of(SP1)->endpoint.mailbox.mapped);
	CHECK_EQUAL(partition_of(SP1)->endpoint.mailbox.rx_state, RX_EMPTY);
}

TEST(every_partition_may_end_and_the_normal_world_is_still_served)
{
	system_boot_usual(1);
	for (uint16_t id = SP1; id <= SP4; id++) {
		request(NW, id);
		fault("data abort", 0);
	}

	CALL(NW, FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0, 1);
	CHECK_SUCCESS(NW);
	CALL(NW, FFA_ID_GET_32);
	CHECK_SUCCESS(NW);
	power_off();
	power_on(0);
}
