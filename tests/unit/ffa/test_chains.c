/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Call chains of several partitions under non-secure interrupts (DEN0077A, "Partition runtime models";
 * the signalled action): each level is told, and each level resumes its callee.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define RUN FFA_RUN_32
#define INTERRUPT FFA_INTERRUPT_32
#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define RESP FFA_MSG_SEND_DIRECT_RESP_32

/** The normal world -> SP1 -> SP2 on PE 3 of 4. */
static void chain_of_two(void)
{
	system_boot_usual(4);
	on_pe(3);
	CALL(NW, REQ, 0x00008001, 0, 0x1111);
	CHECK_GOT(SP1, REQ, 0x00008001, 0, 0x1111);
	CALL(SP1, REQ, 0x80018002, 0, 0x2222);
	CHECK_GOT(SP2, REQ, 0x80018002, 0, 0x2222);
}

TEST(a_preempted_chain_unwinds_and_resumes_one_link_at_a_time)
{
	chain_of_two();

	fiq();
	CHECK_GOT(SP1, INTERRUPT, 0x80020003);
	fiq();
	CHECK_GOT(NW, INTERRUPT, 0x80010003);
	CALL(NW, RUN, 0x80010003);
	CHECK_GOT(SP1, INTERRUPT, 0x80020003); /* as its request completed */
	CALL(SP1, RUN, 0x80020003);
	CHECK_GOT(SP2, REQ, 0x80018002, 0, 0x2222); /* where it was */
	CALL(SP2, RESP, 0x80028001, 0, 0x2223);
	CHECK_GOT(SP1, RESP, 0x80028001, 0, 0x2223);
	CALL(SP1, RESP, 0x80010000, 0, 0x1112);
	CHECK_GOT(NW, RESP, 0x80010000, 0, 0x1112);

	CHECK_EQUAL(state_of(SP1, 3), CTX_WAITING);
	CHECK_EQUAL(state_of(SP2, 3), CTX_WAITING);
}

TEST(an_intermediate_partition_may_go_on_before_it_resumes_its_callee)
{
	chain_of_two();
	fiq();
	CHECK_GOT(SP1, INTERRUPT, 0x80020003);

	CALL(SP1, FFA_ID_GET_32);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, SP1);
	CALL(SP1, RUN, 0x80020003);
	CHECK_EQUAL(running(), SP2);
	respond(SP2, SP1);
	respond(SP1, NW);
}

/** The normal world -> SP1 -> SP3 (UP) -> SP4 (S-EL0) on PE 1 of 2. */
static void chain_of_three(void)
{
	system_boot_usual(2);
	on_pe(1);
	request(NW, SP1);
	request(SP1, SP3);
	request(SP3, SP4);
}

TEST(a_chain_of_three_unwinds_and_resumes)
{
	chain_of_three();

	fiq();
	CHECK_GOT(SP3, INTERRUPT, FFA_TARGET(SP4, 0));
	fiq();
	CHECK_GOT(SP1, INTERRUPT, FFA_TARGET(SP3, 0));
	fiq();
	CHECK_GOT(NW, INTERRUPT, FFA_TARGET(SP1, 1));
	CALL(NW, RUN, FFA_TARGET(SP1, 1));
	CALL(SP1, RUN, FFA_TARGET(SP3, 0));
	CALL(SP3, RUN, FFA_TARGET(SP4, 0));
	CHECK_EQUAL(running(), SP4);
	respond(SP4, SP3);
	respond(SP3, SP1);
	respond(SP1, NW);
}

TEST(a_chain_of_three_is_preempted_again_while_it_is_resumed)
{
	chain_of_three();
	fiq();
	fiq();
	fiq();
	CALL(NW, RUN, FFA_TARGET(SP1, 1));
	CALL(SP1, RUN, FFA_TARGET(SP3, 0));

	fiq(); /* in SP3, whose callee SP4 still rests */
	CHECK_GOT(SP1, INTERRUPT, FFA_TARGET(SP3, 0));
	CALL(SP1, RUN, FFA_TARGET(SP3, 0));
	CHECK_EQUAL(running(), SP3);
	CALL(SP3, RUN, FFA_TARGET(SP4, 0));
	respond(SP4, SP3);
	respond(SP3, SP1);
	respond(SP1, NW);
}

TEST(a_chain_unwinds_for_yield_as_well)
{
	chain_of_three();

	CALL(SP4, FFA_YIELD_32, 0, 7);
	CHECK_GOT(SP3, FFA_YIELD_32, FFA_TARGET(SP4, 0), 7);
	CALL(SP3, FFA_YIELD_32);
	CHECK_GOT(SP1, FFA_YIELD_32, FFA_TARGET(SP3, 0));
	fiq();
	CHECK_GOT(NW, INTERRUPT, FFA_TARGET(SP1, 1));
	CALL(NW, RUN, FFA_TARGET(SP1, 1));
	CALL(SP1, RUN, FFA_TARGET(SP3, 0));
	CHECK_SUCCESS(SP3);
	CALL(SP3, RUN, FFA_TARGET(SP4, 0));
	CHECK_SUCCESS(SP4);
	respond(SP4, SP3);
	respond(SP3, SP1);
	respond(SP1, NW);
}

TEST(a_preempted_up_callee_is_resumed_only_by_its_caller_among_partitions)
{
	chain_of_three();
	fiq();
	fiq();
	fiq();

	request(NW, SP2);
	CALL(SP2, RUN, FFA_TARGET(SP4, 0));
	CHECK_REFUSED(SP2, FFA_DENIED);
	CALL(SP2, RUN, FFA_TARGET(SP3, 0));
	CHECK_REFUSED(SP2, FFA_DENIED);
	respond(SP2, NW);
}

/* ---- what the normal world may do out of order -------------------------------------------------- */

TEST(a_callee_that_its_caller_abandons_can_be_brought_to_its_end)
{
	system_boot_usual(2);
	request(NW, SP1);
	request(SP1, SP3);
	fiq();
	respond(SP1, NW); /* without resuming SP3 */

	on_pe(1);
	CALL(NW, RUN, FFA_TARGET(SP3, 0));
	CHECK_EQUAL(running(), SP3);
	CALL(SP3, RESP, FFA_ENDPOINTS(SP3, SP1), 0, 5);
	CHECK_GOT(NW,
		  FFA_MSG_WAIT_32); /* nobody takes the response: it is not the normal world's */
	CHECK_EQUAL(state_of(SP3, 0), CTX_WAITING);
	request(NW, SP3);
	respond(SP3, NW);
}

TEST(an_abandoned_callee_answers_the_caller_that_comes_back_to_it)
{
	system_boot_usual(1);
	request(NW, SP1);
	request(SP1, SP3);
	fiq();
	respond(SP1, NW);

	request(NW, SP1);
	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SP3));
	CHECK_REFUSED(SP1, FFA_BUSY);
	CALL(SP1, RUN, FFA_TARGET(SP3, 0));
	CHECK_EQUAL(running(), SP3);
	CALL(SP3, RESP, FFA_ENDPOINTS(SP3, SP1), 0, 5);
	CHECK_GOT(SP1, RESP, FFA_ENDPOINTS(SP3, SP1), 0, 5);
	respond(SP1, NW);
}

TEST(a_caller_whose_callee_the_normal_world_saw_through_is_told_so)
{
	system_boot_usual(2);
	request(NW, SP1);
	request(SP1, SP3);
	fiq();
	fiq();
	CHECK_GOT(NW, INTERRUPT, FFA_TARGET(SP1, 0));

	CALL(NW, RUN, FFA_TARGET(SP3, 0));
	CALL(SP3, RESP, FFA_ENDPOINTS(SP3, SP1));
	CHECK_GOT(NW, FFA_MSG_WAIT_32);
	CALL(NW, RUN, FFA_TARGET(SP1, 0));
	CHECK_GOT(SP1, INTERRUPT, FFA_TARGET(SP3, 0));
	CALL(SP1, RUN, FFA_TARGET(SP3, 0));
	CHECK_REFUSED(SP1, FFA_DENIED);
	respond(SP1, NW);
}

TEST(a_request2_that_is_preempted_in_a_chain_delivers_all_registers_in_the_end)
{
	system_boot_usual(1);
	request(NW, SP1);
	CALL_WIDE(SP1, FFA_MSG_SEND_DIRECT_REQ2_64, 0x80018002, 0, 0, 4, 5, 6, 7, 8);
	fiq();
	CHECK_GOT_WIDE(SP1, INTERRUPT, FFA_TARGET(SP2, 0));

	CALL(SP1, RUN, FFA_TARGET(SP2, 0));
	CALL_WIDE(SP2, FFA_MSG_SEND_DIRECT_RESP2_64, 0x80028001, 0, 0, 4, 5, 6, 7, 8);
	CHECK_GOT_WIDE(SP1, FFA_MSG_SEND_DIRECT_RESP2_64, 0x80028001, 0, 0, 4, 5, 6, 7, 8);
}

/* ---- several PEs -------------------------------------------------------------------------------- */

TEST(chains_on_different_pes_do_not_meet)
{
	system_boot_usual(4);
	for (unsigned pe = 0; pe < 4; pe++) {
		on_pe(pe);
		request(NW, SP1);
		request(SP1, SP2);
	}
	on_pe(2);
	fiq();
	CHECK_GOT(SP1, INTERRUPT, FFA_TARGET(SP2, 2));
	on_pe(1);
	respond(SP2, SP1);
	respond(SP1, NW);
	on_pe(2);
	CALL(SP1, RUN, FFA_TARGET(SP2, 1)); /* another PE's context */
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, RUN, FFA_TARGET(SP2, 2));
	respond(SP2, SP1);
	respond(SP1, NW);
}

TEST(an_up_partition_in_the_middle_of_a_chain_is_busy_elsewhere)
{
	system_boot_usual(2);
	request(NW, SP3);
	request(SP3, SP2);

	on_pe(1);
	request(NW, SP1);
	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SP3));
	CHECK_REFUSED(SP1, FFA_BUSY);
	respond(SP1, NW);
}

TEST(two_up_partitions_that_want_each_other_are_both_told_busy)
{
	system_boot_usual(2);
	request(NW, SP3);
	on_pe(1);
	request(NW, SP4);
	CALL(SP4, REQ, FFA_ENDPOINTS(SP4, SP3));
	CHECK_REFUSED(SP4, FFA_BUSY);
	on_pe(0);
	CALL(SP3, REQ, FFA_ENDPOINTS(SP3, SP4));
	CHECK_REFUSED(SP3, FFA_BUSY);

	respond(SP3, NW);
	on_pe(1);
	request(SP4, SP3);
	respond(SP3, SP4);
	respond(SP4, NW);
}

TEST(a_fiq_in_the_normal_world_disturbs_nobody)
{
	system_boot_usual(1);

	fiq();
	CHECK_EQUAL(running(), NW);
}
