/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_MSG_SEND_DIRECT_REQ2 and FFA_MSG_SEND_DIRECT_RESP2 (DEN0077A v1.2, "Direct messaging"), and that
 * requests of one kind are not answered by responses of the other.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define RESP FFA_MSG_SEND_DIRECT_RESP_32
#define REQ2 FFA_MSG_SEND_DIRECT_REQ2_64
#define RESP2 FFA_MSG_SEND_DIRECT_RESP2_64
#define BIG(n) (UINT64_C(0x1234567800000000) | (n))
#define PAYLOAD                                                                             \
	BIG(4), BIG(5), BIG(6), BIG(7), BIG(8), BIG(9), BIG(10), BIG(11), BIG(12), BIG(13), \
		BIG(14), BIG(15), BIG(16), BIG(17)

/* The UUID that ffa_fixture gives to the service of SP1, as in x2 and x3. */
#define UUID_SP1_LOW 0x1111111100008001
#define UUID_SP1_HIGH 0x3333333322222222

TEST(a_request2_arrives_with_uuid_and_all_registers)
{
	system_boot_usual(1);

	CALL_WIDE(NW, REQ2, 0x00008001, UUID_SP1_LOW, UUID_SP1_HIGH, PAYLOAD);

	CHECK_GOT_WIDE(SP1, REQ2, 0x00008001, UUID_SP1_LOW, UUID_SP1_HIGH, PAYLOAD);
}

TEST(a_request2_with_the_nil_uuid_means_any_service)
{
	system_boot_usual(1);

	CALL_WIDE(NW, REQ2, 0x00008001, 0, 0, PAYLOAD);
	CHECK_GOT_WIDE(SP1, REQ2, 0x00008001, 0, 0, PAYLOAD);
}

TEST(a_response2_arrives_with_all_registers_and_x2_and_x3_zero)
{
	system_boot_usual(1);
	CALL_WIDE(NW, REQ2, 0x00008001);

	CALL_WIDE(SP1, RESP2, 0x80010000, 0x22, 0x33, PAYLOAD);

	CHECK_GOT_WIDE(NW, RESP2, 0x80010000, 0, 0, PAYLOAD);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
}

TEST(a_request2_reaches_an_s_el0_partition_and_goes_between_partitions)
{
	system_boot_usual(1);
	CALL_WIDE(NW, REQ2, 0x00008004, 0, 0, PAYLOAD);
	CHECK_GOT_WIDE(SP4, REQ2, 0x00008004, 0, 0, PAYLOAD);

	CALL_WIDE(SP4, REQ2, 0x80048002, 0, 0, 1);
	CHECK_GOT_WIDE(SP2, REQ2, 0x80048002, 0, 0, 1);
	CALL_WIDE(SP2, RESP2, 0x80028004, 0, 0, PAYLOAD);
	CHECK_GOT_WIDE(SP4, RESP2, 0x80028004, 0, 0, PAYLOAD);
}

TEST(the_upper_half_of_the_ids_is_not_passed_on)
{
	system_boot_usual(1);

	CALL_WIDE(NW, REQ2, BIG(0x00008001));
	CHECK_GOT_WIDE(SP1, REQ2, 0x00008001);
	CALL_WIDE(SP1, RESP2, BIG(0x80010000));
	CHECK_GOT_WIDE(NW, RESP2, 0x80010000);
}

/* ---- checks in order ---------------------------------------------------------------------------- */

TEST(the_32_bit_forms_do_not_exist)
{
	system_boot_usual(1);

	CALL(NW, FFA_FID32(0x8D), 0x00008001);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	request(NW, SP1);
	CALL(SP1, FFA_FID32(0x8E), 0x80010000);
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
}

TEST(a_sender_before_1_2_has_no_such_call)
{
	system_boot_usual(1);
	nw_version(FFA_VERSION_1_1);

	CALL(NW, REQ2, 0x00008001);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED); /* x8-x17 stay the caller's */
}

TEST(wrong_ids_are_refused)
{
	system_boot_usual(1);

	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(SP2, SP1));
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(NW, NW));
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(NW, 0x8077));
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
	request(NW, SP1);
	CALL_WIDE(SP1, REQ2, FFA_ENDPOINTS(SP1, SP1));
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
	CALL_WIDE(SP1, REQ2, FFA_ENDPOINTS(SP1, NW));
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
	CALL_WIDE(SP1, REQ2, FFA_ENDPOINTS(SP3, SP2));
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
}

TEST(a_uuid_that_the_receiver_does_not_serve_is_refused)
{
	system_boot_usual(1);

	CALL_WIDE(NW, REQ2, 0x00008001, UUID_SP1_LOW + 1, UUID_SP1_HIGH);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
	CALL_WIDE(NW, REQ2, 0x00008001, UUID_SP1_LOW, 0);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
	CALL_WIDE(NW, REQ2, 0x00008002, UUID_SP1_LOW, UUID_SP1_HIGH); /* SP1's */
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
}

/** SP2 has a service for each kind of request: UUIDs {1,...} and {2,...}. */
static void two_services(void)
{
	struct partition_config *config;

	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	config = system_add(SP2, INSTANCE_S1UP);
	config->services[0] = (struct service_config){
		.uuid = { { 1, 0, 0, 0 } }, .messaging_method = FFA_PROPERTY_DIRECT_REQ_RECEIVE
	};
	config->services[1] = (struct service_config){
		.uuid = { { 2, 0, 0, 0 } }, .messaging_method = FFA_PROPERTY_DIRECT_REQ2_RECEIVE
	};
	config->service_count = 2;
	system_boot(1);
}

TEST(a_service_that_does_not_receive_the_second_kind_is_denied)
{
	two_services();

	CALL_WIDE(NW, REQ2, 0x00008002, 1);
	CHECK_REFUSED_WIDE(NW, FFA_DENIED);
	CALL_WIDE(NW, REQ2, 0x00008002, 2);
	CHECK_GOT_WIDE(SP2, REQ2, 0x00008002, 2);
}

TEST(an_unknown_uuid_is_refused_before_methods_are_looked_at)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->services[0].messaging_method =
		FFA_PROPERTY_DIRECT_REQ_RECEIVE;
	system_boot(1);

	CALL_WIDE(NW, REQ2, 0x00008001, 77);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
	CALL_WIDE(NW, REQ2, 0x00008001);
	CHECK_REFUSED_WIDE(NW, FFA_DENIED);
}

TEST(a_receiver_that_negotiated_an_older_version_is_denied)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_build(1);
	system_begin();
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	system_finish_start();

	CALL_WIDE(NW, REQ2, 0x00008001);
	CHECK_REFUSED_WIDE(NW, FFA_DENIED);
}

TEST(a_sender_whose_manifest_does_not_say_so_is_denied)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_add(SP2, INSTANCE_S1UP)->services[0].messaging_method =
		ALL_METHODS & ~FFA_PROPERTY_DIRECT_REQ2_SEND;
	system_build(1);
	system_begin();
	CALL(SP1, FFA_MSG_WAIT_32);

	CALL_WIDE(SP2, REQ2, 0x80028001);
	CHECK_REFUSED_WIDE(SP2, FFA_DENIED);
}

TEST(a_busy_receiver_is_told_so)
{
	system_boot_usual(2);
	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(NW, SP3));

	on_pe(1);
	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(NW, SP3));
	CHECK_REFUSED_WIDE(NW, FFA_BUSY);
}

TEST(a_receiver_that_ended_is_aborted)
{
	system_boot_usual(1);
	request(NW, SP1);
	fault("data abort", 0);

	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(NW, SP1));
	CHECK_REFUSED_WIDE(NW, FFA_ABORTED);
}

/* ---- kinds do not mix --------------------------------------------------------------------------- */

TEST(a_request_answered_with_response2_is_denied)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL_WIDE(SP1, RESP2, 0x80010000);
	CHECK_REFUSED_WIDE(SP1, FFA_DENIED);
	respond(SP1, NW);
}

TEST(a_request2_answered_with_response_is_denied)
{
	system_boot_usual(1);
	CALL_WIDE(NW, REQ2, 0x00008001);

	CALL(SP1, RESP, 0x80010000);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL_WIDE(SP1, FFA_MSG_SEND_DIRECT_RESP_64, 0x80010000);
	CHECK_REFUSED_WIDE(SP1, FFA_DENIED);
	CALL_WIDE(SP1, RESP2, 0x80010000);
	CHECK_GOT_WIDE(NW, RESP2, 0x80010000);
}

TEST(a_response2_is_checked_as_a_response_is)
{
	system_boot_usual(1);
	CALL_WIDE(NW, REQ2, 0x00008001);

	CALL_WIDE(SP1, RESP2, FFA_ENDPOINTS(SP2, NW));
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
	CALL_WIDE(SP1, RESP2, FFA_ENDPOINTS(SP1, SP1));
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
	CALL_WIDE(SP1, RESP2, FFA_ENDPOINTS(SP1, SP2));
	CHECK_REFUSED_WIDE(SP1, FFA_DENIED);
	CALL_WIDE(SP1, RESP2, FFA_ENDPOINTS(SP1, 5));
	CHECK_REFUSED_WIDE(SP1, FFA_DENIED);
}

TEST(a_response2_of_the_normal_world_is_not_supported)
{
	system_boot_usual(1);

	CALL(NW, RESP2, 0x00008001);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}

/* ---- nothing leaks ------------------------------------------------------------------------------ */

TEST(a_request_of_eight_registers_to_who_answered_with_eighteen_shows_nothing_old)
{
	system_boot_usual(1);
	CALL_WIDE(NW, REQ2, 0x00008001);
	CALL_WIDE(SP1, RESP2, 0x80010000, 0, 0, PAYLOAD);

	CALL(NW, REQ, 0x00008001, 0, 3, 4, 5, 6, 7, 0x88, 0x99);
	CHECK_GOT_WIDE(SP1, REQ, 0x00008001, 0, 3, 4, 5, 6, 7);
}

TEST(a_request2_that_is_preempted_completes_without_anything_of_the_receiver)
{
	system_boot_usual(1);
	CALL_WIDE(NW, REQ2, 0x00008001, 0, 0, PAYLOAD);
	fiq();

	CHECK_GOT_WIDE(NW, FFA_INTERRUPT_32, FFA_TARGET(SP1, 0));
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	CALL_WIDE(SP1, RESP2, 0x80010000, 0, 0, PAYLOAD);
	CHECK_GOT_WIDE(NW, RESP2, 0x80010000, 0, 0, PAYLOAD);
}
