/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the test partitions saw in their start: calls made in runtime model SP_INIT
 * (partitions/test-image/init.c), against what the specification says for each kind and version.
 */
#include "normal-world/tests/fixture.h"

#define NOTHING 0x100 /* not an FF-A code: the call must not have been made */
#define SUCCESS 0x101

/** Status of an init call: SUCCESS, NOTHING, or the code of FFA_ERROR. */
static int32_t init_status(uint16_t id, enum test_init_call call)
{
	const volatile struct test_init_result *result = &STATE(test_init_state, id)->result[call];

	if (result->made == 0) {
		return NOTHING;
	}
	if (result->x[0] == (uint32_t)FFA_SUCCESS_32) {
		return SUCCESS;
	}
	CHECK_EQ(result->x[0], (uint32_t)FFA_ERROR_32);
	CHECK_EQ(result->x[1], 0);
	CHECK_EQ(result->x[3], 0);
	CHECK_EQ(result->x[4], 0);
	return (int32_t)result->x[2];
}

static void fetch(uint16_t id)
{
	(void)COMMAND(id, TEST_STATE, TEST_STATE_INIT, 0, 0, 0);
}

static uint32_t init_version(uint16_t id, enum test_init_call call)
{
	const volatile struct test_init_result *result = &STATE(test_init_state, id)->result[call];

	CHECK_EQ(result->made, 1);
	CHECK_EQ(result->x[1], 0);
	CHECK_EQ(result->x[2], 0);
	CHECK_EQ(result->x[3], 0);
	CHECK_EQ(result->x[4], 0);
	CHECK_EQ(result->x[0] >> 32, 0);
	return (uint32_t)result->x[0];
}

TEST(s_el1_partitions_negotiate_their_version_like_everybody)
{
	FOR_EACH_SUBJECT(subject)
	{
		uint16_t id = subject->id;
		uint32_t own, high;

		if (!subject->el1) {
			continue;
		}
		fetch(id);
		own = init_version(id, INIT_VERSION_OWN);
		CHECK_EQ(own >> 16, 1);
		CHECK(own >= FFA_VERSION_1_2);
		CHECK_EQ(init_version(id, INIT_VERSION_1_0), own);
		CHECK_EQ(init_version(id, INIT_VERSION_1_1), own);
		CHECK_EQ(init_version(id, INIT_VERSION_BIT31), (uint32_t)FFA_NOT_SUPPORTED);
		CHECK_EQ(init_version(id, INIT_VERSION_MAJOR_2), (uint32_t)FFA_NOT_SUPPORTED);
		CHECK_EQ(init_version(id, INIT_VERSION_MAJOR_0), (uint32_t)FFA_NOT_SUPPORTED);
		high = init_version(id, INIT_VERSION_MINOR_HIGH);
		CHECK(high == own || high == (uint32_t)FFA_NOT_SUPPORTED);
	}
}

TEST(another_call_locks_a_partitions_version)
{
	FOR_EACH_SUBJECT(subject)
	{
		fetch(subject->id);
		CHECK_EQ(init_version(subject->id, INIT_VERSION_OWN_AGAIN) >> 16, 1);
		CHECK_EQ(init_version(subject->id, INIT_VERSION_CHANGED),
			 (uint32_t)FFA_NOT_SUPPORTED);
		CHECK_EQ(init_version(subject->id, INIT_VERSION_LOCKED_BIT31),
			 (uint32_t)FFA_NOT_SUPPORTED);
	}
}

TEST(a_starting_partition_may_not_do_what_needs_a_scheduler)
{
	FOR_EACH_SUBJECT(subject)
	{
		uint16_t id = subject->id;

		fetch(id);
		CHECK_EQ(init_status(id, INIT_MSG_WAIT_BAD), FFA_INVALID_PARAMETERS);
		CHECK_EQ(init_status(id, INIT_YIELD), FFA_DENIED);
		CHECK_EQ(init_status(id, INIT_RUN), FFA_DENIED);
		CHECK_EQ(init_status(id, INIT_RESP), FFA_DENIED);
		CHECK_EQ(init_status(id, INIT_RESP2),
			 subject->version >= FFA_VERSION_1_2 ? FFA_DENIED : NOTHING);
		CHECK_EQ(init_status(id, INIT_INTERRUPT), FFA_DENIED);
	}
}

TEST(a_starting_partition_talks_only_to_those_that_have_started)
{
	FOR_EACH_SUBJECT(subject)
	{
		const volatile struct test_init_result *echo;
		uint16_t id = subject->id;
		bool sends = (subject->methods & FFA_PROPERTY_DIRECT_REQ_SEND) != 0;

		fetch(id);
		CHECK_EQ(init_status(id, INIT_REQ_SELF), FFA_INVALID_PARAMETERS);
		if (id != SP_EL0B) {
			CHECK_EQ(init_status(id, INIT_REQ_LATER), FFA_BUSY);
		}
		if (id == SP_MP1) {
			continue;
		}
		if (!sends) {
			CHECK_EQ(init_status(id, INIT_REQ_EARLIER), FFA_DENIED);
			continue;
		}
		echo = &STATE(test_init_state, id)->result[INIT_REQ_EARLIER];
		CHECK_EQ(echo->x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64);
		CHECK_EQ(echo->x[1], FFA_ENDPOINTS(SP_MP1, id));
		CHECK_EQ(echo->x[3], TEST_DONE);
	}
}

TEST(only_multi_context_partitions_register_a_secondary_entry)
{
	FOR_EACH_SUBJECT(subject)
	{
		uint16_t id = subject->id;

		if (!subject->el1) {
			continue;
		}
		fetch(id);
		if (subject->context_count == 1) {
			CHECK_EQ(init_status(id, INIT_SECONDARY_EP), FFA_NOT_SUPPORTED);
			CHECK_EQ(init_status(id, INIT_SECONDARY_EP_OUTSIDE), FFA_NOT_SUPPORTED);
		} else {
			CHECK_EQ(init_status(id, INIT_SECONDARY_EP), SUCCESS);
			CHECK_EQ(init_status(id, INIT_SECONDARY_EP_OUTSIDE),
				 FFA_INVALID_PARAMETERS);
		}
	}
}

static void check_refused_permissions(uint16_t id, int32_t code)
{
	for (enum test_init_call call = INIT_PERM_GET_TEXT; call <= INIT_PERM_GET_RW; call++) {
		CHECK_EQ(init_status(id, call), code);
	}
}

TEST(page_permissions_are_not_for_s_el1_and_not_in_1_0)
{
	fetch(SP_MP1);
	check_refused_permissions(SP_MP1, FFA_DENIED);
	fetch(SP_MP2);
	check_refused_permissions(SP_MP2, FFA_DENIED);
	fetch(SP_UP);
	check_refused_permissions(SP_UP, FFA_DENIED);
	fetch(SP_UP0);
	check_refused_permissions(SP_UP0, FFA_NOT_SUPPORTED);
}

static uint64_t init_permissions(uint16_t id, enum test_init_call call)
{
	CHECK_EQ(init_status(id, call), SUCCESS);
	return STATE(test_init_state, id)->result[call].x[2];
}

static void check_permissions(uint16_t id)
{
	fetch(id);
	CHECK_EQ(init_permissions(id, INIT_PERM_GET_TEXT), FFA_MEM_PERM_DATA_RO);
	CHECK_EQ(init_permissions(id, INIT_PERM_GET_DATA), FFA_MEM_PERM_DATA_RW | FFA_MEM_PERM_NX);
	CHECK_EQ(init_status(id, INIT_PERM_GET_UNALIGNED), FFA_INVALID_PARAMETERS);
	CHECK_EQ(init_status(id, INIT_PERM_GET_UNMAPPED), FFA_INVALID_PARAMETERS);
	CHECK_EQ(init_status(id, INIT_PERM_SET_RW_X), FFA_INVALID_PARAMETERS);
	CHECK_EQ(init_status(id, INIT_PERM_SET_NONE), FFA_INVALID_PARAMETERS);
	CHECK_EQ(init_status(id, INIT_PERM_SET_RESERVED), FFA_INVALID_PARAMETERS);
	CHECK_EQ(init_status(id, INIT_PERM_SET_HIGH_BITS), FFA_INVALID_PARAMETERS);
	CHECK_EQ(init_status(id, INIT_PERM_SET_NO_PAGES), FFA_INVALID_PARAMETERS);
	CHECK_EQ(init_status(id, INIT_PERM_SET_UNALIGNED), FFA_INVALID_PARAMETERS);
	CHECK_EQ(init_status(id, INIT_PERM_SET_OVERFLOW), FFA_INVALID_PARAMETERS);
	CHECK_EQ(init_status(id, INIT_PERM_SET_UNMAPPED), FFA_INVALID_PARAMETERS);
	CHECK_EQ(init_status(id, INIT_PERM_SET_RO), SUCCESS);
	CHECK_EQ(init_permissions(id, INIT_PERM_GET_RO), FFA_MEM_PERM_DATA_RO | FFA_MEM_PERM_NX);
	CHECK_EQ(init_status(id, INIT_PERM_SET_RW), SUCCESS);
	CHECK_EQ(init_permissions(id, INIT_PERM_GET_RW), FFA_MEM_PERM_DATA_RW | FFA_MEM_PERM_NX);
}

TEST(a_starting_s_el0_partition_reads_and_sets_its_page_permissions)
{
	check_permissions(SP_EL0);
	check_permissions(SP_EL0B);
}

TEST(page_permissions_are_denied_once_a_partition_has_started)
{
	uint64_t page;

	(void)COMMAND(SP_EL0, TEST_STATE, TEST_STATE_BOOT, 0, 0, 0);
	page = STATE(test_boot_state, SP_EL0)->data;
	CHECK_ERROR(BY(SP_EL0, FFA_MEM_PERM_GET_64, page), FFA_DENIED);
	CHECK_ERROR(BY(SP_EL0, FFA_MEM_PERM_GET_32, page), FFA_DENIED);
	CHECK_ERROR(BY(SP_EL0, FFA_MEM_PERM_SET_64, page, 1, 7), FFA_DENIED);
	CHECK_ERROR(BY(SP_EL0, FFA_MEM_PERM_SET_32, page, 1, 7), FFA_DENIED);
	CHECK_ERROR(BY(SP_EL0B, FFA_MEM_PERM_GET_64, page), FFA_DENIED);
	CHECK_ERROR(BY(SP_MP1, FFA_MEM_PERM_GET_64, page), FFA_DENIED);
	CHECK_ERROR(FFA(FFA_MEM_PERM_GET_64, page), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_MEM_PERM_SET_64, page, 1, 7), FFA_NOT_SUPPORTED);
}

TEST(a_secondary_entry_is_refused_once_a_partition_has_started)
{
	CHECK_ERROR_EITHER(BY(SP_MP1, FFA_SECONDARY_EP_REGISTER_64, 0x0E304000), FFA_DENIED,
			   FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(SP_UP, FFA_SECONDARY_EP_REGISTER_64, 0x0E704000), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(SP_EL0, FFA_SECONDARY_EP_REGISTER_64, 0x0E904000), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_SECONDARY_EP_REGISTER_64, 0x60000000), FFA_NOT_SUPPORTED);
}

TEST(ffa_error_is_only_for_partitions_that_start)
{
	CHECK_ERROR(BY(SP_MP1, FFA_ERROR_32, 0, (uint32_t)FFA_ABORTED), FFA_DENIED);
	CHECK_ERROR(BY(SP_EL0, FFA_ERROR_32, 0, (uint32_t)FFA_ABORTED), FFA_DENIED);
	CHECK_ERROR(BY(SP_UP, FFA_ERROR_32, 0, (uint32_t)FFA_BUSY), FFA_DENIED);
	CHECK_ALIVE(SP_MP1);
	CHECK_ALIVE(SP_EL0);
	CHECK_ALIVE(SP_UP);
}
