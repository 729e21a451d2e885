/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_VERSION of the normal world (DEN0077A, "FFA_VERSION"). The version locks with the first other call
 * that reaches the SPMC, so each test has a boot of its own.
 */
#include "normal-world/tests/fixture.h"

#define OUR_VERSION_AT_LEAST FFA_VERSION_1_2

static uint32_t version(uint32_t wanted)
{
	struct ffa_regs regs = FFA(FFA_VERSION_32, wanted);

	fixture_check_zero(&regs, 1, __FILE__, __LINE__);
	return (uint32_t)regs.x[0];
}

/** Any call but FFA_VERSION that EL3 does not answer itself. */
static void lock(void)
{
	CHECK_SUCCESS(FFA(FFA_FEATURES_32, (uint32_t)FFA_ID_GET_32));
}

static void check_own_version(uint32_t answer)
{
	CHECK_EQ(answer & FFA_VERSION_INVALID_BIT, 0);
	CHECK_EQ(answer >> 16, 1);
	CHECK(answer >= OUR_VERSION_AT_LEAST);
}

TEST_ALONE(a_version_with_bit_31_is_refused)
{
	CHECK_EQ(version(FFA_VERSION_1_2 | FFA_VERSION_INVALID_BIT), (uint32_t)FFA_NOT_SUPPORTED);
	CHECK_EQ(version(FFA_VERSION_INVALID_BIT), (uint32_t)FFA_NOT_SUPPORTED);
	check_own_version(version(FFA_VERSION_1_2));
}

TEST_ALONE(another_major_version_is_refused)
{
	CHECK_EQ(version(FFA_VERSION_OF(2, 0)), (uint32_t)FFA_NOT_SUPPORTED);
	CHECK_EQ(version(FFA_VERSION_OF(0, 9)), (uint32_t)FFA_NOT_SUPPORTED);
	CHECK_EQ(version(FFA_VERSION_OF(0x7FFF, 0)), (uint32_t)FFA_NOT_SUPPORTED);
	check_own_version(version(FFA_VERSION_1_2));
}

TEST_ALONE(a_higher_minor_version_is_answered_with_our_own_or_refused)
{
	uint32_t own = version(FFA_VERSION_1_2);
	uint32_t answer = version(FFA_VERSION_OF(1, 0x7FFF));

	CHECK(answer == own || answer == (uint32_t)FFA_NOT_SUPPORTED);
	check_own_version(version(FFA_VERSION_1_1));
}

TEST_ALONE(the_version_may_change_until_another_call_is_made)
{
	uint32_t own = version(FFA_VERSION_1_0);

	check_own_version(own);
	CHECK_EQ(version(FFA_VERSION_1_2), own);
	CHECK_EQ(version(FFA_VERSION_1_1), own);
	CHECK_EQ(version(FFA_VERSION_1_1), own);
}

TEST_ALONE(another_call_locks_the_version)
{
	uint32_t own = version(FFA_VERSION_1_1);

	lock();

	CHECK_EQ(version(FFA_VERSION_1_0), (uint32_t)FFA_NOT_SUPPORTED);
	CHECK_EQ(version(FFA_VERSION_1_2), (uint32_t)FFA_NOT_SUPPORTED);
	CHECK_EQ(version(FFA_VERSION_1_1), own);
	CHECK_EQ(version(FFA_VERSION_1_1 | FFA_VERSION_INVALID_BIT), (uint32_t)FFA_NOT_SUPPORTED);
	CHECK_EQ(version(FFA_VERSION_1_1), own);
}

static void version_here(void *own)
{
	CHECK_EQ(version(FFA_VERSION_1_0), (uint32_t)FFA_NOT_SUPPORTED);
	CHECK_EQ(version(FFA_VERSION_1_2), *(uint32_t *)own);
}

TEST_ALONE(the_version_is_locked_on_every_pe)
{
	uint32_t own = version(FFA_VERSION_1_2);

	lock();
	for (unsigned pe = 1; pe < pe_count; pe++) {
		CHECK_EQ(pe_start(pe), 0);
	}
	on_each_pe(version_here, &own);
}

TEST_ALONE(a_client_that_never_asks_is_served)
{
	CHECK_SUCCESS(FFA(FFA_FEATURES_32, (uint32_t)FFA_ID_GET_32));
	CHECK_ALL_ALIVE_BUT(0);
}

/** Descriptor size and width of the client's version, and nothing newer. */
TEST_ALONE(a_1_0_client_gets_8_byte_descriptors_and_no_newer_calls)
{
	const struct ffa_partition_info_v1_0 *info = (const void *)client_rx;
	struct ffa_regs regs;

	check_own_version(version(FFA_VERSION_1_0));
	map_buffers();
	regs = FFA(FFA_PARTITION_INFO_GET_32);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK(regs.x[2] >= subject_count);
	CHECK(regs.x[3] == 0 || regs.x[3] == sizeof(*info));
	for (unsigned i = 0; i < regs.x[2]; i++) {
		if (info[i].id == SP_CRASHED) {
			continue;
		}
		CHECK_EQ(info[i].context_count, subject_of(info[i].id)->context_count);
		CHECK_EQ(info[i].properties, FFA_PROPERTY_DIRECT_REQ_RECEIVE);
	}
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0, FFA_PARTITION_INFO_COUNT_ONLY),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_REGS_64), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_FEATURES_32, (uint32_t)FFA_PARTITION_INFO_GET_REGS_64),
		    FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_FEATURES_32, (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64), FFA_NOT_SUPPORTED);
	CHECK_ERROR_EITHER(FFA(FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(0, SP_MP1)),
			   FFA_NOT_SUPPORTED, FFA_DENIED);
	CHECK_ALL_ALIVE_BUT(0);
}

TEST_ALONE(a_1_1_client_gets_24_byte_descriptors_and_no_newer_calls)
{
	const struct ffa_partition_info_v1_1 *info = (const void *)client_rx;
	struct ffa_regs regs;

	check_own_version(version(FFA_VERSION_1_1));
	map_buffers();
	regs = FFA(FFA_PARTITION_INFO_GET_32);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ(regs.x[3], sizeof(*info));
	for (unsigned i = 0; i < regs.x[2]; i++) {
		if (info[i].id == SP_CRASHED) {
			continue;
		}
		/* Nothing of 1.2 in the properties. */
		CHECK_EQ(info[i].properties,
			 FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_AARCH64);
	}
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_REGS_64), FFA_NOT_SUPPORTED);
	CHECK_ERROR_EITHER(FFA(FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(0, SP_MP1)),
			   FFA_NOT_SUPPORTED, FFA_DENIED);
	/* Before 1.2 the upper half of the property word means nothing. */
	regs = FFA(FFA_FEATURES_32, (uint32_t)FFA_RXTX_MAP_64);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ(regs.x[2], 0);
	CHECK_ALL_ALIVE_BUT(0);
}
