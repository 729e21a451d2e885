/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What FF-A 1.3 adds to direct messages (DEN0077A, "Direct messaging"): in the SMC64 form payload goes on
 * in x8-x17, between two ends that both speak 1.3.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define REQ64 FFA_MSG_SEND_DIRECT_REQ_64
#define RESP FFA_MSG_SEND_DIRECT_RESP_32
#define RESP64 FFA_MSG_SEND_DIRECT_RESP_64
#define BIG(n) (UINT64_C(0x1234567800000000) | (n))
#define FIRST BIG(3), BIG(4), BIG(5), BIG(6), BIG(7)
#define MORE BIG(8), BIG(9), BIG(10), BIG(11), BIG(12), BIG(13), BIG(14), BIG(15), BIG(16), BIG(17)

/** SP1 (MP) speaks @sp1, SP2 (MP) @sp2, SP4 (S-EL0) 1.3, the normal world @nw. */
static void ends(uint32_t nw, uint32_t sp1, uint32_t sp2)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP)->ffa_version = sp1;
	system_add(SP2, INSTANCE_S1MP)->ffa_version = sp2;
	system_add(SP4, INSTANCE_S0)->ffa_version = FFA_VERSION_1_3;
	system_boot(1);
	nw_version(nw);
}

static void all_of_1_3(void)
{
	ends(FFA_VERSION_1_3, FFA_VERSION_1_3, FFA_VERSION_1_3);
}

/* ---- between ends of 1.3 ------------------------------------------------------------------------ */

TEST(a_64_bit_request_and_its_response_have_payload_to_x17)
{
	all_of_1_3();

	CALL(NW, REQ64, 0x00008001, 0, FIRST, MORE);
	CHECK_GOT(SP1, REQ64, 0x00008001, 0, FIRST, MORE);
	CALL(SP1, RESP64, 0x80010000, 0, FIRST, MORE);
	CHECK_GOT(NW, RESP64, 0x80010000, 0, FIRST, MORE);
}

TEST(a_64_bit_request_between_partitions_has_payload_to_x17)
{
	all_of_1_3();
	request(NW, SP1);

	CALL(SP1, REQ64, 0x80018002, 0, FIRST, MORE);
	CHECK_GOT(SP2, REQ64, 0x80018002, 0, FIRST, MORE);
	CALL(SP2, RESP64, 0x80028001, 0, FIRST, MORE);
	CHECK_GOT(SP1, RESP64, 0x80028001, 0, FIRST, MORE);
}

TEST(a_64_bit_request_of_a_vm_to_an_s_el0_partition_has_payload_to_x17)
{
	all_of_1_3();

	CALL(NW, REQ64, 0x00038004, 0, FIRST, MORE);
	CHECK_GOT(SP4, REQ64, 0x00038004, 0, FIRST, MORE);
	CALL(SP4, RESP64, 0x80040003, 0, FIRST, MORE);
	CHECK_GOT(NW, RESP64, 0x80040003, 0, FIRST, MORE);
}

TEST(the_32_bit_forms_leave_x8_to_x17_alone)
{
	all_of_1_3();

	CALL(NW, REQ, 0x00008001, 0, 3, 4, 5, 6, 7);
	CHECK_GOT(SP1, REQ, 0x00008001, 0, 3, 4, 5, 6, 7);
	CALL(SP1, RESP, 0x80010000, 0, 3, 4, 5, 6, 7);
	CHECK_GOT(NW, RESP, 0x80010000, 0, 3, 4, 5, 6, 7);
}

TEST(a_32_bit_response_to_a_64_bit_request_has_zeroes_in_x8_to_x17)
{
	all_of_1_3();
	CALL(NW, REQ64, 0x00008001, 0, FIRST, MORE);

	CALL(SP1, RESP, 0x80010000, 0, 3);
	CHECK_GOT_WIDE(NW, RESP, 0x80010000, 0, 3);
}

TEST(a_32_bit_request_to_who_waits_in_the_64_bit_form_has_zeroes_in_x8_to_x17)
{
	all_of_1_3();
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	CALL_WIDE(SP1, FFA_MSG_WAIT_64);

	CALL(NW, REQ, 0x00008001, 0, 3);
	CHECK_GOT_WIDE(SP1, REQ, 0x00008001, 0, 3);
}

TEST(a_request_that_is_preempted_completes_with_nothing_of_the_receiver)
{
	all_of_1_3();
	CALL(NW, REQ64, 0x00008001, 0, FIRST, MORE);

	fiq();
	CHECK_GOT_WIDE(NW, FFA_INTERRUPT_32, FFA_TARGET(SP1, 0));
	CALL_WIDE(NW, FFA_RUN_64, FFA_TARGET(SP1, 0));
	CALL(SP1, RESP64, 0x80010000, 0, FIRST, MORE);
	CHECK_GOT(NW, RESP64, 0x80010000, 0, FIRST, MORE);
}

TEST(a_request_whose_receiver_ends_completes_with_nothing_of_it)
{
	all_of_1_3();
	CALL(NW, REQ64, 0x00008001, 0, FIRST, MORE);

	fault("data abort", 0);
	CHECK_GOT_WIDE(NW, FFA_ERROR_32, 0, CODE(FFA_ABORTED));
}

TEST(a_64_bit_request_that_is_refused_has_zeroes_in_x8_to_x17)
{
	all_of_1_3();

	CALL(NW, REQ64, 0x00008042, 0, FIRST, MORE);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
}

/* ---- with an older end -------------------------------------------------------------------------- */

TEST(a_request_to_an_older_partition_ends_at_x7)
{
	ends(FFA_VERSION_1_3, FFA_VERSION_1_2, FFA_VERSION_1_3);

	CALL(NW, REQ64, 0x00008001, 0, FIRST, MORE);
	CHECK_GOT(SP1, REQ64, 0x00008001, 0, FIRST);
	CALL_WIDE(SP1, RESP64, 0x80010000, 0, FIRST);
	CHECK_GOT_WIDE(NW, RESP64, 0x80010000, 0, FIRST);
}

TEST(a_request_between_partitions_ends_at_x7_when_the_receiver_is_older)
{
	ends(FFA_VERSION_1_3, FFA_VERSION_1_3, FFA_VERSION_1_1);
	request(NW, SP1);

	CALL(SP1, REQ64, 0x80018002, 0, FIRST, MORE);
	CHECK_GOT(SP2, REQ64, 0x80018002, 0, FIRST);
	CALL(SP2, RESP64, 0x80028001, 0, FIRST, MORE);
	CHECK_GOT_WIDE(SP1, RESP64, 0x80028001, 0, FIRST);
}

TEST(a_request_of_an_older_partition_ends_at_x7)
{
	ends(FFA_VERSION_1_3, FFA_VERSION_1_2, FFA_VERSION_1_3);
	request(NW, SP1);

	CALL(SP1, REQ64, 0x80018002, 0, FIRST, MORE);
	CHECK_GOT(SP2, REQ64, 0x80018002, 0, FIRST);
}

TEST(a_response_to_an_older_requester_ends_at_x7)
{
	ends(FFA_VERSION_1_2, FFA_VERSION_1_3, FFA_VERSION_1_3);
	CALL(NW, REQ64, 0x00008001, 0, FIRST);

	CALL(SP1, RESP64, 0x80010000, 0, FIRST, MORE);
	CHECK_GOT(NW, RESP64, 0x80010000, 0, FIRST);
}

TEST(the_negotiated_version_counts_not_the_manifests)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = FFA_VERSION_1_3;
	system_build(1);
	system_begin();
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_2);
	system_finish_start();
	nw_version(FFA_VERSION_1_3);

	CALL(NW, REQ64, 0x00008001, 0, FIRST, MORE);
	CHECK_GOT(SP1, REQ64, 0x00008001, 0, FIRST);
}
