/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What EL1 finds when EL2 hands it an exception (Arm ARM, D1.3 "Exception entry", D19 ESR_ELx): vector,
 * PSTATE and syndrome. Decides nothing and touches no register.
 */
#include "arch/aarch64/reflect.h"

#include "arch/aarch64/registers.h"

#define VBAR_MASK (~UINT64_C(0x7FF))

enum {
	VECTOR_CURRENT_SP0 = 0x000,
	VECTOR_CURRENT_SPX = 0x200,
	VECTOR_LOWER_AARCH64 = 0x400,
	VECTOR_LOWER_AARCH32 = 0x600,
	AARCH32_DIT_BIT = 21, /* 24 in AArch64 */
};

static bool from_el0(uint64_t pstate)
{
	return (pstate & PSTATE_AARCH32) != 0 || ((pstate & PSTATE_MODE) >> PSTATE_EL_SHIFT) == 0;
}

static uint64_t vector_offset(uint64_t pstate)
{
	if ((pstate & PSTATE_AARCH32) != 0) {
		return VECTOR_LOWER_AARCH32;
	}
	if (from_el0(pstate)) {
		return VECTOR_LOWER_AARCH64;
	}
	return (pstate & PSTATE_SP_ELX) != 0 ? VECTOR_CURRENT_SPX : VECTOR_CURRENT_SP0;
}

/** DIT, wherever the state it comes from keeps it. */
static uint64_t kept_dit(uint64_t pstate)
{
	unsigned bit = (pstate & PSTATE_AARCH32) != 0 ? (unsigned)AARCH32_DIT_BIT : 24U;

	return (pstate & REG_BIT(bit)) != 0 ? PSTATE_DIT : 0;
}

/**
 * Where an exception taken to EL1 in AArch64 goes on: synchronous vector, PSTATE of the handler. Flags and
 * DIT stay; UAO, SS, IL and BTYPE are cleared; interrupts and aborts are masked.
 */
struct reflect_target reflect_entry(const struct reflect_source *source)
{
	uint64_t pstate = PSTATE_EL1H | PSTATE_DAIF;

	pstate |= source->pstate & (PSTATE_NZCV | (source->has_pan ? PSTATE_PAN : 0));
	pstate |= kept_dit(source->pstate);
	if (source->has_pan && (source->sctlr & SCTLR_SPAN) == 0) {
		pstate |= PSTATE_PAN;
	}
	if (source->has_ssbs && (source->sctlr & SCTLR_DSSBS) != 0) {
		pstate |= PSTATE_SSBS;
	}
	pstate |= source->has_mte ? PSTATE_TCO : 0;
	if (source->has_nmi && (source->sctlr & SCTLR_SPINTMASK) == 0) {
		pstate |= PSTATE_ALLINT;
	}
	return (struct reflect_target){
		.pc = (source->vbar & VBAR_MASK) + vector_offset(source->pstate),
		.pstate = pstate,
	};
}

/**
 * ESR_EL1 for a synchronous external abort in place of the abort that came to EL2.
 *
 * @esr     ESR_EL2, class "instruction abort" or "data abort from a lower level".
 * @pstate  SPSR_EL2.
 *
 * Of the syndrome only WnR and CM mean the same there: the instruction syndrome (ISV and what it
 * validates) and S1PTW are reported to EL2 alone.
 */
uint64_t reflect_abort_syndrome(uint64_t esr, uint64_t pstate)
{
	if (ESR_EC(esr) == EC_INSTRUCTION_ABORT_LOWER) {
		return ESR_OF(from_el0(pstate) ? EC_INSTRUCTION_ABORT_LOWER
					       : EC_INSTRUCTION_ABORT_SAME) |
		       ESR_FSC_EXTERNAL;
	}
	return ESR_OF(from_el0(pstate) ? EC_DATA_ABORT_LOWER : EC_DATA_ABORT_SAME) |
	       (esr & (ESR_ABORT_WNR | ESR_ABORT_CM)) | ESR_FSC_EXTERNAL;
}

/** ESR_EL1 for an undefined instruction. */
uint64_t reflect_undefined_syndrome(void)
{
	return ESR_OF(EC_UNKNOWN);
}
