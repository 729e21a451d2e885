/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * IDs of EL3's logical partitions where they are nobody's to use (DEN0077A, "Logical partitions"): they only
 * send, and what they send is no call of the normal world.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define REQ64 FFA_MSG_SEND_DIRECT_REQ_64
#define REQ2 FFA_MSG_SEND_DIRECT_REQ2_64
#define LP 0xFFC0
#define LP_LAST 0xFFFE

/* ---- to one of them ----------------------------------------------------------------------------- */

TEST(a_partitions_request_to_one_of_el3s_is_refused)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, LP));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, REQ64, FFA_ENDPOINTS(SP1, LP_LAST));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL_WIDE(SP1, REQ2, FFA_ENDPOINTS(SP1, LP));
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
}

TEST(a_request_of_the_normal_world_to_one_of_el3s_is_refused)
{
	system_boot_usual(1);

	CALL(NW, REQ, FFA_ENDPOINTS(NW, LP));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(1, LP_LAST));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(NW, LP));
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
}

TEST(el3s_partitions_cannot_be_run)
{
	system_boot_usual(1);

	CALL(NW, FFA_RUN_32, FFA_TARGET(LP, 0));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	request(NW, SP1);
	CALL(SP1, FFA_RUN_32, FFA_TARGET(LP, 0));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

/* ---- in the name of one of them ----------------------------------------------------------------- */

TEST(a_partition_that_calls_itself_one_of_el3s_is_refused)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, REQ, FFA_ENDPOINTS(LP, SP2));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL_WIDE(SP1, REQ2, FFA_ENDPOINTS(LP, SP2));
	CHECK_REFUSED_WIDE(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(LP, NW));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(calls_that_only_look_like_one_of_el3s_are_the_normal_worlds)
{
	system_boot_usual(1);
	map_rxtx(NW);

	CALL(NW, FFA_RXTX_UNMAP_32, FFA_ENDPOINTS(LP, 0));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_NOTIFICATION_BIND_32, FFA_ENDPOINTS(LP, NW), 0, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_MSG_SEND2_32, FFA_ENDPOINTS(LP, 0));
	CHECK_REFUSED(NW, FFA_DENIED);
	CALL(NW, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(LP, SP1));
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, FFA_ID_GET_32, FFA_ENDPOINTS(LP, 0));
	CHECK_SUCCESS(NW);
	CHECK_EQUAL(this_pe()->duty, DUTY_NONE);
}

TEST(an_id_between_partitions_and_el3s_is_nobodys)
{
	system_boot_usual(1);

	CALL(NW, REQ, FFA_ENDPOINTS(LP - 1, SP1));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(this_pe()->duty, DUTY_NONE);
}

/* ---- not the normal world's calls --------------------------------------------------------------- */

/** EL3's partition has sent requests of all kinds, and one that is refused. */
static void lp_has_sent(void)
{
	CALL(NW, REQ, FFA_ENDPOINTS(LP, SP1));
	CALL(SP1, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(SP1, LP));
	CALL_WIDE(NW, REQ2, FFA_ENDPOINTS(LP, SP1));
	CALL_WIDE(SP1, FFA_MSG_SEND_DIRECT_RESP2_64, FFA_ENDPOINTS(SP1, LP));
	CALL(NW, REQ64, FFA_ENDPOINTS(LP, 0x8042));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(requests_of_el3s_do_not_lock_the_normal_worlds_version)
{
	system_boot_usual(1);

	lp_has_sent();
	nw_version(FFA_VERSION_1_0);
	nw_version(FFA_VERSION_1_3);
}

TEST(requests_of_el3s_are_served_whatever_the_normal_worlds_version_is)
{
	system_boot_usual(1);
	nw_version(FFA_VERSION_1_0);

	lp_has_sent();
	CHECK_EQUAL(endpoint_version(the_spmc()->normal_world), FFA_VERSION_1_0);
}

TEST(discovery_by_el3s_does_not_lock_the_normal_worlds_version)
{
	system_boot_usual(1);

	CALL(NW, FFA_PARTITION_INFO_GET_REGS_64);
	CHECK_EQUAL(registers()[0], FFA_SUCCESS_64);
	nw_version(FFA_VERSION_1_1);
	CALL(NW, FFA_PARTITION_INFO_GET_REGS_64);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}
