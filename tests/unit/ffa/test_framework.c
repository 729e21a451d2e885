/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Framework messages (DEN0077A, "Framework messages"): what the SPMD sends, and that nobody else can. What
 * CPU_OFF does to contexts: test_start.c.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define REQ FFA_MSG_SEND_DIRECT_REQ_32
#define FROM_SPMD FFA_ENDPOINTS(SPMD, SPMC)
#define TO_SPMD FFA_ENDPOINTS(SPMC, SPMD)
#define MESSAGE(type) (FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_##type)
#define PSCI_NOT_SUPPORTED_W 0xFFFFFFFF

static void check_answer(uint32_t type, uint32_t value)
{
	CHECK_GOT(NW, FFA_MSG_SEND_DIRECT_RESP_32, TO_SPMD, FFA_FRAMEWORK_BIT | type, value);
}

/* ---- version ------------------------------------------------------------------------------------ */

TEST(the_version_message_is_answered_with_the_spmcs_version)
{
	system_boot_usual(1);

	CALL(NW, REQ, 0xFFFF8000, 0x80000008, 0x00010001);
	CHECK_GOT(NW, FFA_MSG_SEND_DIRECT_RESP_32, 0x8000FFFF, 0x80000009, 0x00010003);
	CHECK_EQUAL(endpoint_version(the_spmc()->normal_world), FFA_VERSION_1_1);
}

TEST(the_version_message_refuses_what_the_call_refuses)
{
	system_boot_usual(1);

	CALL(NW, REQ, FROM_SPMD, MESSAGE(VERSION_REQ), 0x80010001);
	check_answer(FFA_FRAMEWORK_VERSION_RESP, 0xFFFFFFFF);
	CALL(NW, REQ, FROM_SPMD, MESSAGE(VERSION_REQ), 0x00020000);
	check_answer(FFA_FRAMEWORK_VERSION_RESP, 0xFFFFFFFF);
	CHECK_EQUAL(endpoint_version(the_spmc()->normal_world), FFA_VERSION_1_2);
}

TEST(the_version_message_of_a_newer_client_records_nothing)
{
	system_boot_usual(1);

	CALL(NW, REQ, FROM_SPMD, MESSAGE(VERSION_REQ), FFA_VERSION_1_3 + 1);
	check_answer(FFA_FRAMEWORK_VERSION_RESP, FFA_VERSION_1_3);
	CHECK_EQUAL(endpoint_version(the_spmc()->normal_world), FFA_VERSION_1_2);
}

TEST(the_version_message_does_not_lock_the_version)
{
	system_boot_usual(1);

	nw_version(FFA_VERSION_1_0);
	nw_version(FFA_VERSION_1_2);
	nw_version(FFA_VERSION_1_1);
	CHECK_EQUAL(endpoint_version(the_spmc()->normal_world), FFA_VERSION_1_1);
}

TEST(the_version_message_after_another_call_takes_the_same_version_alone)
{
	system_boot_usual(1);
	nw_version(FFA_VERSION_1_1);
	CALL(NW, FFA_FEATURES_32, FFA_VERSION_32);

	CALL(NW, REQ, FROM_SPMD, MESSAGE(VERSION_REQ), FFA_VERSION_1_0);
	check_answer(FFA_FRAMEWORK_VERSION_RESP, 0xFFFFFFFF);
	CALL(NW, REQ, FROM_SPMD, MESSAGE(VERSION_REQ), FFA_VERSION_1_2);
	check_answer(FFA_FRAMEWORK_VERSION_RESP, 0xFFFFFFFF);
	nw_version(FFA_VERSION_1_1);
}

TEST(power_messages_do_not_lock_the_version)
{
	system_boot_usual(1);

	CALL(NW, REQ, FROM_SPMD, MESSAGE(WARM_BOOT_REQ));
	CALL(NW, REQ, FROM_SPMD, MESSAGE(PSCI_REQ), 0xC4000001);
	nw_version(FFA_VERSION_1_0);
}

/* ---- power -------------------------------------------------------------------------------------- */

TEST(cpu_off_is_granted)
{
	system_boot_usual(1);

	CALL(NW, REQ, 0xFFFF8000, 0x80000000, 0x84000002);
	CHECK_GOT(NW, FFA_MSG_SEND_DIRECT_RESP_32, 0x8000FFFF, 0x80000002);
}

TEST(other_power_requests_are_not_supported)
{
	system_boot_usual(1);

	CALL(NW, REQ, FROM_SPMD, MESSAGE(PSCI_REQ), 0xC4000003); /* CPU_ON */
	check_answer(FFA_FRAMEWORK_PSCI_RESP, PSCI_NOT_SUPPORTED_W);
	CALL(NW, REQ, FROM_SPMD, MESSAGE(PSCI_REQ), 0xC4000001); /* CPU_SUSPEND */
	check_answer(FFA_FRAMEWORK_PSCI_RESP, 0);
	CALL(NW, REQ, FROM_SPMD, MESSAGE(PSCI_REQ), 0x84000008); /* SYSTEM_OFF */
	check_answer(FFA_FRAMEWORK_PSCI_RESP, PSCI_NOT_SUPPORTED_W);
	CHECK_EQUAL(state_of(SP1, 0), CTX_WAITING);
}

TEST(warm_boot_is_acknowledged)
{
	system_boot_usual(1);

	CALL(NW, REQ, FROM_SPMD, MESSAGE(WARM_BOOT_REQ), 1);
	check_answer(FFA_FRAMEWORK_PSCI_RESP, 0);
}

/* ---- what is none ------------------------------------------------------------------------------- */

TEST(unknown_messages_of_the_spmd_are_refused)
{
	system_boot_usual(1);

	for (uint32_t type = 2; type <= 0xFF; type++) {
		if (type != FFA_FRAMEWORK_VERSION_REQ) {
			CALL(NW, REQ, FROM_SPMD, FFA_FRAMEWORK_BIT | type);
			CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
		}
	}
	CALL(NW, REQ, FROM_SPMD, 0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FROM_SPMD, 0x80000108, FFA_VERSION_1_0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(messages_of_the_spmd_to_others_than_the_spmc_are_refused)
{
	system_boot_usual(1);

	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SP1), MESSAGE(VERSION_REQ), FFA_VERSION_1_0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SP1), MESSAGE(PSCI_REQ), 0x84000002);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SPMD), MESSAGE(WARM_BOOT_REQ));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(endpoint_version(the_spmc()->normal_world), FFA_VERSION_1_2);
}

TEST(messages_to_the_spmc_in_the_normal_worlds_name_do_nothing)
{
	system_boot_usual(1);

	CALL(NW, REQ, FFA_ENDPOINTS(NW, SPMC), MESSAGE(PSCI_REQ), 0x84000002);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, REQ, FFA_ENDPOINTS(NW, SPMC), MESSAGE(VERSION_REQ), FFA_VERSION_1_0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_MSG_SEND_DIRECT_REQ_64, FROM_SPMD, MESSAGE(VERSION_REQ), FFA_VERSION_1_0);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(endpoint_version(the_spmc()->normal_world), FFA_VERSION_1_2);
}

TEST(messages_to_the_spmc_from_a_partition_do_nothing)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, REQ, FROM_SPMD, MESSAGE(PSCI_REQ), 0x84000002);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, REQ, FFA_ENDPOINTS(SP1, SPMC), MESSAGE(VERSION_REQ), FFA_VERSION_1_0);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(endpoint_version(&partition_of(SP1)->endpoint), FFA_VERSION_1_2);
}

TEST(messages_are_answered_with_the_spmcs_id_of_the_manifest)
{
	system_boot_usual(1);
	the_spmc()->id = 0x9000;

	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, 0x9000), MESSAGE(WARM_BOOT_REQ));
	CHECK_GOT(NW, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(0x9000, SPMD), MESSAGE(PSCI_RESP));
	CALL(NW, REQ, FROM_SPMD, MESSAGE(WARM_BOOT_REQ));
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}
