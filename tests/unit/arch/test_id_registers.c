/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields as in the Arm ARM, D19.2; the PE under test has everything. */
#include "arch/aarch64/id_registers.h"

#include "tests/unit/unit.h"

#define ALL UINT64_C(0xeeeeeeeeeeeeeeee) /* every field as high as a version gets */

static unsigned shown(unsigned crm, unsigned op2, unsigned shift)
{
	uint64_t value = id_register_apply(ALL, id_register_limit(crm, op2));

	return (unsigned)(value >> shift) & 0xF;
}

TEST(a_field_is_not_shown_above_its_limit)
{
	CHECK_EQUAL(id_register_apply(0x0123, 0xF211), 0x0111);
	CHECK_EQUAL(id_register_apply(0xF000000000000000, 0xF000000000000000), 0xF000000000000000);
}

TEST(a_field_that_says_not_implemented_keeps_saying_so)
{
	/* ID_AA64PFR0.FP and AdvSIMD: 0xF is none */
	CHECK_EQUAL(id_register_apply(0xFF0000, id_register_limit(4, 0)), 0xFF0000);
}

TEST(registers_that_are_not_known_read_as_zero)
{
	CHECK_EQUAL(id_register_limit(1, 0), 0); /* ID_PFR0: AArch32 */
	CHECK_EQUAL(id_register_limit(4, 2), 0); /* ID_AA64PFR2 */
	CHECK_EQUAL(id_register_limit(4, 4), 0); /* ID_AA64ZFR0 */
	CHECK_EQUAL(id_register_limit(4, 5), 0); /* ID_AA64SMFR0 */
	CHECK_EQUAL(id_register_limit(5, 1), 0); /* ID_AA64DFR1 */
	CHECK_EQUAL(id_register_limit(6, 3), 0); /* ID_AA64ISAR3 */
	CHECK_EQUAL(id_register_limit(7, 3), 0); /* ID_AA64MMFR3: TCR2, SCTLR2, PIE, POE */
	CHECK_EQUAL(id_register_limit(7, 4), 0); /* ID_AA64MMFR4 */
}

TEST(levels_above_el1_and_aarch32_are_hidden)
{
	CHECK_EQUAL(shown(4, 0, 0), 1); /* EL0 */
	CHECK_EQUAL(shown(4, 0, 4), 1); /* EL1 */
	CHECK_EQUAL(shown(4, 0, 8), 0); /* EL2 */
	CHECK_EQUAL(shown(4, 0, 12), 0); /* EL3 */
}

TEST(what_ras_sve_sel2_mpam_amu_and_rme_have_is_hidden)
{
	CHECK_EQUAL(shown(4, 0, 24), 0); /* GIC */
	CHECK_EQUAL(shown(4, 0, 28), 0); /* RAS */
	CHECK_EQUAL(shown(4, 0, 32), 0); /* SVE */
	CHECK_EQUAL(shown(4, 0, 36), 0); /* SEL2 */
	CHECK_EQUAL(shown(4, 0, 40), 0); /* MPAM */
	CHECK_EQUAL(shown(4, 0, 44), 0); /* AMU */
	CHECK_EQUAL(shown(4, 0, 52), 0); /* RME */
}

TEST(sve_is_shown_to_who_asks_for_it)
{
	uint64_t limit = id_register_limit(4, 0) | id_register_sve_limit(4, 0);

	CHECK_EQUAL(id_register_apply(ALL, limit) >> 32 & 0xF, 0xE); /* SVE */
	CHECK_EQUAL(id_register_apply(ALL, limit) & ~UINT64_C(0xF00000000),
		    id_register_apply(ALL, id_register_limit(4, 0)));
	CHECK_EQUAL(id_register_apply(ALL, id_register_sve_limit(4, 4)), 0x0eeeee0e0eee00ee);
	CHECK_EQUAL(id_register_sve_limit(4, 1), 0); /* SME, MTE */
	CHECK_EQUAL(id_register_sve_limit(4, 5), 0); /* ID_AA64SMFR0 */
}

TEST(pointer_authentication_is_shown_where_contexts_have_keys)
{
	CHECK_EQUAL(id_register_limit(6, 1) & id_register_pauth_limit(6, 1), 0);
	CHECK_EQUAL(id_register_apply(ALL, id_register_pauth_limit(6, 1)), 0xee000ee0);
	CHECK_EQUAL(id_register_apply(ALL, id_register_pauth_limit(6, 2)), 0x0e00ee00);
	CHECK_EQUAL(id_register_pauth_limit(6, 0), 0);
}

TEST(csv2_is_shown_without_scxtnum)
{
	CHECK_EQUAL(shown(4, 0, 56), 1);
}

TEST(mte_sme_nmi_and_gcs_are_hidden_bti_and_ssbs_shown)
{
	CHECK_EQUAL(shown(4, 1, 0), 0xE); /* BT */
	CHECK_EQUAL(shown(4, 1, 4), 0xE); /* SSBS */
	CHECK_EQUAL(shown(4, 1, 8), 0); /* MTE */
	CHECK_EQUAL(shown(4, 1, 24), 0); /* SME */
	CHECK_EQUAL(shown(4, 1, 36), 0); /* NMI */
	CHECK_EQUAL(shown(4, 1, 44), 0); /* GCS */
}

TEST(monitoring_profiling_and_trace_are_hidden)
{
	CHECK_EQUAL(shown(5, 0, 0), 0xE); /* DebugVer */
	CHECK_EQUAL(shown(5, 0, 4), 0); /* TraceVer */
	CHECK_EQUAL(shown(5, 0, 8), 0); /* PMUVer */
	CHECK_EQUAL(shown(5, 0, 32), 0); /* PMSVer */
	CHECK_EQUAL(shown(5, 0, 40), 0); /* TraceFilt */
	CHECK_EQUAL(shown(5, 0, 44), 0); /* TraceBuffer */
	CHECK_EQUAL(shown(5, 0, 52), 0); /* BRBE */
}

TEST(pointer_authentication_is_hidden_in_all_its_forms)
{
	CHECK_EQUAL(shown(6, 1, 4), 0); /* APA */
	CHECK_EQUAL(shown(6, 1, 8), 0); /* API */
	CHECK_EQUAL(shown(6, 1, 24), 0); /* GPA */
	CHECK_EQUAL(shown(6, 1, 28), 0); /* GPI */
	CHECK_EQUAL(shown(6, 2, 8), 0); /* GPA3 */
	CHECK_EQUAL(shown(6, 2, 12), 0); /* APA3 */
	CHECK_EQUAL(shown(6, 2, 24), 0); /* PAC_frac */
}

TEST(instructions_without_state_are_shown_those_behind_hcrx_are_not)
{
	CHECK_EQUAL(shown(6, 0, 4), 0xE); /* AES */
	CHECK_EQUAL(shown(6, 0, 20), 0xE); /* Atomic */
	CHECK_EQUAL(shown(6, 0, 24), 0); /* TME */
	CHECK_EQUAL(shown(6, 0, 60), 0xE); /* RNDR */
	CHECK_EQUAL(shown(6, 1, 60), 0); /* LS64 */
	CHECK_EQUAL(shown(6, 2, 16), 0); /* MOPS */
}

TEST(memory_model_shows_what_stage_1_of_a_partition_may_use)
{
	CHECK_EQUAL(shown(7, 0, 0), 5); /* PARange: 48 bits */
	CHECK_EQUAL(shown(7, 0, 56), 0); /* FGT */
	CHECK_EQUAL(shown(7, 0, 60), 1); /* ECV, without the offset */
	CHECK_EQUAL(shown(7, 1, 0), 2); /* HAFDBS */
	CHECK_EQUAL(shown(7, 1, 4), 0); /* VMIDBits */
	CHECK_EQUAL(shown(7, 1, 8), 0); /* VH */
	CHECK_EQUAL(shown(7, 1, 20), 0xE); /* PAN */
	CHECK_EQUAL(shown(7, 2, 24), 0); /* NV */
	CHECK_EQUAL(shown(7, 2, 40), 0); /* FWB */
	CHECK_EQUAL(shown(7, 2, 56), 0); /* EVT */
}
