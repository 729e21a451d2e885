/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_VERSION, FFA_FEATURES, FFA_ID_GET, FFA_SPM_ID_GET, FFA_SECONDARY_EP_REGISTER (DEN0077A, "Setup and
 * discovery interfaces"). Which function FFA_FEATURES reports to whom is the matrix's matter.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define REFUSED 0xFFFFFFFF

/** SP1 is in its start-up code on PE 0 and has called nothing yet. */
static void sp1_starts(void)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_build(2);
	system_begin();
}

/* ---- FFA_VERSION -------------------------------------------------------------------------------- */

TEST(version_answers_with_the_version_of_the_spmc_whatever_older_one_is_asked_for)
{
	sp1_starts();

	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_0);
	CHECK_GOT(SP1, FFA_VERSION_1_3);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	CHECK_GOT(SP1, FFA_VERSION_1_3);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_2);
	CHECK_GOT(SP1, FFA_VERSION_1_3);
}

TEST(version_with_bit_31_is_refused)
{
	sp1_starts();

	CALL(SP1, FFA_VERSION_32, 0x80010001);
	CHECK_GOT(SP1, REFUSED);
}

TEST(version_of_another_major_is_refused)
{
	sp1_starts();

	CALL(SP1, FFA_VERSION_32, 0x00020000);
	CHECK_GOT(SP1, REFUSED);
	CALL(SP1, FFA_VERSION_32, 0x00000009);
	CHECK_GOT(SP1, REFUSED);
}

TEST(version_newer_than_the_spmc_gets_the_version_of_the_spmc_and_records_nothing)
{
	sp1_starts();

	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_3 + 1);
	CHECK_GOT(SP1, FFA_VERSION_1_3);
	CHECK_EQUAL(endpoint_version(&partition_of(SP1)->endpoint), FFA_VERSION_1_1);
	CALL(SP1, FFA_VERSION_32, 0x0001FFFF);
	CHECK_GOT(SP1, FFA_VERSION_1_3);
	CHECK_EQUAL(endpoint_version(&partition_of(SP1)->endpoint), FFA_VERSION_1_1);
}

TEST(version_may_go_up_and_down_until_another_call_is_made_and_the_last_one_counts)
{
	sp1_starts();

	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_2);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_0);
	CHECK_GOT(SP1, FFA_VERSION_1_3);
	CHECK_EQUAL(endpoint_version(&partition_of(SP1)->endpoint), FFA_VERSION_1_0);
	CALL(SP1, FFA_SPM_ID_GET_32); /* since 1.1 */
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
}

TEST(version_is_locked_by_the_first_other_call)
{
	sp1_starts();

	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	CALL(SP1, FFA_ID_GET_32);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_2);
	CHECK_GOT(SP1, REFUSED);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_0);
	CHECK_GOT(SP1, REFUSED);
	CHECK_EQUAL(endpoint_version(&partition_of(SP1)->endpoint), FFA_VERSION_1_1);
}

TEST(version_that_is_locked_may_be_asked_for_again)
{
	sp1_starts();

	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	CALL(SP1, FFA_ID_GET_32);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	CHECK_GOT(SP1, FFA_VERSION_1_3);
}

TEST(version_after_the_lock_that_is_newer_than_the_spmc_changes_nothing)
{
	sp1_starts();

	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	CALL(SP1, FFA_ID_GET_32);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_3);
	CHECK_EQUAL(endpoint_version(&partition_of(SP1)->endpoint), FFA_VERSION_1_1);
}

TEST(version_of_a_partition_that_never_asks_is_that_of_its_manifest)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->ffa_version = FFA_VERSION_1_1;
	system_build(1);
	system_begin();

	CALL(SP1, FFA_PARTITION_INFO_GET_REGS_64); /* since 1.2 */
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
	CALL(SP1, FFA_SPM_ID_GET_32); /* since 1.1 */
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, SPMC);
}

TEST(version_is_locked_by_a_call_that_is_refused_for_its_arguments)
{
	sp1_starts();

	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	CALL(SP1, FFA_RXTX_UNMAP_32);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_2);
	CHECK_GOT(SP1, REFUSED);
}

TEST(version_is_not_locked_by_a_number_that_is_no_interface)
{
	sp1_starts();

	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	CALL(SP1, FFA_FID32(0x91));
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_2);
	CHECK_GOT(SP1, FFA_VERSION_1_3);
}

TEST(version_is_not_locked_by_the_interrupt_call)
{
	sp1_starts();

	CALL(SP1, FFA_INTERRUPT_32);
	CHECK_REFUSED(SP1, FFA_DENIED);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	CHECK_GOT(SP1, FFA_VERSION_1_3);
	CHECK_EQUAL(endpoint_version(&partition_of(SP1)->endpoint), FFA_VERSION_1_1);
}

TEST(version_of_one_endpoint_is_nothing_to_another)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP);
	system_add(SP2, INSTANCE_S1UP);
	system_build(1);
	system_begin();

	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_0);
	CALL(SP1, FFA_MSG_WAIT_32);
	CALL(SP2, FFA_VERSION_32, FFA_VERSION_1_1);
	CHECK_GOT(SP2, FFA_VERSION_1_3);
	CHECK_EQUAL(endpoint_version(&partition_of(SP1)->endpoint), FFA_VERSION_1_0);
	CHECK_EQUAL(endpoint_version(&partition_of(SP2)->endpoint), FFA_VERSION_1_1);
}

TEST(version_locked_on_one_pe_is_locked_on_all)
{
	sp1_starts();
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	CALL(SP1, FFA_MSG_WAIT_32);

	power_on_begin(1);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_2);
	CHECK_GOT(SP1, REFUSED);
	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_1);
	CHECK_GOT(SP1, FFA_VERSION_1_3);
}

TEST(version_of_the_normal_world_locked_on_one_pe_is_locked_on_all)
{
	system_boot_usual(2);
	nw_version(FFA_VERSION_1_1);
	CALL(NW, FFA_ID_GET_32);

	on_pe(1);
	CALL(NW, FFA_VERSION_32, FFA_VERSION_1_2);
	CHECK_GOT(NW, REFUSED);
	CALL(NW, FFA_VERSION_32, FFA_VERSION_1_1);
	CHECK_GOT(NW, FFA_VERSION_1_3);
}

TEST(version_ignores_the_upper_half_of_x1)
{
	sp1_starts();

	CALL(SP1, FFA_VERSION_32, 0xDEADBEEF00010001);
	CHECK_GOT(SP1, FFA_VERSION_1_3);
}

/* ---- FFA_FEATURES ------------------------------------------------------------------------------- */

TEST(features_of_rxtx_map_give_granule_and_most_pages_from_1_2_on)
{
	system_boot_usual(1);

	CALL(NW, FFA_FEATURES_32, FFA_RXTX_MAP_64);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 16U << 16);
}

TEST(features_of_rxtx_map_have_no_page_count_before_1_2)
{
	system_boot_usual(1);
	nw_version(FFA_VERSION_1_1);

	CALL(NW, FFA_FEATURES_32, FFA_RXTX_MAP_64);
	CHECK_GOT(NW, FFA_SUCCESS_32);
}

TEST(features_do_not_report_the_32_bit_rxtx_map)
{
	system_boot_usual(1);

	CALL(NW, FFA_FEATURES_32, FFA_FID32(0x66));
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}

TEST(features_of_what_is_no_ffa_function_are_not_supported)
{
	system_boot_usual(1);

	CALL(NW, FFA_FEATURES_32, 0x8FFFFFFF);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, FFA_FEATURES_32, 0x80000063); /* another owner of the same number */
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, FFA_FEATURES_32, 0x8400FF63);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, FFA_FEATURES_32, 0x84000000); /* PSCI */
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}

TEST(features_by_identifier_are_not_supported_where_the_feature_is_not)
{
	system_boot_usual(1);

	CALL(NW, FFA_FEATURES_32, FFA_FEATURE_NPI);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, FFA_FEATURES_32, FFA_FEATURE_MEI);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, FFA_FEATURES_32, 0);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, FFA_FEATURES_32, 0x7FFFFFFF);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}

/** What FFA_FEATURES says to SP1, whose only service has @method, about @fid. */
static bool reported_with(uint32_t method, uint32_t fid)
{
	system_reset();
	system_add(SP1, INSTANCE_S1UP)->services[0].messaging_method = method;
	system_build(1);
	system_begin();
	CALL(SP1, FFA_FEATURES_32, fid);
	return registers()[0] == FFA_SUCCESS_32;
}

TEST(features_report_a_direct_request_to_a_partition_that_may_send_one)
{
	CHECK(reported_with(FFA_PROPERTY_DIRECT_REQ_SEND, FFA_MSG_SEND_DIRECT_REQ_32));
	CHECK(reported_with(FFA_PROPERTY_DIRECT_REQ_SEND, FFA_MSG_SEND_DIRECT_REQ_64));
	CHECK(!reported_with(FFA_PROPERTY_DIRECT_REQ_RECEIVE, FFA_MSG_SEND_DIRECT_REQ_32));
	CHECK(!reported_with(FFA_PROPERTY_DIRECT_REQ2_SEND, FFA_MSG_SEND_DIRECT_REQ_32));
}

TEST(features_report_a_direct_response_to_a_partition_that_receives_requests)
{
	CHECK(reported_with(FFA_PROPERTY_DIRECT_REQ_RECEIVE, FFA_MSG_SEND_DIRECT_RESP_32));
	CHECK(!reported_with(FFA_PROPERTY_DIRECT_REQ_SEND, FFA_MSG_SEND_DIRECT_RESP_64));
}

TEST(features_report_the_second_kind_of_direct_messages_by_their_own_methods)
{
	CHECK(reported_with(FFA_PROPERTY_DIRECT_REQ2_SEND, FFA_MSG_SEND_DIRECT_REQ2_64));
	CHECK(!reported_with(FFA_PROPERTY_DIRECT_REQ_SEND, FFA_MSG_SEND_DIRECT_REQ2_64));
	CHECK(reported_with(FFA_PROPERTY_DIRECT_REQ2_RECEIVE, FFA_MSG_SEND_DIRECT_RESP2_64));
	CHECK(!reported_with(FFA_PROPERTY_DIRECT_REQ_RECEIVE, FFA_MSG_SEND_DIRECT_RESP2_64));
}

/* ---- IDs ---------------------------------------------------------------------------------------- */

TEST(id_get_gives_everybody_its_own_id)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_add(SP4, INSTANCE_S0);
	system_build(1);
	system_begin();

	CALL(SP1, FFA_ID_GET_32);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, SP1);
	CALL(SP1, FFA_MSG_WAIT_32);
	CALL(SP4, FFA_ID_GET_32);
	CHECK_GOT(SP4, FFA_SUCCESS_32, 0, SP4);
	CALL(SP4, FFA_MSG_WAIT_32);
	CALL(NW, FFA_ID_GET_32);
	CHECK_GOT(NW, FFA_SUCCESS_32);
}

TEST(spm_id_get_gives_the_id_of_the_manifest)
{
	sp1_starts();
	the_spmc()->id = 0x9000;

	CALL(SP1, FFA_SPM_ID_GET_32);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 0x9000);
}

/* ---- FFA_SECONDARY_EP_REGISTER ------------------------------------------------------------------ */

/** Where SP1 enters when PE 1 comes up. */
static uint64_t secondary_entry(void)
{
	CALL(SP1, FFA_MSG_WAIT_32);
	power_on_begin(1);
	CHECK_EQUAL(running(), SP1);
	return this_pe()->current->arch.pc;
}

TEST(secondary_contexts_enter_where_the_partition_registered)
{
	sp1_starts();

	CALL(SP1, FFA_SECONDARY_EP_REGISTER_64, base_of(SP1) + 0x5008);
	CHECK_SUCCESS(SP1);
	CHECK_EQUAL(secondary_entry(), base_of(SP1) + 0x5008);
}

TEST(secondary_contexts_enter_at_the_primary_entry_when_nothing_is_registered)
{
	uint64_t primary;

	sp1_starts();
	primary = this_pe()->current->arch.pc;

	CHECK_EQUAL(secondary_entry(), primary);
}

TEST(secondary_entry_registered_twice_is_the_last_one)
{
	sp1_starts();

	CALL(SP1, FFA_SECONDARY_EP_REGISTER_64, base_of(SP1) + 0x5000);
	CALL(SP1, FFA_SECONDARY_EP_REGISTER_64, base_of(SP1) + 0x6000);
	CHECK_SUCCESS(SP1);
	CHECK_EQUAL(secondary_entry(), base_of(SP1) + 0x6000);
}

TEST(secondary_entry_outside_the_partition_is_refused_and_the_earlier_one_stays)
{
	sp1_starts();
	CALL(SP1, FFA_SECONDARY_EP_REGISTER_64, base_of(SP1) + 0x5000);

	CALL(SP1, FFA_SECONDARY_EP_REGISTER_64, base_of(SP1) + PARTITION_PAGES * PAGE_SIZE);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_SECONDARY_EP_REGISTER_64, 0xFFFFFFFFFFFFFFFC);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CALL(SP1, FFA_SECONDARY_EP_REGISTER_64, base_of(SP2));
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
	CHECK_EQUAL(secondary_entry(), base_of(SP1) + 0x5000);
}

TEST(secondary_entry_that_is_no_address_of_an_instruction_is_refused)
{
	sp1_starts();

	CALL(SP1, FFA_SECONDARY_EP_REGISTER_64, base_of(SP1) + 0x5002);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(secondary_entry_in_memory_that_is_not_executable_is_refused)
{
	struct partition_config *config;

	system_reset();
	config = system_add(SP1, INSTANCE_S1MP);
	config->memory_regions[0] = (struct memory_region_config){
		.range = { .base = paddr(base_of(SP1) + 0x8000), .page_count = 1 },
		.attributes = REGION_READ | REGION_WRITE,
		.inside_partition = true,
	};
	config->memory_region_count = 1;
	system_build(2);
	system_begin();

	CALL(SP1, FFA_SECONDARY_EP_REGISTER_64, base_of(SP1) + 0x8000);
	CHECK_REFUSED(SP1, FFA_INVALID_PARAMETERS);
}

TEST(secondary_entry_cannot_be_registered_after_the_start)
{
	system_boot_usual(2);
	request(NW, SP1);

	CALL(SP1, FFA_SECONDARY_EP_REGISTER_64, base_of(SP1) + 0x5000);
	CHECK_REFUSED(SP1, FFA_DENIED);
}
