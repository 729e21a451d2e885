/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What partitions learn about the PE (Arm ARM, D19.2). A feature is shown when using it is safe: its state
 * is switched, or it has none. The rest reads as not implemented, and so does all that is not known here:
 *   SME, MTE                              registers are not switched
 *   SVE                                   only for partitions that ask for it
 *   pointer authentication                where EL3 lets EL2 have the keys
 *   RAS, AMU, MPAM, PMU, SPE, trace, BRBE   trapped by EL2 or EL3
 *   TCR2, SCTLR2, PIE, POE, GCS, THE, MOPS, LS64, FPMR   off in HCRX_EL2, or in EL3
 *   EL2, EL3, RME, NV, FGT, stage 2, GIC   not a partition's; CSV2_2 has SCXTNUM, which EL3 keeps
 *   AArch32                               EL0 is AArch64 only
 */
#include "arch/aarch64/id_registers.h"

#include <stddef.h>

struct id_rule {
	uint8_t crm, op2;
	uint64_t limit;
};

static const struct id_rule rules[] = {
	{ 4, 0,
	  UINT64_C(
		  0xF10F000000FF0011) }, /* PFR0: CSV3, CSV2 1, DIT, SIMD, FP, EL1 and EL0 in AArch64 */
	{ 4, 1, UINT64_C(0x00000000000000FF) }, /* PFR1: SSBS, BT */
	{ 5, 0,
	  UINT64_C(0x000000F0F0F0F00F) }, /* DFR0: DoubleLock, numbers of breakpoints, DebugVer */
	{ 6, 0, UINT64_C(0xFFFFFFFFF0FFFFF0) }, /* ISAR0: all but TME */
	{ 6, 1, UINT64_C(0x0FFFFFFF00FFF00F) }, /* ISAR1: all but LS64, GPI, GPA, API, APA */
	{ 6, 2,
	  UINT64_C(
		  0x0FFF0F00F0F000FF) }, /* ISAR2: LUT, CSSC, RPRFM, PRFMSLC, CLRBHB, BC, RPRES, WFxT */
	{ 7, 0,
	  UINT64_C(
		  0x1000F000FFFFFFF5) }, /* MMFR0: ECV 1, ExS, granules, endianness, ASID, 48-bit PA */
	{ 7, 1,
	  UINT64_C(
		  0xF00FF0F00FF0F002) }, /* MMFR1: ECBHB, nTLBPA, AFP, ETS, SpecSEI, PAN, HPDS, HAFDBS 2 */
	{ 7, 2, UINT64_C(0xF0FF00FFF0FF0FFF) }, /* MMFR2: all but EVT, FWB, NV, IESB */
};

uint64_t id_register_limit(unsigned crm, unsigned op2)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rules[i].crm == crm && rules[i].op2 == op2) {
			return rules[i].limit;
		}
	}
	return 0;
}

uint64_t id_register_sve_limit(unsigned crm, unsigned op2)
{
	switch (crm << 3 | op2) {
	case 4 << 3 | 0:
		return UINT64_C(0xF00000000); /* PFR0: SVE */
	case 4 << 3 | 4:
		return UINT64_C(
			0x0FFFFF0F0FFF00FF); /* ZFR0: instructions without state of their own */
	default:
		return 0;
	}
}

uint64_t id_register_pauth_limit(unsigned crm, unsigned op2)
{
	switch (crm << 3 | op2) {
	case 6 << 3 | 1:
		return UINT64_C(0xFF000FF0); /* ISAR1: GPI, GPA, API, APA */
	case 6 << 3 | 2:
		return UINT64_C(0x0F00FF00); /* ISAR2: PAC_frac, APA3, GPA3 */
	default:
		return 0;
	}
}

uint64_t id_register_apply(uint64_t value, uint64_t limit)
{
	uint64_t result = 0;

	for (unsigned shift = 0; shift < 64; shift += 4) {
		uint64_t field = (value >> shift) & 0xF;
		uint64_t highest = (limit >> shift) & 0xF;

		result |= (field < highest ? field : highest) << shift;
	}
	return result;
}
