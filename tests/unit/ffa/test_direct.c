/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MSG_SEND_DIRECT_REQ and FFA_MSG_SEND_DIRECT_RESP (DEN0077A, "Direct messaging"): what is delivered,
 * and each check of a request in the specification's order. Checks of responses and REQ2 have files of
 * their own.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define REQ64 FFA_MSG_SEND_DIRECT_REQ_64
#define RESP FFA_MSG_SEND_DIRECT_RESP_32
#define RESP64 FFA_MSG_SEND_DIRECT_RESP_64
#define DIRTY UINT64_C(0xDEADBEEF00000000)

/* ---- delivery ----------------------------------------------------------------------------------- */

TEST(a_request_arrives_with_its_ids_and_payload)
{
	system_boot_usual(1);

	CALL(NW, REQ, 0x00008001, 0, 0x3333, 0x4444, 0x5555, 0x6666, 0x7777);

	CHECK_GOT(SP1, REQ, 0x00008001, 0, 0x3333, 0x4444, 0x5555, 0x6666, 0x7777);
}

TEST(a_response_arrives_with_its_ids_and_payload)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, RESP, 0x80010000, 0, 0x3333, 0x4444, 0x5555, 0x6666, 0x7777);

	CHECK_GOT(NW, RESP, 0x80010000, 0, 0x3333, 0x4444, 0x5555, 0x6666, 0x7777);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
}

TEST(the_32_bit_forms_deliver_low_halves_only)
{
	system_boot_usual(1);

	CALL(NW, REQ, DIRTY | 0x00008001, DIRTY, DIRTY | 3, DIRTY | 4, DIRTY | 5, DIRTY | 6,
	     DIRTY | 7);
	CHECK_GOT(SP1, REQ, 0x00008001, 0, 3, 4, 5, 6, 7);
	CALL(SP1, RESP, DIRTY | 0x80010000, DIRTY, DIRTY | 3, DIRTY | 4, DIRTY | 5, DIRTY | 6,
	     DIRTY | 7);
	CHECK_GOT(NW, RESP, 0x80010000, 0, 3, 4, 5, 6, 7);
}

TEST(the_64_bit_forms_deliver_whole_registers)
{
	system_boot_usual(1);

	CALL(NW, REQ64, 0x00008001, 0, DIRTY | 3, DIRTY | 4, DIRTY | 5, DIRTY | 6, DIRTY | 7);
	CHECK_GOT(SP1, REQ64, 0x00008001, 0, DIRTY | 3, DIRTY | 4, DIRTY | 5, DIRTY | 6, DIRTY | 7);
	CALL_WIDE(SP1, RESP64, 0x80010000, 0, DIRTY | 3, DIRTY | 4, DIRTY | 5, DIRTY | 6,
		  DIRTY | 7);
	CHECK_GOT(NW, RESP64, 0x80010000, 0, DIRTY | 3, DIRTY | 4, DIRTY | 5, DIRTY | 6, DIRTY | 7);
}

TEST(the_width_of_a_response_is_the_responders_choice)
{
	system_boot_usual(1);
	CALL(NW, REQ, 0x00008001);

	CALL_WIDE(SP1, RESP64, 0x80010000, 0, DIRTY | 3);
	CHECK_GOT(NW, RESP64, 0x80010000, 0, DIRTY | 3);
}

TEST(the_sve_hint_is_not_passed_on)
{
	system_boot_usual(1);

	CALL(NW, REQ | FFA_FID_SVE_HINT, 0x00008001, 0, 3);
	CHECK_GOT(SP1, REQ, 0x00008001, 0, 3);
	CALL(SP1, RESP | FFA_FID_SVE_HINT, 0x80010000, 0, 4);
	CHECK_GOT(NW, RESP, 0x80010000, 0, 4);
}

TEST(a_request_reaches_partitions_of_all_kinds)
{
	system_boot_usual(1);

	for (uint16_t id = SP1; id <= SP4; id++) {
		CALL(NW, REQ, id, 0, id);
		CHECK_GOT(id, REQ, id, 0, id);
		CHECK_EQUAL(this_pe()->current->model, MODEL_DIRECT);
		CALL(id, RESP, FFA_ENDPOINTS(id, NW), 0, 1);
		CHECK_GOT(NW, RESP, FFA_ENDPOINTS(id, NW), 0, 1);
	}
}

TEST(a_request_reaches_the_context_of_its_pe)
{
	system_boot_usual(4);

	for (unsigned pe = 0; pe < 4; pe++) {
		on_pe(pe);
		request(NW, SP1);
		CHECK(this_pe()->current == context_of(SP1, pe));
	}
	for (unsigned pe = 0; pe < 4; pe++) {
		on_pe(pe);
		respond(SP1, NW);
	}
}

TEST(a_request_to_an_up_partition_is_served_on_the_pe_it_comes_from)
{
	system_boot_usual(4);

	for (unsigned pe = 0; pe < 4; pe++) {
		on_pe(pe);
		request(NW, SP3);
		CHECK(this_pe()->current == context_of(SP3, 0));
		respond(SP3, NW);
		request(NW, SP4);
		respond(SP4, NW);
	}
}

TEST(a_vm_behind_the_hypervisor_is_answered_with_its_id)
{
	system_boot_usual(1);

	CALL(NW, REQ, 0x00038001);
	CHECK_GOT(SP1, REQ, 0x00038001);
	CALL(SP1, RESP, 0x80010000);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, RESP, 0x80010003, 0, 5);
	CHECK_GOT(NW, RESP, 0x80010003, 0, 5);
}

TEST(partitions_send_to_each_other)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, REQ, 0x80018003, 0, 7);
	CHECK_GOT(SP3, REQ, 0x80018003, 0, 7);
	CHECK_EQUAL(state_of(SP1, 0), CTX_BLOCKED);
	CALL(SP3, RESP, 0x80038001, 0, 8);
	CHECK_GOT(SP1, RESP, 0x80038001, 0, 8);
	CHECK_EQUAL(state_of(SP1, 0), CTX_RUNNING);
}

TEST(a_partition_may_send_while_it_starts_to_one_that_has_started)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_add(SP2, INSTANCE_S1MP);
	system_build(1);
	system_begin();

	CALL(SP1, REQ, 0x80018002);
	CHECK_REFUSED(SP1, FFA_BUSY); /* not started yet */
	CALL(SP1, FFA_MSG_WAIT_32);
	CALL(SP2, REQ, 0x80028001, 0, 9);
	CHECK_GOT(SP1, REQ, 0x80028001, 0, 9);
	CALL(SP1, RESP, 0x80018002, 0, 10);
	CHECK_GOT(SP2, RESP, 0x80018002, 0, 10);
	system_finish_start();
	CHECK_EQUAL(state_of(SP2, 0), CTX_WAITING);
}

/* ---- checks of a request, in order -------------------------------------------------------------- */

TEST(a_request_with_flags_is_refused_before_its_ids_are_looked_at)
{
	system_boot_usual(1);

	CALL(NW, REQ, 0x12345678, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ64, 0x00008001, 0x100);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_framework_message_that_is_not_the_spmds_is_refused)
{
	system_boot_usual(1);

	for (uint32_t type = 0; type <= 0x10; type++) {
		CALL(NW, REQ, FFA_ENDPOINTS(NW, SPMC), FFA_FRAMEWORK_BIT | type, FFA_VERSION_1_0);
		CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
		CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1), FFA_FRAMEWORK_BIT | type, 0x84000002);
		CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	}
	request(NW, SP1);
	for (uint32_t type = 0; type <= 0x10; type++) {
		CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SP2), FFA_FRAMEWORK_BIT | type);
		CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
		CALL(SP1, REQ, FFA_ENDPOINTS(SPMD, SPMC), FFA_FRAMEWORK_BIT | type);
		CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	}
}

TEST(a_request_in_anothers_name_is_refused)
{
	system_boot_usual(1);

	CALL(NW, REQ, FFA_ENDPOINTS(SP2, SP1));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(SPMC, SP1));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	request(NW, SP1);
	CALL(SP1, REQ, FFA_ENDPOINTS(SP2, SP3));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, REQ, FFA_ENDPOINTS(NW, SP3));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(a_request_to_oneself_is_refused)
{
	system_boot_usual(1);

	CALL(NW, REQ, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	request(NW, SP1);
	CALL(SP1, REQ, 0x80018001);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(a_request_to_nobody_is_refused)
{
	system_boot_usual(1);

	CALL(NW, REQ, FFA_ENDPOINTS(NW, 0x8077));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SPMC));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SPMD));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, 0xFFC0)); /* an EL3 logical partition */
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, 1));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_partitions_request_to_the_normal_world_is_refused)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, REQ, 0x80010000);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, REQ64, 0x80010001);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SPMD));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SPMC));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

/** SP1 with @sender as its methods, SP2 with @receiver; SP1 runs a request of the normal world or starts. */
static void two_with_methods(uint32_t sender, uint32_t receiver)
{
	system_reset();
	system_add(SP2, INSTANCE_S1UP)->services[0].messaging_method = receiver;
	system_add(SP1, INSTANCE_S1UP)->services[0].messaging_method = sender;
	system_build(1);
	system_begin();
	CALL(SP2, FFA_MSG_WAIT_32);
	CHECK_EQUAL(running(), SP1);
}

TEST(a_request_to_a_partition_that_receives_none_is_denied)
{
	two_with_methods(ALL_METHODS, FFA_PROPERTY_INDIRECT | FFA_PROPERTY_DIRECT_REQ_SEND);

	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SP2));
	CHECK_REFUSED(SP1, FFA_DENIED);
	system_finish_start();
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP2));
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(a_request_of_a_partition_that_sends_none_is_denied)
{
	two_with_methods(FFA_PROPERTY_DIRECT_REQ_RECEIVE, ALL_METHODS);

	CALL(SP1, REQ64, FFA_ENDPOINTS(SP1, SP2));
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(the_second_kinds_methods_do_not_serve_the_first)
{
	two_with_methods(ALL_METHODS, FFA_PROPERTY_DIRECT_REQ2_RECEIVE);

	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SP2));
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(a_request_that_no_context_of_this_pe_serves_is_refused)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP); /* two contexts */
	system_build(2);
	for (unsigned pe = 0; pe < 2; pe++) {
		power_on(pe);
	}
	partition_of(SP1)->context_count = 1;

	CALL(NW, REQ, 0x00008001);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_request_to_a_context_that_never_started_on_this_pe_is_told_busy)
{
	system_boot_usual(2);
	context_of(SP1, 1)->state = CTX_OFF;

	on_pe(1);
	CALL(NW, REQ, 0x00008001);
	CHECK_REFUSED(NW, FFA_BUSY);
}

TEST(a_request_to_a_partition_that_handles_one_is_told_busy)
{
	system_boot_usual(2);
	request(NW, SP3);

	on_pe(1);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP3));
	CHECK_REFUSED(NW, FFA_BUSY);
	on_pe(0);
	respond(SP3, NW);
	on_pe(1);
	request(NW, SP3);
}

TEST(a_request_back_along_the_chain_is_told_busy)
{
	system_boot_usual(1);
	request(NW, SP1);
	request(SP1, SP2);

	CALL(SP2, REQ, FFA_ENDPOINTS(SP2, SP1));
	CHECK_REFUSED(SP2, FFA_BUSY);
	request(SP2, SP3);
	CALL(SP3, REQ, FFA_ENDPOINTS(SP3, SP1));
	CHECK_REFUSED(SP3, FFA_BUSY);
}

TEST(a_request_to_a_preempted_partition_is_told_busy)
{
	system_boot_usual(1);
	request(NW, SP1);
	fiq();

	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1));
	CHECK_REFUSED(NW, FFA_BUSY);
}

TEST(a_request_to_a_partition_that_yielded_is_told_busy)
{
	system_boot_usual(1);
	request(NW, SP1);
	CALL(SP1, FFA_YIELD_32);

	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1));
	CHECK_REFUSED(NW, FFA_BUSY);
}

TEST(a_request_to_a_partition_that_ended_is_aborted)
{
	system_boot_usual(2);
	request(NW, SP1);
	fault("data abort", 0);

	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1));
	CHECK_REFUSED(NW, FFA_ABORTED);
	on_pe(1);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP1)); /* its context here was waiting */
	CHECK_REFUSED(NW, FFA_ABORTED);
}

TEST(methods_are_looked_at_before_the_receivers_state)
{
	two_with_methods(ALL_METHODS, FFA_PROPERTY_INDIRECT);
	system_finish_start();
	partition_of(SP2)->contexts[0].state = CTX_ABORTED;

	CALL(NW, REQ, FFA_ENDPOINTS(NW, SP2));
	CHECK_REFUSED(NW, FFA_DENIED);
}

/* ---- nothing leaks ------------------------------------------------------------------------------ */

TEST(a_receiver_keeps_its_own_upper_registers)
{
	system_boot_usual(1);
	request(NW, SP1);
	respond(SP1, NW);

	CALL(NW, REQ64, 0x00008001, 0, 3, 4, 5, 6, 7, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE,
	     0xFF, 0x16, 0x17);
	CHECK_GOT(SP1, REQ64, 0x00008001, 0, 3, 4, 5, 6, 7);
	CALL(SP1, RESP64, 0x80010000, 0, 3, 4, 5, 6, 7, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE,
	     0xFF, 0x16, 0x17);
	CHECK_EQUAL(registers()[8], 0x88); /* the normal world's own, as it called with it */
	CHECK_EQUAL(registers()[17], 0x17);
}
