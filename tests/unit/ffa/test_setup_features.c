/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_FEATURES (DEN0077A, "Setup and discovery interfaces"): features that are no functions, and properties
 * of functions, by caller and version. Which function is reported to whom is the matrix's matter.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define FEATURES FFA_FEATURES_32
#define NPI FFA_FEATURE_NPI
#define SRI FFA_FEATURE_SRI
#define MEI FFA_FEATURE_MEI
#define NOTIFICATIONS FFA_FEATURE_NOTIFICATIONS

/** SP1 of kind @instance and @version starts. */
static void sp1_of(enum instance instance, uint32_t version)
{
	system_reset();
	system_add(SP1, instance)->ffa_version = version;
	system_build(1);
	system_begin();
}

static void nw_of(uint32_t version)
{
	system_reset();
	system_boot(1);
	nw_version(version);
}

/** What @who is told about @feature: w2, there. */
static void check_there(uint16_t who, uint32_t feature, uint32_t w2)
{
	CALL(who, FEATURES, feature);
	CHECK_GOT(who, FFA_SUCCESS_32, 0, w2);
}

static void check_not_there(uint16_t who, uint32_t feature)
{
	CALL(who, FEATURES, feature);
	CHECK_REFUSED(who, FFA_NOT_SUPPORTED);
}

/* ---- interrupts --------------------------------------------------------------------------------- */

TEST(s_el1_partitions_are_told_the_notification_pending_interrupt)
{
	sp1_of(INSTANCE_S1MP, FFA_VERSION_1_1);
	check_there(SP1, NPI, 5);
	sp1_of(INSTANCE_S1UP, FFA_VERSION_1_3);
	check_there(SP1, NPI, 5);
}

TEST(others_have_no_notification_pending_interrupt)
{
	sp1_of(INSTANCE_S1MP, FFA_VERSION_1_0);
	check_not_there(SP1, NPI);
	sp1_of(INSTANCE_S0, FFA_VERSION_1_3);
	check_not_there(SP1, NPI);
	nw_of(FFA_VERSION_1_3);
	check_not_there(NW, NPI);
}

TEST(the_normal_world_is_told_the_schedule_receiver_interrupt)
{
	nw_of(FFA_VERSION_1_1);
	check_there(NW, SRI, 8);
	nw_of(FFA_VERSION_1_3);
	check_there(NW, SRI, 8);
}

TEST(others_have_no_schedule_receiver_interrupt)
{
	nw_of(FFA_VERSION_1_0);
	check_not_there(NW, SRI);
	sp1_of(INSTANCE_S1MP, FFA_VERSION_1_2);
	check_not_there(SP1, SRI);
	sp1_of(INSTANCE_S0, FFA_VERSION_1_2);
	check_not_there(SP1, SRI);
}

TEST(s_el1_partitions_are_told_the_managed_exit_interrupt)
{
	sp1_of(INSTANCE_S1MP, FFA_VERSION_1_1);
	check_there(SP1, MEI, 4);
	sp1_of(INSTANCE_S1UP, FFA_VERSION_1_3);
	check_there(SP1, MEI, 4);
}

TEST(others_have_no_managed_exit_interrupt)
{
	sp1_of(INSTANCE_S1MP, FFA_VERSION_1_0);
	check_not_there(SP1, MEI);
	sp1_of(INSTANCE_S0, FFA_VERSION_1_3);
	check_not_there(SP1, MEI);
	nw_of(FFA_VERSION_1_3);
	check_not_there(NW, MEI);
}

/* ---- notifications ------------------------------------------------------------------------------ */

TEST(notifications_of_1_3_are_per_vcpu_from_everybody)
{
	sp1_of(INSTANCE_S1MP, FFA_VERSION_1_3);
	check_there(SP1, NOTIFICATIONS, 0);
	sp1_of(INSTANCE_S0, FFA_VERSION_1_3);
	check_there(SP1, NOTIFICATIONS, 0);
	nw_of(FFA_VERSION_1_3);
	check_there(NW, NOTIFICATIONS, 0);
}

TEST(notifications_are_no_feature_before_1_3)
{
	sp1_of(INSTANCE_S1MP, FFA_VERSION_1_2);
	check_not_there(SP1, NOTIFICATIONS);
	nw_of(FFA_VERSION_1_2);
	check_not_there(NW, NOTIFICATIONS);
}

/* ---- identifiers -------------------------------------------------------------------------------- */

TEST(other_identifiers_are_no_features)
{
	sp1_of(INSTANCE_S1MP, FFA_VERSION_1_3);

	check_not_there(SP1, 0);
	for (uint32_t id = NOTIFICATIONS + 1; id <= 0xFF; id++) {
		check_not_there(SP1, id);
	}
}

TEST(identifiers_with_reserved_bits_are_no_features)
{
	sp1_of(INSTANCE_S1MP, FFA_VERSION_1_3);

	for (unsigned bit = 8; bit < 31; bit++) {
		check_not_there(SP1, 1U << bit | NPI);
	}
}

TEST(the_upper_half_of_an_identifier_is_ignored)
{
	sp1_of(INSTANCE_S1MP, FFA_VERSION_1_3);

	CALL(SP1, FEATURES, UINT64_C(0x8400000000000000) | NPI);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 5);
}

/* ---- properties of functions -------------------------------------------------------------------- */

TEST(the_largest_buffers_are_told_from_1_2_on)
{
	sp1_of(INSTANCE_S1MP, FFA_VERSION_1_2);
	check_there(SP1, FFA_RXTX_MAP_64, 16 << 16);
	sp1_of(INSTANCE_S0, FFA_VERSION_1_3);
	check_there(SP1, FFA_RXTX_MAP_64, 16 << 16);
	nw_of(FFA_VERSION_1_3);
	check_there(NW, FFA_RXTX_MAP_64, 16 << 16);
}

TEST(older_callers_are_told_the_granule_alone)
{
	sp1_of(INSTANCE_S1MP, FFA_VERSION_1_1);
	check_there(SP1, FFA_RXTX_MAP_64, 0);
	sp1_of(INSTANCE_S0, FFA_VERSION_1_0);
	check_there(SP1, FFA_RXTX_MAP_64, 0);
	nw_of(FFA_VERSION_1_0);
	check_there(NW, FFA_RXTX_MAP_64, 0);
}

TEST(what_was_told_of_buffers_holds)
{
	nw_of(FFA_VERSION_1_2);

	CALL(NW, FFA_RXTX_MAP_64, NS_BASE, NS_BASE + 0x20000, 17);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RXTX_MAP_64, NS_BASE, NS_BASE + 0x20000, 16);
	CHECK_SUCCESS(NW);
}

TEST(the_64_bit_forms_of_cycle_management_came_with_1_3)
{
	nw_of(FFA_VERSION_1_3);
	check_there(NW, FFA_RUN_64, 0);
	check_there(NW, FFA_MSG_WAIT_64, 0);
	nw_of(FFA_VERSION_1_2);
	check_not_there(NW, FFA_RUN_64);
	check_not_there(NW, FFA_MSG_WAIT_64);
}

/* ---- retrieving memory -------------------------------------------------------------------------- */

#define RETRIEVE FFA_MEM_RETRIEVE_REQ_32
#define NS_BIT 0x2 /* the caller understands it; it is there */
#define LOOK 0x4 /* hypervisors may look at what is shared */

/** @who, who says @input, is told @w2 of FFA_MEM_RETRIEVE_REQ, in both its forms. */
static void check_retrieve(uint16_t who, uint32_t input, uint32_t w2)
{
	CALL(who, FEATURES, RETRIEVE, input);
	CHECK_GOT(who, FFA_SUCCESS_32, 0, w2);
	CALL(who, FEATURES, FFA_MEM_RETRIEVE_REQ_64, input);
	CHECK_GOT(who, FFA_SUCCESS_32, 0, w2);
}

TEST(who_retrieves_memory_from_1_1_on_must_understand_the_ns_bit)
{
	sp1_of(INSTANCE_S1UP, FFA_VERSION_1_1);
	check_not_there(SP1, RETRIEVE);
	check_retrieve(SP1, NS_BIT, NS_BIT | LOOK);
	check_not_there(SP1, RETRIEVE);
	sp1_of(INSTANCE_S0, FFA_VERSION_1_3);
	check_not_there(SP1, FFA_MEM_RETRIEVE_REQ_64);
	check_retrieve(SP1, NS_BIT, NS_BIT | LOOK);
	nw_of(FFA_VERSION_1_2);
	check_not_there(NW, RETRIEVE);
	check_retrieve(NW, NS_BIT, NS_BIT | LOOK);
}

TEST(who_retrieves_memory_in_1_0_may_understand_the_ns_bit)
{
	sp1_of(INSTANCE_S1UP, FFA_VERSION_1_0);
	check_retrieve(SP1, 0, 0);
	check_retrieve(SP1, NS_BIT, NS_BIT);
	nw_of(FFA_VERSION_1_0);
	check_retrieve(NW, 0, 0);
	check_retrieve(NW, NS_BIT, NS_BIT);
}

TEST(other_functions_ask_for_nothing_in_w2)
{
	sp1_of(INSTANCE_S1UP, FFA_VERSION_1_2);
	check_there(SP1, FFA_MEM_SHARE_64, 0);
	check_there(SP1, FFA_MEM_RELINQUISH_32, 0);
	check_there(SP1, FFA_MEM_FRAG_TX_32, 0);
	check_there(SP1, FFA_MEM_RETRIEVE_RESP_32, 0);
	check_not_there(SP1, FFA_FID64(0x77));
}

/* ---- w2 ----------------------------------------------------------------------------------------- */

static void check_not_there_with(uint16_t who, uint32_t feature, uint64_t input)
{
	CALL(who, FEATURES, feature, input);
	CHECK_REFUSED(who, FFA_NOT_SUPPORTED);
}

TEST(what_has_no_input_properties_is_not_there_for_who_gives_some)
{
	sp1_of(INSTANCE_S1UP, FFA_VERSION_1_2);
	check_not_there_with(SP1, FFA_MEM_SHARE_64, NS_BIT);
	check_not_there_with(SP1, FFA_RXTX_MAP_64, 1);
	check_not_there_with(SP1, FFA_ID_GET_32, UINT64_C(1) << 31);
	check_not_there_with(SP1, NPI, 1);
	nw_of(FFA_VERSION_1_3);
	check_not_there_with(NW, SRI, 1);
	check_not_there_with(NW, NOTIFICATIONS, 2);
	check_not_there_with(NW, FFA_RUN_32, 1);
}

TEST(other_input_properties_of_retrieving_memory_are_unknown)
{
	sp1_of(INSTANCE_S1UP, FFA_VERSION_1_2);
	for (unsigned bit = 0; bit < 32; bit++) {
		if (1U << bit != NS_BIT) {
			check_not_there_with(SP1, RETRIEVE, NS_BIT | 1U << bit);
		}
	}
	sp1_of(INSTANCE_S1UP, FFA_VERSION_1_0);
	check_not_there_with(SP1, RETRIEVE, 1);
}

TEST(the_upper_half_of_input_properties_is_ignored)
{
	sp1_of(INSTANCE_S1UP, FFA_VERSION_1_2);
	CALL(SP1, FEATURES, FFA_ID_GET_32, UINT64_C(1) << 32);
	CHECK_GOT(SP1, FFA_SUCCESS_32);
	CALL(SP1, FEATURES, RETRIEVE, NS_BIT | UINT64_C(1) << 32);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, NS_BIT | LOOK);
}
