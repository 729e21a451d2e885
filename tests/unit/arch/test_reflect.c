/* SPDX-License-Identifier: BSD-3-Clause */
/* What EL1 finds is compared with values composed by hand from the Arm ARM, D1.3 and D19.2 (ESR_ELx). */
#include "arch/aarch64/reflect.h"

#include "tests/unit/unit.h"

#define VBAR UINT64_C(0xffff000012345800)

/* SPSR_EL2 of the partition's levels. */
#define EL0T UINT64_C(0x0)
#define EL1T UINT64_C(0x4)
#define EL1H UINT64_C(0x5)
#define AARCH32_USER UINT64_C(0x10)

#define DAIF UINT64_C(0x3c0)
#define HANDLER (DAIF | EL1H)
#define SSBS (UINT64_C(1) << 12)
#define ALLINT (UINT64_C(1) << 13)
#define PAN (UINT64_C(1) << 22)
#define DIT (UINT64_C(1) << 24)
#define TCO (UINT64_C(1) << 25)

#define SCTLR_KEEPS_PAN (UINT64_C(1) << 23) /* SPAN */
#define SCTLR_SETS_SSBS (UINT64_C(1) << 44) /* DSSBS */
#define SCTLR_KEEPS_ALLINT (UINT64_C(1) << 62) /* SPINTMASK */

static struct reflect_target enter(uint64_t pstate, uint64_t sctlr)
{
	const struct reflect_source source = { .pstate = pstate, .vbar = VBAR, .sctlr = sctlr };

	return reflect_entry(&source);
}

static struct reflect_target enter_with_features(uint64_t pstate, uint64_t sctlr)
{
	const struct reflect_source source = {
		.pstate = pstate,
		.vbar = VBAR,
		.sctlr = sctlr,
		.has_pan = true,
		.has_ssbs = true,
		.has_nmi = true,
		.has_mte = true,
	};

	return reflect_entry(&source);
}

TEST(each_level_has_its_synchronous_vector)
{
	CHECK_EQUAL(enter(EL1T, 0).pc, VBAR + 0x000);
	CHECK_EQUAL(enter(EL1H, 0).pc, VBAR + 0x200);
	CHECK_EQUAL(enter(EL0T, 0).pc, VBAR + 0x400);
	CHECK_EQUAL(enter(AARCH32_USER, 0).pc, VBAR + 0x600);
}

TEST(the_low_bits_of_vbar_do_not_count)
{
	const struct reflect_source source = { .pstate = EL1H, .vbar = VBAR | 0x7ff };

	CHECK_EQUAL(reflect_entry(&source).pc, VBAR + 0x200);
}

TEST(the_handler_runs_at_el1h_with_everything_masked)
{
	CHECK_EQUAL(enter(EL1H, 0).pstate, HANDLER);
	CHECK_EQUAL(enter(EL1T, 0).pstate, HANDLER);
	CHECK_EQUAL(enter(EL0T, 0).pstate, HANDLER);
	CHECK_EQUAL(enter(AARCH32_USER, 0).pstate, HANDLER);
}

TEST(condition_flags_stay)
{
	CHECK_EQUAL(enter(UINT64_C(0xf) << 28 | EL1H, 0).pstate, UINT64_C(0xf) << 28 | HANDLER);
	CHECK_EQUAL(enter(UINT64_C(0x9) << 28 | AARCH32_USER, 0).pstate,
		    UINT64_C(0x9) << 28 | HANDLER);
}

TEST(single_step_illegal_state_uao_and_btype_are_cleared)
{
	const uint64_t btype = UINT64_C(3) << 10, il = UINT64_C(1) << 20, ss = UINT64_C(1) << 21,
		       uao = UINT64_C(1) << 23;

	CHECK_EQUAL(enter_with_features(EL1H | btype | il | ss | uao,
					SCTLR_KEEPS_PAN | SCTLR_KEEPS_ALLINT)
			    .pstate,
		    HANDLER | TCO);
}

TEST(pan_is_set_unless_span_says_to_keep_it)
{
	const uint64_t keeps = SCTLR_KEEPS_PAN | SCTLR_KEEPS_ALLINT;

	CHECK_EQUAL(enter_with_features(EL1H, SCTLR_KEEPS_ALLINT).pstate, HANDLER | TCO | PAN);
	CHECK_EQUAL(enter_with_features(EL1H, keeps).pstate, HANDLER | TCO);
	CHECK_EQUAL(enter_with_features(EL1H | PAN, keeps).pstate, HANDLER | TCO | PAN);
}

TEST(without_pan_its_bit_stays_clear)
{
	CHECK_EQUAL(enter(EL1H | PAN, 0).pstate, HANDLER);
}

TEST(ssbs_comes_from_dssbs_alone)
{
	const uint64_t keeps = SCTLR_KEEPS_PAN | SCTLR_KEEPS_ALLINT;

	CHECK_EQUAL(enter_with_features(EL1H | SSBS, keeps).pstate, HANDLER | TCO);
	CHECK_EQUAL(enter_with_features(EL1H, keeps | SCTLR_SETS_SSBS).pstate,
		    HANDLER | TCO | SSBS);
	CHECK_EQUAL(enter(EL1H, SCTLR_SETS_SSBS).pstate, HANDLER);
}

TEST(allint_is_set_unless_spintmask)
{
	CHECK_EQUAL(enter_with_features(EL1H, SCTLR_KEEPS_PAN).pstate, HANDLER | TCO | ALLINT);
}

TEST(dit_stays_wherever_the_state_keeps_it)
{
	CHECK_EQUAL(enter(EL1H | DIT, 0).pstate, HANDLER | DIT);
	CHECK_EQUAL(enter(AARCH32_USER | UINT64_C(1) << 21, 0).pstate, HANDLER | DIT);
	CHECK_EQUAL(enter(AARCH32_USER | DIT, 0).pstate, HANDLER);
}

/* ---- syndromes ---------------------------------------------------------------------------------- */

TEST(a_read_of_the_partition_itself_is_an_external_data_abort_of_the_same_level)
{
	/* EC 0x24, IL, translation fault level 3; ISV, SAS, SRT of the load */
	CHECK_EQUAL(reflect_abort_syndrome(0x93c08007, EL1H), 0x96000010);
	CHECK_EQUAL(reflect_abort_syndrome(0x92000007, EL1T), 0x96000010);
}

TEST(a_write_stays_a_write)
{
	CHECK_EQUAL(reflect_abort_syndrome(0x9200004f, EL1H), 0x96000050);
}

TEST(cache_maintenance_stays_cache_maintenance)
{
	CHECK_EQUAL(reflect_abort_syndrome(0x92000147, EL1H), 0x96000150);
}

TEST(where_stage_1_was_walked_is_not_told)
{
	CHECK_EQUAL(reflect_abort_syndrome(0x92000087, EL1H), 0x96000010); /* S1PTW */
}

TEST(an_access_of_el0_is_one_of_the_lower_level)
{
	CHECK_EQUAL(reflect_abort_syndrome(0x92000047, EL0T), 0x92000050);
	CHECK_EQUAL(reflect_abort_syndrome(0x92000007, AARCH32_USER), 0x92000010);
}

TEST(fetches_are_instruction_aborts)
{
	CHECK_EQUAL(reflect_abort_syndrome(0x82000007, EL1H), 0x86000010);
	CHECK_EQUAL(reflect_abort_syndrome(0x8200000f, EL0T), 0x82000010);
	CHECK_EQUAL(reflect_abort_syndrome(0x82000087, EL1H), 0x86000010);
}

TEST(an_undefined_instruction_has_no_syndrome)
{
	CHECK_EQUAL(reflect_undefined_syndrome(), 0x02000000);
}
