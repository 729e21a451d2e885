/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FP, SIMD and vector registers, switched lazily: partitions find them trapped until their first use. The
 * registers are the normal world's whenever it runs; a partition's are in the machine or in its context.
 * Partitions have 128-bit vectors; the normal world has all there is, SVE and streaming mode included.
 * ZA and ZT0 stay where they are: nobody in the secure world can touch them. Limit: FPMR (FEAT_FPMR) is
 * cleared when the normal world was in streaming mode.
 *
 * No FP instruction is executed before a partition asks for one: where EL3 keeps FP for the normal world,
 * the first one ends in EL3. Takes no locks: everything is this PE's.
 */
#include "arch/aarch64/simd.h"

#include "abi/ffa.h"
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/simd_registers.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"

#define SVCR_SM REG_BIT(0)

/** Opens what the PE has to EL2. Closed again for the context by its own CPTR_EL2 value. */
static void allow_vectors(void)
{
	uint64_t cptr = CPTR_TRAP | CPTR_FPEN;

	cptr |= cpu_features.sve ? CPTR_ZEN : 0;
	cptr |= cpu_features.sme ? CPTR_SMEN : 0;
	write_cptr_el2(cptr);
	isb(); /* before the first of those instructions */
}

/** The normal world's state, as much as it said it needs (SMCCC: the hint is about SVE). */
static void save_normal_world(const struct arch_pe *pe)
{
	struct arch_vectors *vectors = pe->vectors;
	bool hint = (pe->last_call & FFA_FID_SVE_HINT) != 0;
	bool streaming;

	vectors->svcr = cpu_features.sme ? read_svcr() : 0;
	streaming = (vectors->svcr & SVCR_SM) != 0;
	vectors->scalable = streaming || (cpu_features.sve && !hint);
	if (vectors->scalable) {
		simd_save_scalable(vectors, !streaming || cpu_features.sme_fa64);
		simd_save_status(&vectors->simd);
	} else {
		simd_save(&vectors->simd);
	}
	if (streaming) {
		write_svcr(vectors->svcr & ~SVCR_SM); /* clears the registers; ZA stays */
	}
	vectors->saved = true;
}

static void load_normal_world(const struct arch_pe *pe)
{
	static const struct arch_simd nothing;
	const struct arch_vectors *vectors = pe->vectors;

	if (vectors == NULL || !vectors->saved) {
		simd_load(&nothing);
		return;
	}
	if (vectors->scalable) {
		bool streaming = (vectors->svcr & SVCR_SM) != 0;

		if (streaming) {
			write_svcr(vectors->svcr);
		}
		simd_load_scalable(vectors, !streaming || cpu_features.sme_fa64);
		simd_load_status(&vectors->simd);
	} else {
		simd_load(&vectors->simd);
	}
}

/** Puts the state of the partition that has the registers back into its context. */
static void save_partition(struct arch_context *owner)
{
	simd_save(&owner->machine.simd);
	owner->machine.cptr = CPTR_TRAP;
}

/** See simd.h. Before the PE has memory for it (boot), the normal world has no state to keep. */
void simd_take(struct arch_pe *pe, struct arch_context *context)
{
	allow_vectors();
	if (pe->simd_owner != NULL) {
		save_partition(pe->simd_owner);
	} else if (pe->vectors != NULL) {
		save_normal_world(pe);
	}
	simd_load(&context->machine.simd);
	context->machine.cptr = CPTR_TRAP | CPTR_FPEN;
	pe->simd_owner = context;
}

/** See simd.h. */
void simd_give_back(struct arch_pe *pe)
{
	allow_vectors();
	save_partition(pe->simd_owner);
	load_normal_world(pe);
	pe->simd_owner = NULL;
}
