/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From a trap to a handler (SMCCC; DEN0077A, "Interfaces"): which function identifiers are FF-A's, and what
 * happens to those that nobody serves. Each interface for each caller is the matrix's matter.
 */
#include "ffa/dispatch.h"

#include "ffa/abi_table.h"
#include "tests/unit/ffa/ffa_fixture.h"

TEST(ff_a_owns_its_numbers_in_both_widths_with_or_without_the_hint)
{
	CHECK(ffa_owns(0x84000060));
	CHECK(ffa_owns(0xC4000060));
	CHECK(ffa_owns(0x840000FF));
	CHECK(ffa_owns(0x84010063));
	CHECK(ffa_owns(0xC401008B));
	CHECK(ffa_owns(0xDEADBEEF84000063)); /* w0 counts */
	CHECK(!ffa_owns(0x8400005F));
	CHECK(!ffa_owns(0x84000100));
	CHECK(!ffa_owns(0x85000063));
	CHECK(!ffa_owns(0x80000063));
	CHECK(!ffa_owns(0x04000063)); /* a yielding call */
	CHECK(!ffa_owns(0x84020063));
	CHECK(!ffa_owns(0));
}

TEST(a_row_is_found_for_ff_a_identifiers_alone)
{
	CHECK(abi_row(FFA_VERSION_32) != NULL);
	CHECK(abi_row(FFA_FID64(0x63)) == abi_row(FFA_VERSION_32));
	CHECK(abi_row(0x80000063) == NULL);
	CHECK(abi_row(0xFF000063) == NULL);
	CHECK(abi_row(0x00000063) == NULL);
	CHECK(abi_row(0x84010063) == NULL); /* the hint is the caller's to mask */
	CHECK(abi_row(FFA_FID32(0x5F)) == NULL);
	CHECK(abi_row(FFA_FID32(0x6A)) == NULL); /* FFA_MSG_POLL was removed */
	CHECK(abi_row(FFA_FID32(0x98)) == NULL);
	CHECK(abi_row(FFA_FID32(0xFF)) == NULL);
	CHECK(abi_row(FFA_FID32(0x1063)) == NULL);
}

TEST(a_call_with_the_hint_is_the_call)
{
	system_boot_usual(1);

	CALL(NW, FFA_ID_GET_32 | FFA_FID_SVE_HINT);
	CHECK_SUCCESS(NW);
	request(NW, SP1);
	CALL(SP1, FFA_ID_GET_32 | FFA_FID_SVE_HINT);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, SP1);
}

TEST(a_call_takes_w0_alone_for_its_identifier)
{
	system_boot_usual(1);

	CALL(NW, 0xDEADBEEF00000000 | FFA_ID_GET_32);
	CHECK_SUCCESS(NW);
}

TEST(an_identifier_of_another_service_from_the_normal_world_is_not_supported)
{
	system_boot_usual(1);

	CALL(NW, 0x80000063, FFA_VERSION_1_0);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, 0x84FF0069);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
	CALL(NW, 0);
	CHECK_REFUSED(NW, FFA_NOT_SUPPORTED);
}

TEST(a_refusal_keeps_the_registers_behind_x7)
{
	system_boot_usual(1);
	request(NW, SP1);

	CALL(SP1, FFA_FID64(0x91), 1, 2, 3, 4, 5, 6, 7);
	CHECK_REFUSED(SP1, FFA_NOT_SUPPORTED);
}

TEST(a_refusal_of_a_call_of_eighteen_registers_zeroes_them)
{
	system_boot_usual(1);

	CALL(NW, FFA_PARTITION_INFO_GET_REGS_64, 0, 0, 0x10000);
	CHECK_REFUSED_WIDE(NW, FFA_INVALID_PARAMETERS);
}

TEST(reserved_registers_are_looked_at_in_the_width_of_the_call)
{
	system_boot_usual(1);

	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0), UINT64_C(1) << 32);
	CHECK_EQUAL(running(), SP1);
}
