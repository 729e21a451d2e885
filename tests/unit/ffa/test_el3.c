/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Requests of EL3's logical partitions (DEN0077A, "Logical partitions"): delivered and answered as others,
 * finished before the PE does anything else. Who they are: test_el3_discovery.c.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define REQ64 FFA_MSG_SEND_DIRECT_REQ_64
#define REQ2 FFA_MSG_SEND_DIRECT_REQ2_64
#define RESP FFA_MSG_SEND_DIRECT_RESP_32
#define RESP64 FFA_MSG_SEND_DIRECT_RESP_64
#define RESP2 FFA_MSG_SEND_DIRECT_RESP2_64
#define LP 0xFFC0
#define LP_LAST 0xFFFE
#define BIG(n) (UINT64_C(0x1234567800000000) | (n))
#define PAYLOAD2                                                                            \
	BIG(4), BIG(5), BIG(6), BIG(7), BIG(8), BIG(9), BIG(10), BIG(11), BIG(12), BIG(13), \
		BIG(14), BIG(15), BIG(16), BIG(17)

static bool is_masked(void)
{
	return this_pe()->arch.normal_world_masked;
}

/** EL3's partition sends @to a request; it is delivered. What runs where the SPMD waits is the fixture's NW. */
static void lp_requests(uint16_t to)
{
	CALL(NW, REQ, FFA_ENDPOINTS(LP, to));
	CHECK_GOT(to, REQ, FFA_ENDPOINTS(LP, to));
}

/** @from answers, and the normal world, which runs again, finds nothing masked. */
static void lp_is_answered(uint16_t from)
{
	CALL(from, RESP, FFA_ENDPOINTS(from, LP), 0, 0x33);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(from, LP), 0, 0x33);
	CALL(NW, FFA_FEATURES_32, FFA_VERSION_32);
	CHECK_SUCCESS(NW);
	CHECK(!is_masked());
	CHECK_EQUAL(this_pe()->duty, DUTY_NONE);
}

static void refuse(uint64_t fid, uint32_t endpoints, uint32_t w2, enum ffa_status status)
{
	CALL(NW, fid, endpoints, w2);
	CHECK_REFUSED(NW, status);
	CALL(NW, FFA_FEATURES_32, FFA_VERSION_32);
	CHECK(!is_masked());
	CHECK_EQUAL(this_pe()->duty, DUTY_NONE);
}

/* ---- delivery ----------------------------------------------------------------------------------- */

TEST(a_request_arrives_and_is_answered)
{
	system_boot_usual(1);

	CALL(NW, REQ, FFA_ENDPOINTS(LP, SP1), 0, 3, 4, 5, 6, 7);
	CHECK_GOT(SP1, REQ, FFA_ENDPOINTS(LP, SP1), 0, 3, 4, 5, 6, 7);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, LP), 0, 13, 14, 15, 16, 17);
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, LP), 0, 13, 14, 15, 16, 17);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
}

TEST(a_request_of_the_last_id_arrives_and_is_answered)
{
	system_boot_usual(1);

	CALL(NW, REQ, FFA_ENDPOINTS(LP_LAST, SP1));
	CHECK_GOT(SP1, REQ, FFA_ENDPOINTS(LP_LAST, SP1));
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, LP_LAST));
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, LP_LAST));
}

TEST(a_64_bit_request_arrives_with_whole_registers)
{
	system_boot_usual(1);

	CALL(NW, REQ64, FFA_ENDPOINTS(LP, SP1), 0, BIG(3), BIG(4), BIG(5), BIG(6), BIG(7));
	CHECK_GOT(SP1, REQ64, FFA_ENDPOINTS(LP, SP1), 0, BIG(3), BIG(4), BIG(5), BIG(6), BIG(7));
	CALL_WIDE(SP1, RESP64, FFA_ENDPOINTS(SP1, LP), 0, BIG(3));
	CHECK_GOT(NW, RESP64, FFA_ENDPOINTS(SP1, LP), 0, BIG(3));
}

TEST(a_request2_arrives_and_is_answered_with_all_registers)
{
	system_boot_usual(1);

	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(LP, SP1), 0x1111111100008001, 0x3333333322222222,
		  PAYLOAD2);
	CHECK_GOT_WIDE(SP1, REQ2, FFA_ENDPOINTS(LP, SP1), 0x1111111100008001, 0x3333333322222222,
		       PAYLOAD2);
	CALL_WIDE(SP1, RESP2, FFA_ENDPOINTS(SP1, LP), 0, 0, PAYLOAD2);
	CHECK_GOT_WIDE(NW, RESP2, FFA_ENDPOINTS(SP1, LP), 0, 0, PAYLOAD2);
}

TEST(partitions_of_all_kinds_are_reached)
{
	system_boot_usual(1);

	lp_requests(SP1);
	lp_is_answered(SP1);
	lp_requests(SP3);
	lp_is_answered(SP3);
	lp_requests(SP4);
	lp_is_answered(SP4);
}

TEST(the_context_of_the_pe_is_reached)
{
	system_boot_usual(2);
	on_pe(1);

	lp_requests(SP1);
	CHECK(this_pe()->current == context_of(SP1, 1));
	lp_is_answered(SP1);
}

TEST(a_request_with_the_sve_hint_is_one)
{
	system_boot_usual(1);

	CALL(NW, REQ | FFA_FID_SVE_HINT, FFA_ENDPOINTS(LP, SP1), 0, 3);
	CHECK_GOT(SP1, REQ, FFA_ENDPOINTS(LP, SP1), 0, 3);
	lp_is_answered(SP1);
}

TEST(the_receiver_may_ask_others)
{
	system_boot_usual(1);

	lp_requests(SP1);
	request(SP1, SP2);
	request(SP2, SP3);
	respond(SP3, SP2);
	respond(SP2, SP1);
	lp_is_answered(SP1);
}

TEST(a_request_of_1_2_has_no_extension_though_everybody_else_speaks_1_3)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = FFA_VERSION_1_3;
	system_boot(1);
	nw_version(FFA_VERSION_1_3);

	CALL(NW, REQ64, FFA_ENDPOINTS(LP, SP1), 0, BIG(3));
	CHECK_GOT(SP1, REQ64, FFA_ENDPOINTS(LP, SP1), 0, BIG(3));
	CALL(SP1, RESP64, FFA_ENDPOINTS(SP1, LP), 0, BIG(3)); /* x8-x17: odd values */
	CHECK_GOT(NW, RESP64, FFA_ENDPOINTS(SP1, LP), 0, BIG(3));
}

/* ---- refusals ----------------------------------------------------------------------------------- */

TEST(a_receiver_that_is_no_partition_is_refused)
{
	system_boot_usual(1);

	refuse(REQ, FFA_ENDPOINTS(LP, 0x8042), 0, FFA_INVALID_PARAMETERS);
	refuse(REQ, FFA_ENDPOINTS(LP, SPMC), 0, FFA_INVALID_PARAMETERS);
	refuse(REQ, FFA_ENDPOINTS(LP, NW), 0, FFA_INVALID_PARAMETERS);
	refuse(REQ, FFA_ENDPOINTS(LP, 1), 0, FFA_INVALID_PARAMETERS);
	refuse(REQ, FFA_ENDPOINTS(LP, LP), 0, FFA_INVALID_PARAMETERS);
	refuse(REQ, FFA_ENDPOINTS(LP, LP_LAST), 0, FFA_INVALID_PARAMETERS);
	refuse(REQ64, FFA_ENDPOINTS(LP, SPMD), 0, FFA_INVALID_PARAMETERS);
}

TEST(a_request_with_flags_is_refused)
{
	system_boot_usual(1);

	refuse(REQ, FFA_ENDPOINTS(LP, SP1), 1, FFA_INVALID_PARAMETERS);
	refuse(REQ, FFA_ENDPOINTS(LP, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VERSION_REQ,
	       FFA_INVALID_PARAMETERS);
	refuse(REQ, FFA_ENDPOINTS(LP, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ,
	       FFA_INVALID_PARAMETERS);
	refuse(REQ, FFA_ENDPOINTS(LP, SP1), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ,
	       FFA_INVALID_PARAMETERS);
}

TEST(a_receiver_that_does_not_take_requests_is_denied)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->services[0].messaging_method = FFA_PROPERTY_INDIRECT;
	system_boot(1);

	refuse(REQ, FFA_ENDPOINTS(LP, SP1), 0, FFA_DENIED);
	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(LP, SP1));
	CHECK_REFUSED_WIDE(NW, FFA_DENIED);
}

TEST(a_request2_to_an_older_receiver_is_denied)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = FFA_VERSION_1_1;
	system_boot(1);

	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(LP, SP1));
	CHECK_REFUSED_WIDE(NW, FFA_DENIED);
}

TEST(a_request2_with_a_uuid_that_is_not_served_is_refused)
{
	system_boot_usual(1);

	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(LP, SP1), 1, 2);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
}

TEST(a_receiver_that_does_not_wait_is_busy)
{
	system_boot_usual(2);
	request(NW, SP3);
	fiq();
	refuse(REQ, FFA_ENDPOINTS(LP, SP3), 0, FFA_BUSY);

	on_pe(1);
	refuse(REQ, FFA_ENDPOINTS(LP, SP3), 0, FFA_BUSY);
}

TEST(a_receiver_that_ended_is_aborted)
{
	system_boot_usual(1);
	request(NW, SP1);
	fault("data abort", 0);

	refuse(REQ, FFA_ENDPOINTS(LP, SP1), 0, FFA_ABORTED);
}

/* ---- it is finished first ----------------------------------------------------------------------- */

TEST(non_secure_interrupts_wait_until_the_request_is_answered)
{
	system_boot_usual(1);
	lp_requests(SP1);
	CHECK(is_masked());

	this_pe()->arch.normal_world_masked = false; /* the partition undoes it */
	fiq();
	CHECK_EQUAL(running(), SP1);
	CHECK(is_masked());
	request(SP1, SP2);
	fiq();
	CHECK_EQUAL(running(), SP2);
	respond(SP2, SP1);
	lp_is_answered(SP1);
}

TEST(a_group_0_interrupt_is_handed_over_meanwhile)
{
	system_boot_usual(1);
	lp_requests(SP1);

	host_interrupt_raise_group0(9);
	fiq();
	CHECK_EQUAL(running(), SP1);
	host_interrupt_raise_group0(ARCH_INTERRUPT_NONE);
	lp_is_answered(SP1);
}

TEST(a_mask_that_was_set_before_is_set_afterwards)
{
	system_boot_usual(1);
	this_pe()->arch.normal_world_masked = true;
	this_pe()->mask_before = 1;

	lp_requests(SP1);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, LP));
	CALL(NW, FFA_FEATURES_32, FFA_VERSION_32);
	CHECK(is_masked());
	CHECK_EQUAL(this_pe()->duty, DUTY_NONE);
}

TEST(one_request_after_the_other_leaves_nothing_masked)
{
	system_boot_usual(1);

	for (unsigned i = 0; i < 5; i++) {
		lp_requests(SP1);
		CALL(SP1, RESP, FFA_ENDPOINTS(SP1, LP));
		CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SP1, LP));
	}
	CALL(NW, FFA_FEATURES_32, FFA_VERSION_32);
	CHECK(!is_masked());
}

TEST(a_request_of_the_normal_world_afterwards_is_preempted_as_ever)
{
	system_boot_usual(1);
	lp_requests(SP1);
	lp_is_answered(SP1);

	request(NW, SP1);
	fiq();
	CHECK_GOT(NW, FFA_INTERRUPT_32, FFA_TARGET(SP1, 0));
}

TEST(the_receiver_cannot_pause)
{
	system_boot_usual(1);
	lp_requests(SP1);

	CALL(SP1, FFA_YIELD_32);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_YIELD_32, 0, 1000);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_REFUSED(SP1, FFA_DENIED);
	lp_is_answered(SP1);
}

TEST(a_receiver_that_waits_for_an_interrupt_goes_on_at_once)
{
	system_boot_usual(1);
	lp_requests(SP4);

	wait_for_interrupt();
	CHECK_EQUAL(running(), SP4);
	lp_is_answered(SP4);
}

TEST(whom_the_receiver_asks_may_yield_to_it)
{
	system_boot_usual(1);
	lp_requests(SP1);
	request(SP1, SP2);

	CALL(SP2, FFA_YIELD_32);
	CHECK_GOT(SP1, FFA_YIELD_32, FFA_TARGET(SP2, 0));
	CALL(SP1, FFA_RUN_32, FFA_TARGET(SP2, 0));
	CHECK_SUCCESS(SP2);
	respond(SP2, SP1);
	lp_is_answered(SP1);
}

TEST(a_callee_that_was_preempted_before_is_not_preempted_meanwhile)
{
	system_boot_usual(1);
	request(NW, SP1);
	request(SP1, SP3);
	fiq();
	CHECK_GOT(SP1, FFA_INTERRUPT_32, FFA_TARGET(SP3, 0));
	respond(SP1, NW);
	lp_requests(SP1);

	CALL(SP1, FFA_RUN_32, FFA_TARGET(SP3, 0));
	CHECK_EQUAL(running(), SP3);
	fiq();
	CHECK_EQUAL(running(), SP3);
	respond(SP3, SP1);
	lp_is_answered(SP1);
}

TEST(a_delayed_sri_comes_when_the_normal_world_runs)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_add(SP2, INSTANCE_S1UP)->notification_support = true;
	system_boot(1);
	request(NW, SP2);
	CALL(SP2, FFA_NOTIFICATION_BIND_32, FFA_ENDPOINTS(SP1, SP2), 0, 1);
	CHECK_SUCCESS(SP2);
	respond(SP2, NW);
	lp_requests(SP1);

	CALL(SP1, FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(SP1, SP2), 2, 1);
	CHECK_SUCCESS(SP1);
	CHECK_EQUAL(this_pe()->arch.sri_count, 0);
	lp_is_answered(SP1);
	CHECK_EQUAL(this_pe()->arch.sri_count, 1);
}

/* ---- ends, answers ------------------------------------------------------------------------------ */

TEST(a_receiver_that_ends_over_the_request_is_aborted)
{
	system_boot_usual(1);
	lp_requests(SP1);

	fault("data abort", 0);
	CHECK_GOT(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	CALL(NW, FFA_FEATURES_32, FFA_VERSION_32);
	CHECK(!is_masked());
	lp_requests(SP2);
	lp_is_answered(SP2);
}

TEST(a_receiver_that_ends_over_a_request2_leaves_no_register)
{
	system_boot_usual(1);
	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(LP, SP1));

	fault("data abort", 0);
	CHECK_GOT_WIDE(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
}

TEST(a_callee_that_ends_tells_the_receiver_which_goes_on)
{
	system_boot_usual(1);
	lp_requests(SP1);
	request(SP1, SP2);

	fault("data abort", 0);
	CHECK_GOT(SP1, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
	lp_is_answered(SP1);
}

TEST(an_answer_to_anybody_else_is_denied)
{
	system_boot_usual(1);
	lp_requests(SP1);

	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, NW));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, LP + 1));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, SPMD));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL_WIDE(SP1, RESP2, FFA_ENDPOINTS(SP1, LP));
	CHECK_REFUSED_WIDE(SP1, FFA_DENIED);
	lp_is_answered(SP1);
}

TEST(an_answer_to_el3s_partition_when_the_normal_world_asked_is_denied)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, LP));
	CHECK_REFUSED(SP1, FFA_DENIED);
}
