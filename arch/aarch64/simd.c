/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FP, SIMD and vector registers, switched lazily: partitions find them trapped until their first use. The
 * registers are the normal world's whenever it runs; a partition's are in the machine or in its context.
 * Partitions have 128-bit vectors, those whose manifest asks for it SVE; the normal world has all there is,
 * streaming mode included. ZA and ZT0 stay where they are: nobody in the secure world can touch them.
 *
 * Vectors of the normal world may lie in the registers while somebody with shorter ones runs: an exception clears
 * what is beyond those only where the level it comes from has FP (Arm ARM, MaybeZeroSVEUppers), and no
 * level has before its vectors replace them. ZCR_EL1 and ZCR_EL2 go with the registers.
 *
 * No FP instruction is executed before a partition asks for one: where EL3 keeps FP for the normal world,
 * the first one ends in EL3. Where it keeps FPMR, that of a normal world in streaming mode is lost. Takes no
 * locks: everything is this PE's.
 */
#include "arch/aarch64/simd.h"

#include "abi/ffa.h"
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/simd_registers.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"

enum {
	VECTOR_UNIT = 16, /* bytes; lengths in ZCR and SMCR count them, from 0 on */
	VECTOR_COUNT = 32,
	PREDICATE_COUNT = 17, /* FFR is the last */
};

/** Opens what the PE has to EL2. Closed again for the context by its own CPTR_EL2 value. */
static void allow_vectors(void)
{
	uint64_t cptr = CPTR_TRAP | CPTR_FPEN;

	cptr |= cpu_features.sve ? CPTR_ZEN : 0;
	cptr |= cpu_features.sme ? CPTR_SMEN : 0;
	write_cptr_el2(cptr);
	isb(); /* before the first of those instructions */
}

/** See arch.h. The first call asks the machine, which takes an instruction of SVE. */
size_t arch_context_sve_size(void)
{
	size_t length = cpu_features.sve_length;

	if (!cpu_features.sve) {
		return 0;
	}
	if (length == 0) {
		uint64_t zcr;

		allow_vectors();
		zcr = read_zcr_el2();
		write_zcr_el2(ZCR_LEN);
		isb(); /* the longest vectors from here */
		length = simd_vector_length();
		write_zcr_el2(zcr);
		write_cptr_el2(CPTR_TRAP);
		isb(); /* as it was */
		cpu_features.sve_length = (uint16_t)length;
	}
	length = VECTOR_COUNT * length + PREDICATE_COUNT * (length / 8);
	return (length + VECTOR_UNIT - 1) & ~(size_t)(VECTOR_UNIT - 1);
}

/** See arch.h. */
void arch_context_give_sve(struct arch_context *context, void *memory)
{
	context->machine.scalable = memory;
}

/* ---- the normal world --------------------------------------------------------------------------- */

/**
 * Opens FFR to EL2 in streaming mode, where the PE has it there; the normal world may have closed it. Returns
 * SMCR_EL2 to go back to.
 */
static uint64_t allow_ffr(void)
{
	uint64_t smcr = read_smcr_el2();

	if (cpu_features.sme_fa64 && (smcr & SMCR_FA64) == 0) {
		write_smcr_el2(smcr | SMCR_FA64);
		isb(); /* before FFR is touched */
	}
	return smcr;
}

/** Changing the mode clears vectors, predicates, FPSR and FPMR: all of it is saved before. */
static void save_streaming(struct arch_vectors *vectors)
{
	uint64_t smcr = allow_ffr();

	simd_save_scalable(vectors->scalable, cpu_features.sme_fa64);
	simd_save_status(&vectors->simd);
	vectors->fpmr = cpu_features.fpmr ? simd_read_fpmr() : 0;
	write_smcr_el2(smcr);
	write_svcr(vectors->svcr & ~SVCR_SM); /* ZA stays */
}

static void load_streaming(const struct arch_vectors *vectors)
{
	uint64_t smcr;

	write_svcr(vectors->svcr);
	smcr = allow_ffr();
	simd_load_scalable(vectors->scalable, cpu_features.sme_fa64);
	simd_load_status(&vectors->simd);
	if (cpu_features.fpmr) {
		simd_write_fpmr(vectors->fpmr);
	}
	write_smcr_el2(smcr);
}

/** The normal world's state, as much as it said it needs (SMCCC: the hint is about SVE). */
static void save_normal_world(const struct arch_pe *pe)
{
	struct arch_vectors *vectors = pe->vectors;
	bool hint = (pe->last_call & FFA_FID_SVE_HINT) != 0;

	vectors->svcr = cpu_features.sme ? read_svcr() : 0;
	if (cpu_features.sve_length != 0) {
		vectors->zcr_el1 = read_zcr_el1();
		vectors->zcr_el2 = read_zcr_el2();
		vectors->smcr_el1 = cpu_features.sme ? read_smcr_el1() : 0;
	}
	if ((vectors->svcr & SVCR_SM) != 0) {
		vectors->form = VECTORS_STREAMING;
		save_streaming(vectors);
	} else if (cpu_features.sve && !hint) {
		vectors->form = VECTORS_SVE;
		simd_save_scalable(vectors->scalable, true);
		simd_save_status(&vectors->simd);
	} else {
		vectors->form = VECTORS_SIMD;
		simd_save(&vectors->simd);
	}
}

static void load_normal_world(const struct arch_pe *pe)
{
	static const struct arch_simd nothing;
	const struct arch_vectors *vectors = pe->vectors;

	if (vectors == NULL || vectors->form == VECTORS_NOTHING) {
		simd_load(&nothing);
		return;
	}
	if (cpu_features.sve_length != 0) {
		write_zcr_el1(vectors->zcr_el1);
		write_zcr_el2(vectors->zcr_el2);
		if (cpu_features.sme) {
			write_smcr_el1(vectors->smcr_el1);
		}
		isb(); /* its vectors are as long as they were */
	}
	if (vectors->form == VECTORS_STREAMING) {
		load_streaming(vectors);
	} else if (vectors->form == VECTORS_SVE) {
		simd_load_scalable(vectors->scalable, true);
		simd_load_status(&vectors->simd);
	} else {
		simd_load(&vectors->simd);
	}
}

/* ---- partitions --------------------------------------------------------------------------------- */

/**
 * Puts the state of the partition that has the registers back into its context. What others do not overwrite,
 * predicates and the ends of vectors, is cleared.
 */
static void save_partition(struct arch_context *owner)
{
	struct arch_machine *machine = &owner->machine;

	machine->cptr = CPTR_TRAP;
	if (machine->scalable == NULL) {
		simd_save(&machine->simd);
		return;
	}
	simd_save_scalable(machine->scalable, true);
	simd_save_status(&machine->simd);
	machine->zcr = read_zcr_el1();
	simd_clear_scalable();
}

/**
 * Vectors of all partitions are of the length that their memory was made for, however long the PE's are. With SVE on,
 * exceptions may also shorten the normal world's ZA to what SMCR_EL1 says: nothing.
 */
static void load_partition(struct arch_context *context)
{
	struct arch_machine *machine = &context->machine;

	machine->cptr = CPTR_TRAP | CPTR_FPEN;
	if (machine->scalable == NULL) {
		simd_load(&machine->simd);
		return;
	}
	machine->cptr |= CPTR_ZEN;
	write_zcr_el1(machine->zcr);
	write_zcr_el2(cpu_features.sve_length / VECTOR_UNIT - 1U);
	if (cpu_features.sme) {
		write_smcr_el1(SMCR_LEN);
	}
	isb(); /* all of a vector is loaded */
	simd_load_scalable(machine->scalable, true);
	simd_load_status(&machine->simd);
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
	load_partition(context);
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
