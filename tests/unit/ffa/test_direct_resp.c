/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MSG_SEND_DIRECT_RESP (DEN0077A, "Direct messaging"): each check in the specification's order. What is
 * delivered: test_direct.c.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define RESP FFA_MSG_SEND_DIRECT_RESP_32
#define RESP64 FFA_MSG_SEND_DIRECT_RESP_64

/* ---- checks of a response, in order ------------------------------------------------------------- */

TEST(a_response_with_flags_is_refused)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, RESP, 0x80010000, 1);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, RESP64, 0x80010000, 0x40000000);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(a_framework_response_to_no_framework_request_is_refused)
{
	system_boot_usual(1);
	request(NW, SP1);

	for (uint32_t type = 0; type <= 0x10; type++) {
		CALL(SP1, RESP, 0x80010000, FFA_FRAMEWORK_BIT | type);
		CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
		CALL(SP1, RESP, FFA_ENDPOINTS(SP1, SPMC), FFA_FRAMEWORK_BIT | type);
		CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	}
}

TEST(each_of_x8_to_x17_is_reserved_in_the_64_bit_response_of_1_2)
{
	system_boot_usual(1);
	request(NW, SP1);

	for (unsigned n = 8; n < 18; n++) {
		uint64_t x[18] = { RESP64, 0x80010000 };

		x[n] = UINT64_C(1) << 63;
		call_with(SP1, x, 18);
		CHECK_EQUAL(running(), SP1);
		CHECK_EQUAL(registers()[0], FFA_ERROR_32);
		CHECK_EQUAL(registers()[2], CODE(FFA_INVALID_PARAMETERS));
		CHECK_EQUAL(registers()[n], UINT64_C(1) << 63);
	}
	CALL(SP1, RESP, 0x80010000);
	CHECK_GOT(NW, RESP, 0x80010000);
}

TEST(x8_to_x17_of_the_64_bit_response_of_1_1_are_the_responders_own)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP)->ffa_version = FFA_VERSION_1_1;
	system_boot(1);
	request(NW, SP1);

	CALL(SP1, RESP64, 0x80010000, 0, 3, 4, 5, 6, 7, 0x88, 0x99);
	CHECK_GOT(NW, RESP64, 0x80010000, 0, 3, 4, 5, 6, 7);
}

TEST(a_response_in_anothers_name_is_refused)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, RESP, FFA_ENDPOINTS(SP2, NW));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, RESP, FFA_ENDPOINTS(NW, SP1));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(a_response_to_oneself_is_refused)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, RESP, 0x80018001);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(a_response_to_who_did_not_ask_is_denied)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, SP2));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, 1));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, SPMC));
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, SPMD));
	CHECK_REFUSED(SP1, FFA_DENIED);
	respond(SP1, NW);
}

TEST(a_partition_in_the_middle_of_a_chain_answers_only_its_own_requester)
{
	system_boot_usual(1);
	request(NW, SP1);
	request(SP1, SP2);

	CALL(SP2, RESP, FFA_ENDPOINTS(SP2, NW));
	CHECK_REFUSED(SP2, FFA_DENIED);
	respond(SP2, SP1);
	CALL(SP1, RESP, FFA_ENDPOINTS(SP1, SP2));
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(a_response_without_a_request_is_denied)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_build(1);
	system_begin();

	CALL(SP1, RESP, 0x80010000);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_MSG_WAIT_32);
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	CALL_WIDE(SP1, RESP64, 0x80010000);
	CHECK_REFUSED_WIDE(SP1, FFA_DENIED);
}

TEST(a_response_of_the_normal_world_is_not_supported)
{
	system_boot_usual(1);

	CALL(NW, RESP, 0x00008001);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}

TEST(a_request_is_answered_once)
{
	system_boot_usual(1);
	request(NW, SP1);
	respond(SP1, NW);

	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	CALL(SP1, RESP, 0x80010000);
	CHECK_REFUSED(SP1, FFA_DENIED);
}

TEST(waiting_while_handling_a_request_is_denied)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_REFUSED(SP1, FFA_DENIED);
}
