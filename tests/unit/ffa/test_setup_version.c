/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_VERSION of 1.3 (DEN0077A, "Setup and discovery interfaces"): flags that ask instead of negotiating;
 * what the normal world speaks before it has negotiated, and what settles that. The rest: test_setup.c.
 */
#include "tests/unit/ffa/ffa_fixture.h"

#define REFUSED 0xFFFFFFFF
#define NEGOTIATE FFA_VERSION_NEGOTIATE
#define COMPATIBLE FFA_VERSION_QUERY_COMPATIBILITY
#define NEGOTIATED FFA_VERSION_QUERY_NEGOTIATED
#define NEWER (FFA_VERSION_1_3 + 1)

/** SP1, of 1.1 in its manifest, is in its start-up code and has called nothing yet. */
static void sp1_starts(void)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP)->ffa_version = FFA_VERSION_1_1;
	system_build(1);
	system_begin();
}

static uint32_t version_of(uint16_t id)
{
	return id == NW ? endpoint_version(the_spmc()->normal_world)
			: endpoint_version(&partition_of(id)->endpoint);
}

/** SP1 asks for @version with @flags and gets @answer. */
static void ask(uint32_t version, uint32_t flags, uint32_t answer)
{
	CALL(SP1, FFA_VERSION_32, version, flags);
	CHECK_GOT(SP1, answer);
}

/** The normal world asks through the SPMD. */
static void nw_asks(uint32_t version, uint32_t flags, uint32_t answer)
{
	CALL(NW, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(SPMD, SPMC),
	     FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VERSION_REQ, version, flags);
	CHECK_GOT(NW, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(SPMC, SPMD),
		  FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VERSION_RESP, answer);
}

/* ---- flags -------------------------------------------------------------------------------------- */

TEST(negotiating_1_3_records_it)
{
	sp1_starts();

	ask(FFA_VERSION_1_3, NEGOTIATE, FFA_VERSION_1_3);
	CHECK_EQUAL(version_of(SP1), FFA_VERSION_1_3);
}

TEST(asking_for_compatibility_records_nothing)
{
	sp1_starts();

	ask(FFA_VERSION_1_3, COMPATIBLE, FFA_VERSION_1_3);
	CHECK_EQUAL(version_of(SP1), FFA_VERSION_1_1);
	ask(NEWER, COMPATIBLE, FFA_VERSION_1_3);
	CHECK_EQUAL(version_of(SP1), FFA_VERSION_1_1);
}

TEST(what_is_not_compatible_is_refused)
{
	sp1_starts();

	ask(0x00020000, COMPATIBLE, REFUSED);
	ask(0x80010003, COMPATIBLE, REFUSED);
	CHECK_EQUAL(version_of(SP1), FFA_VERSION_1_1);
}

TEST(asking_what_was_negotiated_tells_the_version_of_the_moment)
{
	sp1_starts();

	ask(FFA_VERSION_1_3, NEGOTIATED, FFA_VERSION_1_1);
	ask(FFA_VERSION_1_2, NEGOTIATE, FFA_VERSION_1_3);
	ask(FFA_VERSION_1_3, NEGOTIATED, FFA_VERSION_1_2);
	ask(FFA_VERSION_1_3, NEGOTIATE, FFA_VERSION_1_3);
	ask(FFA_VERSION_1_3, NEGOTIATED, FFA_VERSION_1_3);
}

TEST(asking_does_not_lock_the_version)
{
	sp1_starts();

	ask(FFA_VERSION_1_3, COMPATIBLE, FFA_VERSION_1_3);
	ask(FFA_VERSION_1_3, NEGOTIATED, FFA_VERSION_1_1);
	ask(FFA_VERSION_1_0, NEGOTIATE, FFA_VERSION_1_3);
	CHECK_EQUAL(version_of(SP1), FFA_VERSION_1_0);
}

TEST(asking_is_allowed_after_the_lock)
{
	sp1_starts();
	CALL(SP1, FFA_ID_GET_32);

	ask(FFA_VERSION_1_3, COMPATIBLE, FFA_VERSION_1_3);
	ask(FFA_VERSION_1_3, NEGOTIATED, FFA_VERSION_1_1);
	ask(FFA_VERSION_1_3, NEGOTIATE, REFUSED);
	CHECK_EQUAL(version_of(SP1), FFA_VERSION_1_1);
}

TEST(reserved_flags_are_refused)
{
	sp1_starts();

	ask(FFA_VERSION_1_3, 3, REFUSED);
	for (unsigned bit = 2; bit < 32; bit++) {
		ask(FFA_VERSION_1_3, 1U << bit, REFUSED);
		ask(FFA_VERSION_1_3, 1U << bit | COMPATIBLE, REFUSED);
	}
	CHECK_EQUAL(version_of(SP1), FFA_VERSION_1_1);
}

TEST(the_upper_half_of_the_flags_is_ignored)
{
	sp1_starts();

	CALL(SP1, FFA_VERSION_32, FFA_VERSION_1_3, UINT64_C(0xFFFFFFFF00000002));
	CHECK_GOT(SP1, FFA_VERSION_1_1);
}

TEST(whoever_negotiates_an_older_version_has_no_flags)
{
	sp1_starts();

	ask(FFA_VERSION_1_2, 0xFFFFFFFF, FFA_VERSION_1_3);
	CHECK_EQUAL(version_of(SP1), FFA_VERSION_1_2);
}

TEST(the_normal_world_has_the_same_flags)
{
	system_boot_usual(1);

	nw_asks(FFA_VERSION_1_3, COMPATIBLE, FFA_VERSION_1_3);
	nw_asks(FFA_VERSION_1_3, NEGOTIATED, FFA_VERSION_1_2);
	nw_asks(FFA_VERSION_1_3, 3, REFUSED);
	nw_asks(0x00020000, COMPATIBLE, REFUSED);
	CHECK_EQUAL(version_of(NW), FFA_VERSION_1_2);
	nw_asks(FFA_VERSION_1_1, NEGOTIATE, FFA_VERSION_1_3);
	nw_asks(FFA_VERSION_1_3, NEGOTIATED, FFA_VERSION_1_1);
}

/* ---- the normal world before it has negotiated -------------------------------------------------- */

TEST(a_normal_world_that_never_asked_speaks_1_2)
{
	system_boot_usual(1);
	CHECK_EQUAL(version_of(NW), FFA_VERSION_1_2);

	CALL_WIDE(NW, FFA_PARTITION_INFO_GET_REGS_64);
	CHECK_EQUAL(registers()[2] >> 48, 24);
	CALL(NW, FFA_RUN_64, FFA_TARGET(SP1, 0)); /* since 1.3 */
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}

TEST(the_first_call_of_a_normal_world_that_never_asked_settles_1_2)
{
	system_boot_usual(1);

	CALL(NW, FFA_ID_GET_32);
	nw_asks(FFA_VERSION_1_1, NEGOTIATE, REFUSED);
	nw_asks(FFA_VERSION_1_3, NEGOTIATE, REFUSED);
	nw_asks(FFA_VERSION_1_2, NEGOTIATE, FFA_VERSION_1_3);
	CHECK_EQUAL(version_of(NW), FFA_VERSION_1_2);
}

TEST(a_call_of_the_normal_world_that_is_refused_settles_its_version)
{
	system_boot_usual(1);

	CALL(NW, FFA_RXTX_UNMAP_32);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	nw_asks(FFA_VERSION_1_1, NEGOTIATE, REFUSED);
}

TEST(discovery_in_registers_does_not_settle_what_was_never_negotiated)
{
	system_boot_usual(1);

	CALL_WIDE(NW, FFA_PARTITION_INFO_GET_REGS_64);
	nw_asks(FFA_VERSION_1_3, NEGOTIATE, FFA_VERSION_1_3);
	CHECK_EQUAL(version_of(NW), FFA_VERSION_1_3);
}

TEST(discovery_in_registers_settles_what_was_negotiated)
{
	system_boot_usual(1);
	nw_asks(FFA_VERSION_1_3, NEGOTIATE, FFA_VERSION_1_3);

	CALL_WIDE(NW, FFA_PARTITION_INFO_GET_REGS_64);
	nw_asks(FFA_VERSION_1_1, NEGOTIATE, REFUSED);
	CHECK_EQUAL(version_of(NW), FFA_VERSION_1_3);
}

TEST(discovery_in_registers_of_a_partition_settles_its_version)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_build(1);
	system_begin();

	CALL_WIDE(SP1, FFA_PARTITION_INFO_GET_REGS_64);
	ask(FFA_VERSION_1_1, NEGOTIATE, REFUSED);
}

TEST(messages_of_the_spmd_and_interrupts_settle_nothing)
{
	system_boot_usual(1);

	CALL(NW, FFA_INTERRUPT_32);
	CHECK_GOT(NW, FFA_NORMAL_WORLD_RESUME_32);
	CALL(NW, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(SPMD, SPMC),
	     FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_WARM_BOOT_REQ);
	CALL(NW, FFA_FID32(0x91)); /* no interface */
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	nw_asks(FFA_VERSION_1_0, NEGOTIATE, FFA_VERSION_1_3);
	CHECK_EQUAL(version_of(NW), FFA_VERSION_1_0);
}

TEST(a_normal_world_of_1_3_has_what_1_3_added)
{
	system_boot_usual(1);
	nw_version(FFA_VERSION_1_3);

	CALL_WIDE(NW, FFA_RUN_64, FFA_TARGET(SP1, 0));
	CHECK_EQUAL(running(), SP1);
	CALL(SP1, FFA_MSG_WAIT_32);
	CHECK_GOT_WIDE(NW, FFA_MSG_WAIT_32);
}
